import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clientSteps, isStep, secretMembers } from "../../lib/flow/steps.ts";
import { isOpenToWorkflows, type OperationName, operationNames } from "../../lib/operation/names.ts";
import { FunctionPool } from "../local/deployed/function-pool.ts";
import { ownRuntime } from "../local/deployed/runtimes.ts";
import { people } from "../simulator/people.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import { samples } from "../support/step-samples.ts";
import {
  HeldFlow,
  nobodysChallenge,
  payloadFor,
  secretPrefixOf,
  wordFor,
} from "../support/workflow-calls.ts";
import { createWorkflowProduct, type WorkflowProduct } from "../support/workflow-product.ts";

const { username, password } = people.passwordOnly;

/** How often a function asked anything of anybody, but for its hash key: that it may ask for as it starts. */
let reached = 0;
let product: WorkflowProduct;
let prefix: string;
let right: string;
beforeAll(async () => {
  product = await createWorkflowProduct({
    heard: (what) => {
      if (what !== "hash key") reached += 1;
    },
  });
  prefix = secretPrefixOf(product);
  right = `${prefix}right`;
  product.secrets.put(right, JSON.stringify({ username, password }));
});
afterAll(() => product?.close());
afterEach(() => product.calm());

const flow = () => new HeldFlow(product);
const asked = () => product.simulator.calls.length;

/** Is asked about in no other way than by a payload. */
const nobody = "nobody@example.com";

const escaped = (text: string) => text.replaceAll(/[().?]/g, "\\$&");

/** What is thrown over a payload, the reason in words. */
const invalid = (told: string) => ({
  errorType: "RequestInvalid",
  message: expect.stringMatching(new RegExp(`^The request is not valid: ${escaped(told)}\\. Request id`)),
});

describe("a payload with a secret in it", () => {
  const names = [
    ...["password", "otp", "flowToken", "token", "cookie", "cookies", "setCookie", "sessionToken", "code"],
    ...["codeVerifier", "authorization", "accessToken", "refreshToken", "idToken", "clientSecret"],
    ...["secret", "passcode", "pin", "PASSWORD", "set-cookie", "Flow_Token", "access_token"],
    ...["d", "newPassword", "otpCode", "flow_token_private_key", "ST", "sessionId", "authorization_code"],
    ...["passwd", "pass", "smsCode", "verificationCode", "passwordValue", "tokens", "\uff50\uff49\uff4e"],
    ...clientSteps.flatMap(secretMembers),
  ];

  it.each(operationNames)("is refused by %s before anything is asked", async (name) => {
    const held = await flow().start();
    const before = reached;
    const outcomes = await Promise.all(
      names.map((member, at) => {
        const members = at % 2 === 0 ? { [member]: "x" } : { deep: [{ er: { [member]: null } }] };
        return product.invoke(name, { ...held.key, ...members });
      }),
    );
    expect([...new Set(outcomes.map(wordFor))]).toEqual(["SecretInPayload"]);
    expect(reached).toBe(before);
  });

  it("is refused before its shape is judged", async () => {
    expect(wordFor(await product.invoke("password", { code: "x" }))).toBe("SecretInPayload");
    expect(wordFor(await product.invoke("password", [{ code: "x" }]))).toBe("SecretInPayload");
  });

  it("is the token itself in the place of its hash", async () => {
    const { drawn, given } = product.client();
    const before = reached;
    const invoked = await product.invoke("start", { ...given, flowTokenHash: drawn });
    expect(wordFor(invoked)).toBe("SecretInPayload");
    expect(JSON.stringify(invoked)).not.toContain(drawn);
    expect(reached).toBe(before);
  });

  it.each([
    ["no event of a gateway", { requestContext: null }],
    ["a part of one", { requestContext: {}, headers: { authorization: "Bearer x" } }],
    ["another part of one", { httpMethod: "POST", body: '{"password":"x"}' }],
  ])("is looked for in %s as well", async (_, event) => {
    const word = wordFor(await product.invoke("password", { ...event, password: "x" }));
    expect(word).toBe("SecretInPayload");
  });

  it.each([
    ...['{"smsCode":"x"}', ' [{"deep":[{"otp":"x"}]}]', JSON.stringify('{"smsCode":"x"}')],
    JSON.stringify({ body: '{"smsCode":"x"}' }),
  ])("is found in a text of JSON: %s", async (body) => {
    for (const payload of [{ body }, { deep: [{ body }] }, body]) {
      expect(wordFor(await product.invoke("lookup", payload))).toBe("SecretInPayload");
    }
  });

  it.each(["{otp}", '["password"', '"pin"'])("is not found in %s, which holds none", async (text) => {
    expect(wordFor(await product.invoke("lookup", { text }))).toBe("RequestInvalid");
  });

  it("says nothing of the secret", async () => {
    const invoked = await product.invoke("password", { password: "Canary-In-Payload", "password-x1": 1 });
    expect(JSON.stringify(invoked)).not.toMatch(/Canary|x1/);
  });

  it("may be a task token for status, and for nothing else", async () => {
    const held = await flow().start();
    for (const name of operationNames.filter((one) => one !== "status" && isOpenToWorkflows(one))) {
      const word = wordFor(await product.invoke(name, { ...held.key, taskToken: "x" }));
      expect([name, word]).toEqual([name, "RequestInvalid"]);
    }
  });
});

