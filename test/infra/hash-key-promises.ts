import { beforeAll, describe, expect, it } from "vitest";
import { hashingFunctions } from "../../infra/permissions.ts";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import { people } from "../simulator/people.ts";
import { createProduct } from "../support/product.ts";
import { deployed, propertiesOf, type Synthesis, statementsOf, synthesize } from "./synthesis.ts";

/** What each function takes that names somebody, or nobody. */
const bodies: Partial<Record<OperationName, Readonly<Record<string, string>>>> = {
  lookup: { username: people.emailOtp.username },
  password: { username: people.emailOtp.username, password: "wrong" },
  otp: { otp: "123456" },
  device: { deviceId: "a-device" },
};

/** The functions that hash something when they are asked over HTTP. */
async function hashing(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const product = await createProduct(
    {},
    {
      ports: (ports) => ({
        ...ports,
        limiter: {
          admit: (tries, now) => {
            found.add(asked);
            return ports.limiter.admit(tries, now);
          },
        },
      }),
    },
  );
  let asked = "start";
  try {
    await product.client().start({ policy: "Passwordless", loginHint: people.emailOtp.username });
    for (const name of operationNames.filter((one) => one !== "start")) {
      asked = "nothing";
      const client = product.client();
      await client.start({ policy: name === "password" ? "Single_Factor" : "Passwordless" });
      asked = name;
      if (name === "status") await client.status();
      else if (name === "cancel") await client.cancel();
      else await client.step(name, bodies[name]);
    }
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
      const named = [...JSON.stringify(using).matchAll(/Function([a-z]+)Role/g)].map(([, step]) => step);
      expect(new Set(named)).toEqual(new Set(hashingFunctions));
    });
  });

  describe("the functions that may use the hash key", () => {
    it("are those whose code does", async () => {
      expect(await hashing()).toEqual(new Set(hashingFunctions));
    });
  });
}
