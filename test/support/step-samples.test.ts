import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carriesSecret, clientSteps, stepNames, steps } from "../../lib/flow/steps.ts";
import { isPerformed } from "../simulator/actions.ts";
import { functions } from "./functions.ts";
import type { SampleBody } from "./step-sample.ts";
import { samples, stepToTake } from "./step-samples.ts";
import { rightAnswer, sceneBefore } from "./step-scenes.ts";

describe("the samples of steps", () => {
  it("are one file a step", () => {
    const files = readdirSync(new URL("../steps", import.meta.url));
    expect(files.toSorted()).toEqual(stepNames.map((step) => `${step}.ts`).toSorted());
  });

  it("have a rank each", () => {
    const ranks = stepNames.map((step) => samples[step].rank);
    expect(ranks.filter((rank, at) => ranks.indexOf(rank) !== at)).toEqual([]);
  });

  it("know who takes which of the steps that are offered", () => {
    expect(stepToTake(["device", "otp"])).toBe("otp");
    expect(stepToTake(["otp", "device"], true)).toBe("device");
    expect(stepToTake(["device"])).toBe("device");
    expect(stepToTake(["password", "resume"], true)).toBe("resume");
    expect(stepToTake(["something-else"])).toBeUndefined();
  });
});

describe.each(clientSteps)("the sample of %s", (step) => {
  const sample = samples[step];
  const { operation } = functions[step];
  const isTaken = (body: SampleBody) => operation.prepare(body ?? {}).ok;

  it("has the members of its definition and of its function's body", () => {
    const members = Object.keys(steps[step].members);
    expect(Object.keys(sample.body ?? {}).toSorted()).toEqual(members.toSorted());
    const schema = Object.keys(Object(operation.body).shape);
    expect(schema.toSorted()).toEqual(members.toSorted());
  });

  it("is well formed, right or wrong", () => {
    const { who } = sceneBefore(step, { enrol: (likeness) => likeness });
    const right = rightAnswer(step, who, { code: () => "123456" });
    const { wrong } = sample;
    const wrongs = wrong === undefined ? [] : [0, 7, 1_000_000].map((drawn) => wrong(right, drawn));
    expect([sample.body, right, ...wrongs].filter((body) => !isTaken(body))).toEqual([]);
    expect(wrongs).not.toContainEqual(right);
    // What proves a person can be wrong; a verifier proves a client.
    if (carriesSecret(step) && steps[step].triesCredential) expect(wrongs).not.toEqual([]);
  });

  it("generates bodies that its function takes", () => {
    const text = fc.string({ minLength: 1, maxLength: 24 });
    const taken = fc.check(
      fc.property(fc.record({ ...sample.wellFormed(text) }), (body) => operation.prepare(body).ok),
      { seed: 1, numRuns: 100 },
    );
    expect(taken.failed).toBe(false);
  });

  it("asks for what the stand-in for PingOne performs", () => {
    const { call } = steps[step];
    expect(call.kind !== "action" || isPerformed(call.action) ? [] : [call]).toEqual([]);
  });
});