describe("a payload that isn't as it should be", () => {
  const unknown = { flowId: "2f0c1b7e-5d1c-4a52-9f0e-7a3f5f7c9d10", sealedFlowToken: "AAAA" };
  it.each<[string, OperationName, unknown]>([
    ["no object", "start", []],
    ["nothing", "start", null],
    ["a text", "start", "x"],
    ["no challenge", "start", {}],
    ["a way of HTTP's", "start", { codeChallenge: nobodysChallenge, tokenDelivery: "body" }],
    ["an unknown member", "start", { codeChallenge: nobodysChallenge, admin: true }],
    ["half of a holder", "start", { codeChallenge: nobodysChallenge, flowTokenHash: "A".repeat(43) }],
    [
      "a public key that agrees with everybody",
      "start",
      {
        codeChallenge: nobodysChallenge,
        flowTokenHash: "A".repeat(43),
        flowTokenPublicKey: "A".repeat(43),
      },
    ],
    ["no flow", "password", { credentialSecret: "x" }],
    ["no token", "resume", { flowId: unknown.flowId }],
    ["a flow id that is none", "resume", { ...unknown, flowId: "1" }],
  ])("%s: refused by %s", async (_, name, payload) => {
    const before = asked();
    expect(wordFor(await product.invoke(name, payload))).toBe("RequestInvalid");
    expect(asked()).toBe(before);
  });

  it.each<[string, OperationName, unknown, string]>([
    ["no object", "start", [], "payload (malformed)"],
    ["a missing member", "start", {}, "codeChallenge (missing)"],
    [
      "another case",
      "start",
      { codechallenge: "x" },
      "codeChallenge (missing), payload (unknown; did you mean codeChallenge?)",
    ],
    ["a strange member", "start", { codeChallenge: nobodysChallenge, admin: true }, "payload (unknown)"],
    [
      "a task token that is misspelt",
      "status",
      { flowId: unknown.flowId, tasktaken: "x" },
      "payload (unknown; did you mean taskToken?)",
    ],
    ["no flow id", "resume", { sealedFlowToken: "AAAA" }, "flowId (missing)"],
    ["a flow id that is none", "resume", { ...unknown, flowId: "1" }, "flowId (malformed)"],
    [
      "a token that isn't base64",
      "resume",
      { ...unknown, sealedFlowToken: "?" },
      "sealedFlowToken (malformed)",
    ],
    [
      "too long a token",
      "resume",
      { ...unknown, sealedFlowToken: "A".repeat(1_028) },
      "sealedFlowToken (too-long)",
    ],
  ])("%s: told by name and reason", async (_, name, payload, told) => {
    expect(await product.invoke(name, payload)).toMatchObject(invalid(told));
  });

  it("a sealed token may have 1,024 characters: more than KMS gives", async () => {
    const sealedFlowToken = "A".repeat(1_024);
    expect(wordFor(await product.invoke("resume", { ...unknown, sealedFlowToken }))).toBe("FlowNotFound");
  });

  it("an unknown member beside a flow: refused by every function", async () => {
    const { key } = await flow().start();
    const before = asked();
    for (const name of operationNames.filter((one) => one !== "start" && isOpenToWorkflows(one))) {
      const members = isStep(name) ? payloadFor(product, name, samples[name].body) : {};
      const payload = { ...key, ...members, more: 1 };
      expect([name, wordFor(await product.invoke(name, payload))]).toEqual([name, "RequestInvalid"]);
    }
    expect(asked()).toBe(before);
  });

  it.each([
    ["elsewhere", () => "somewhere/else/right"],
    ["below nothing", () => "right"],
    ["elsewhere, with the prefix further on", () => `elsewhere/${prefix}right`],
    ["not there", () => `${prefix}missing`],
  ])("a secret that is %s: refused, and PingOne isn't asked", async (_, name) => {
    const held = await flow().start();
    for (const place of ["somewhere/else/right", `elsewhere/${prefix}right`]) {
      product.secrets.put(place, JSON.stringify({ username, password }));
    }
    const before = asked();
    const invoked = await held.step("password", { credentialSecret: name() });
    expect(invoked).toMatchObject(invalid("credentialSecret (unknown)"));
    expect(asked()).toBe(before);
  });

  /** Secrets that say nothing, and what is told of each. */
  const broken: readonly [string, string, string][] = [
    ["no JSON", "{", "credentialSecret (malformed)"],
    ["nothing", "", "credentialSecret (malformed)"],
    ["no object", '"x"', "credentialSecret (malformed)"],
    ["null", "null", "credentialSecret (malformed)"],
    ["a list", "[]", "credentialSecret (malformed)"],
    ["a name that is no text", '{"username":1}', "credentialSecret (malformed)"],
  ];

  it.each([...broken, ["a name alone", JSON.stringify({ username }), "password (missing)"]])(
    "a secret with %s in it: refused, and its value isn't told",
    async (_, value, told) => {
      const held = await flow().start();
      product.secrets.put(`${prefix}broken`, value);
      const invoked = await held.step("password", { credentialSecret: `${prefix}broken` });
      expect(invoked).toMatchObject(invalid(told));
      expect(JSON.stringify(invoked)).not.toContain(username);
    },
  );

  it.each(broken)(
    "a secret with %s in it: refused also where the payload has all that is needed",
    async (_, value, told) => {
      const held = await flow().start({ policy: "Passwordless" });
      product.secrets.put(`${prefix}broken`, value);
      const before = asked();
      const invoked = await held.step("lookup", { username: nobody, credentialSecret: `${prefix}broken` });
      expect(invoked).toMatchObject(invalid(told));
      expect(asked()).toBe(before);
    },
  );

  it("a sealed token of another flow, or that nobody sealed: the same as no flow", async () => {
    const [one, other] = [await flow().start(), await flow().start()];
    for (const sealedFlowToken of [other.key.sealedFlowToken, Buffer.alloc(120).toString("base64")]) {
      const word = wordFor(await product.invoke("status", { ...one.key, sealedFlowToken }));
      expect(word).toBe("FlowNotFound");
    }
  });

  it("a function without a key: no workflows", async () => {
    const { definition } = product.pool("start");
    const { WORKFLOW_KEY_ARN: _, CREDENTIAL_SECRET_PREFIX: __, ...variables } = definition.variables;
    const pool = new FunctionPool({ ...definition, variables }, { runtime: ownRuntime, log: false });
    try {
      const invoked = await pool.invoke(JSON.stringify({ codeChallenge: nobodysChallenge }));
      expect(wordFor(invoked)).toBe("WorkflowsDisabled");
    } finally {
      await pool.close();
    }
  });
});

it("the history of all these calls holds no secret", () => {
  const canaries = historyCanaries(product);
  expect(canaries.size).toBeGreaterThan(20);
  expect(canaries.in(product.history())).toEqual([]);
});
