import { beforeAll, describe, expect, it } from "vitest";
import { hashingFunctions } from "../../infra/permissions.ts";
import { clientSteps } from "../../lib/flow/steps.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import { people } from "../simulator/people.ts";
import { callApi } from "../support/flow-client.ts";
import { createProduct } from "../support/product.ts";
import { rightAnswer, sceneBefore, walkerBy, walkTo } from "../support/step-scenes.ts";
import {
  deployed,
  functionOfRole,
  propertiesOf,
  type Synthesis,
  statementsOf,
  synthesize,
} from "./synthesis.ts";

/** The functions that hash something when they are asked over HTTP. */
async function hashing(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const product = await createProduct(
    {},
    {
      ports: (ports) => ({
        ...ports,
        limiter: {
          ...ports.limiter,
          admit: (tries, now) => {
            if (asked !== undefined) found.add(asked);
            return ports.limiter.admit(tries, now);
          },
        },
      }),
    },
  );
  let asked: OperationName | undefined = "start";
  try {
    await product.client().start({ policy: "Passwordless", loginHint: people.emailOtp.username });
    for (const step of clientSteps) {
      // On the way to the step others are asked.
      asked = undefined;
      const walker = walkerBy(product.client(), product.simulator);
      const scene = sceneBefore(step, product.simulator);
      await walkTo(scene, walker, product.simulator);
      asked = step;
      expect((await walker.step(step, rightAnswer(step, scene.who, walker))).http).toBe(200);
    }
    const client = product.client();
    asked = undefined;
    await client.start({ policy: "Passwordless" });
    asked = "status";
    await client.status();
    asked = "cancel";
    await client.cancel();
    asked = "refresh";
    const body = { application: "office", refreshToken: "nobody-s" };
    await callApi(product.api, "POST", "/tokens", { body });
  } finally {
    await product.close();
  }
  return found;
}

/** What the key that names are hashed under promises. */
export function hashKeyPromises(): void {
  describe.each(deployed)("the hash key of %s", (name) => {
    let synthesis: Synthesis;
    beforeAll(() => {
      synthesis = synthesize(name);
    });

    it("makes hashes and nothing else", () => {
      const keys = propertiesOf(synthesis, "AWS::KMS::Key").filter(({ KeySpec }) => KeySpec === "HMAC_256");
      expect(keys).toMatchObject([{ KeyUsage: "GENERATE_VERIFY_MAC" }]);
    });

    it("is used by the functions that are given a name, and by nobody else", () => {
      const using = statementsOf(synthesis).filter(({ Effect, Action }) => {
        return Effect === "Allow" && Action.some((action) => /Mac$/.test(action));
      });
      expect(using.map(({ Sid, Action, Condition }) => ({ Sid, Action, Condition }))).toEqual([
        {
          Sid: "FunctionsHashNames",
          Action: ["kms:GenerateMac"],
          Condition: { StringEquals: { "kms:MacAlgorithm": "HMAC_SHA_256" } },
        },
      ]);
      const named = [...JSON.stringify(using).matchAll(/Function\w+Role\w+/g)].map(([id]) =>
        functionOfRole(id),
      );
      expect(new Set(named)).toEqual(new Set(hashingFunctions));
    });
  });

  describe("the functions that may use the hash key", () => {
    it("are those whose code does", async () => {
      expect(await hashing()).toEqual(new Set(hashingFunctions));
    });
  });
}
