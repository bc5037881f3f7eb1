import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import { ownUserAgent } from "../../lib/pingone/settings.ts";
import { FunctionPool } from "../local/deployed/function-pool.ts";
import { ownRuntime } from "../local/deployed/runtimes.ts";
import { people } from "../simulator/people.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import { HeldFlow, nobodysChallenge, outputOf, wordFor } from "../support/workflow-calls.ts";
import { createWorkflowProduct, type WorkflowProduct } from "../support/workflow-product.ts";

const { username, password } = people.passwordOnly;

/** How often a function asked anything of anybody. */
let reached = 0;
let product: WorkflowProduct;
let prefix: string;
let right: string;
let wrong: string;
beforeAll(async () => {
  product = await createWorkflowProduct({
    heard: () => {
      reached += 1;
    },
  });
  prefix = product.pool("password").definition.variables["CREDENTIAL_SECRET_PREFIX"] ?? "";
  right = `${prefix}right`;
  wrong = `${prefix}wrong`;
  product.secrets.put(right, JSON.stringify({ username, password }));
  product.secrets.put(wrong, JSON.stringify({ username, password: "Not-The-One-7" }));
});
afterAll(() => product?.close());
afterEach(() => product.calm());

const flow = () => new HeldFlow(product);
const asked = () => product.simulator.calls.length;

describe("a workflow that holds the flow", () => {
  it("signs a person on by reference, and learns nothing but where the flow stands", async () => {
    const held = await flow().start({ policy: "Single_Factor" });
    expect(held.output).toEqual({
      flowId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: "USERNAME_PASSWORD_REQUIRED",
      next: ["password"],
      expiresAt: expect.any(String),
      expiresIn: expect.any(Number),
      sealedFlowToken: expect.any(String),
    });
    const first = held.key.sealedFlowToken;
    expect(wordFor(await held.step("password", { credentialSecret: right }))).toBe("COMPLETED");
    expect(held.output.next).toEqual(["resume"]);
    expect(held.key.sealedFlowToken).not.toBe(first);
    const resumed = await held.step("resume");
    expect(outputOf(resumed)).toEqual({ flowId: held.output.flowId, status: "RESUMED" });
    // Nobody's device asks: PingOne is told of us.
    const told = product.simulator.calls.map(({ headers }) => headers["user-agent"]);
    expect(told).toEqual([ownUserAgent, ownUserAgent, ownUserAgent]);
  });

  it("leads through every step", async () => {
    const { username: dora, devices } = people.twoDevices;
    product.secrets.put(`${prefix}dora`, JSON.stringify({ username: dora }));
    const held = await flow().start({ policy: "Passwordless" });
    expect(wordFor(await held.step("lookup", { credentialSecret: `${prefix}dora` }))).toBe(
      "DEVICE_SELECTION_REQUIRED",
    );
    expect(wordFor(await held.step("device", { deviceId: devices[1].id }))).toBe("OTP_REQUIRED");
    const otp = product.simulator.inbox.latest(dora)?.code;
    product.secrets.put(`${prefix}otp`, JSON.stringify({ otp }));
    expect(wordFor(await held.step("otp", { credentialSecret: `${prefix}otp` }))).toBe("COMPLETED");
    expect(wordFor(await held.step("status"))).toBe("COMPLETED");
    expect(wordFor(await held.step("resume"))).toBe("RESUMED");
  });

  it("ends a flow", async () => {
    const { key } = await flow().start();
    const cancelled = await product.invoke("cancel", key);
    expect(outputOf(cancelled)).toEqual({ flowId: key.flowId, status: "CANCELLED" });
    expect(wordFor(await product.invoke("status", key))).toBe("FlowNotFound");
  });
});

describe("a payload with a secret in it", () => {
  const names = [
    ...["password", "otp", "flowToken", "token", "cookie", "cookies", "setCookie", "sessionToken", "code"],
    ...["codeVerifier", "authorization", "accessToken", "refreshToken", "idToken", "clientSecret"],
    ...["secret", "passcode", "pin", "PASSWORD", "set-cookie", "Flow_Token", "access_token"],
    ...["d", "newPassword", "otpCode", "flow_token_private_key", "ST", "sessionId", "authorization_code"],
  ];

  it.each(operationNames)("is refused by %s before anything is asked", async (name) => {
    const held = await flow().start();
    const before = reached;
    const outcomes = await Promise.all(
      names.flatMap((member) =>
        [{ [member]: "x" }, { deep: [{ er: { [member]: null } }] }].map((members) =>
          product.invoke(name, { ...held.key, ...members }),
        ),
      ),
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

  it("says nothing of the secret", async () => {
    const invoked = await product.invoke("password", { password: "Canary-In-Payload", "password-x1": 1 });
    expect(JSON.stringify(invoked)).not.toMatch(/Canary|x1/);
  });

  it("may be a task token for status, and for nothing else", async () => {
    const held = await flow().start();
    for (const name of operationNames.filter((one) => one !== "status")) {
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

  it("an unknown member beside a flow: refused by every function", async () => {
    const { key } = await flow().start();
    const before = asked();
    for (const name of operationNames.filter((one) => one !== "start")) {
      const payload = { ...key, credentialSecret: right, deviceId: "d", more: 1 };
      expect([name, wordFor(await product.invoke(name, payload))]).toEqual([name, "RequestInvalid"]);
    }
    expect(asked()).toBe(before);
  });

  it.each([
    ["elsewhere", () => "somewhere/else/right"],
    ["below nothing", () => "right"],
    ["not there", () => `${prefix}missing`],
  ])("a secret that is %s: refused, and PingOne isn't asked", async (_, name) => {
    const held = await flow().start();
    product.secrets.put("somewhere/else/right", JSON.stringify({ username, password }));
    const before = asked();
    expect(wordFor(await held.step("password", { credentialSecret: name() }))).toBe("RequestInvalid");
    expect(asked()).toBe(before);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", '"x"'],
    ["without a password", JSON.stringify({ username })],
  ])("a secret with %s in it: refused, and its value isn't told", async (_, value) => {
    const held = await flow().start();
    product.secrets.put(`${prefix}broken`, value);
    const invoked = await held.step("password", { credentialSecret: `${prefix}broken` });
    expect(wordFor(invoked)).toBe("RequestInvalid");
    expect(JSON.stringify(invoked)).not.toContain(username);
  });

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
