import { describe, expect, it } from "vitest";
import { operationNames } from "../../lib/operation/names.ts";
import { invokedIn } from "./references.ts";
import { retriesIn } from "./retries.ts";
import { deployed, propertiesOf, synthesize } from "./synthesis.ts";

/** What the platform promises: it takes no step again on its own account. */
export function retryPromises(): void {
  describe.each(deployed)("the platform of %s", (name) => {
    it("takes no step again", () => {
      expect(retriesIn(synthesize(name).resources)).toEqual([]);
    });

    it("is seen to call every function, and so is all read", () => {
      const { resources } = synthesize(name);
      const called = propertiesOf(synthesize(name), "AWS::Lambda::Permission").flatMap((properties) =>
        invokedIn(resources, properties).map(({ id }) => id),
      );
      expect(new Set(called).size).toBe(operationNames.length);
    });
  });
}
