import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { callApi, faultsIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
let flowId = "";
let token = "";
beforeAll(async () => {
  product = await createProduct();
  const client = product.client();
  await client.start();
  ({ flowId, token } = client);
});
afterAll(() => product.close());

const canary = "Canary-Value-Never-Echoed";
const { username } = people.passwordOnly;

async function expectInvalid(
  path: string,
  request: Parameters<typeof callApi>[3],
  faults: readonly string[],
) {
  const before = { calls: product.simulator.calls.length, rows: await product.rows() };
  const reply = await callApi(product.api, "POST", path, request);
  expect(reply.http).toBe(400);
  expect(reply.headers.get("content-type")).toBe("application/problem+json");
  expect(reply.body).toEqual({
    type: "urn:problem:sign-on:request-invalid",
    title: "The request is not valid",
    detail: "What is wrong, and why, stands in fields.",
    instance: `/requests/${reply.headers.get("x-request-id")}`,
    error: "request-invalid",
    flowEnded: false,
    retryable: false,
    attemptCounted: false,
    requestId: reply.headers.get("x-request-id"),
    fields: expect.any(Array),
  });
  expect(faultsIn(reply)).toEqual(faults);
  expect(reply.text).not.toContain(canary);
  expect({ calls: product.simulator.calls.length, rows: await product.rows() }).toEqual(before);
}

describe("a malformed body", () => {
  const long = "x".repeat(1_025);
  const codeChallenge = "A".repeat(43);
  const both = ["username missing", "password missing"];

  it.each<[string, string, unknown, string[]]>([
    ["no body", "password", undefined, both],
    ["an empty object", "password", {}, both],
    ["half an object", "password", `{"password":"${canary}"`, ["body not-json"]],
    ["a form", "password", `username=a&password=${canary}`, ["body not-json"]],
    ["nothing but a blank", "password", " ", ["body not-json"]],
    ["an array", "password", [canary], ["body malformed"]],
    ["null", "password", "null", ["body malformed"]],
    ["a string", "password", JSON.stringify(canary), ["body malformed"]],
    ["a missing member", "password", { username: canary }, ["password missing"]],
    ["a member that is null", "password", { username: canary, password: null }, ["password malformed"]],
    ["another type", "password", { username: canary, password: { is: canary } }, ["password malformed"]],
    ["an empty member", "password", { username: "", password: canary }, ["username malformed"]],
    ["too long a member", "password", { username, password: long }, ["password too-long"]],
    ["an unknown member", "password", { username, password: canary, [canary]: canary }, ["body unknown"]],
    ["__proto__", "password", `{"username":"a","password":"b","__proto__":{"x":1}}`, ["body unknown"]],
    ["a code with letters", "otp", { otp: canary }, ["otp malformed"]],
    ["a code of three digits", "otp", { otp: "123" }, ["otp malformed"]],
    ["a code as a number", "otp", { otp: 123456 }, ["otp malformed"]],
    ["a device with a blank", "device", { deviceId: `${canary} ` }, ["deviceId malformed"]],
    ["too long a device id", "device", { deviceId: "x".repeat(129) }, ["deviceId too-long"]],
    ["a body where there is none", "resume", { code: canary }, ["body unknown"]],
    ["a lookup without a name", "lookup", {}, ["username missing"]],
  ])("%s is told by name and reason, and echoes nothing", async (_, step, body, faults) => {
    await expectInvalid(`/flows/${flowId}/${step}`, { body, token }, faults);
  });

  it.each<[string, object, string[]]>([
    ["no challenge", {}, ["codeChallenge missing"]],
    ["a challenge that is too short", { codeChallenge: canary }, ["codeChallenge malformed"]],
    ["a nonce with a blank", { codeChallenge, nonce: `${canary} ` }, ["nonce malformed"]],
    ["too long a nonce", { codeChallenge, nonce: "n".repeat(257) }, ["nonce too-long"]],
    ["too long a hint", { codeChallenge, loginHint: "n".repeat(257) }, ["loginHint too-long"]],
    ["an application that is none", { codeChallenge, application: canary }, ["application unknown"]],
    ["a policy that is none", { codeChallenge, policy: canary }, ["policy unknown"]],
    ["a delivery that is none", { codeChallenge, tokenDelivery: canary }, ["tokenDelivery unknown"]],
    ["a delivery of no type", { codeChallenge, tokenDelivery: 1 }, ["tokenDelivery malformed"]],
  ])("of a start with %s is told alike", async (_, body, faults) => {
    await expectInvalid("/flows", { body }, faults);
  });

  it.each<[string, string, object, string[]]>([
    [
      "/flows",
      "another case",
      { codechallenge: canary },
      ["codeChallenge missing", "body unknown (codeChallenge?)"],
    ],
    ["/flows", "what stands between", { codeChallenge, login_hint: canary }, ["body unknown (loginHint?)"]],
    ["/flows", "another width", { codeChallenge, "\uff4e\uff4fnce": canary }, ["body unknown (nonce?)"]],
    [
      "/flows",
      "more at its end",
      { codeChallenge, codeChallengeMethod: "S256" },
      ["body unknown (codeChallenge?)"],
    ],
    [
      "/flows",
      "a name of HTTP's alone",
      { codeChallenge, token_delivery: "cookie" },
      ["body unknown (tokenDelivery?)"],
    ],
    ["/lookup", "one letter's case", { userName: canary }, ["username missing", "body unknown (username?)"]],
    ["/lookup", "less of it", { user: canary }, ["username missing", "body unknown (username?)"]],
    ["/otp", "two letters swapped", { opt: "123456" }, ["otp missing", "body unknown (otp?)"]],
    ["/device", "a hyphen", { "device-id": canary }, ["deviceId missing", "body unknown (deviceId?)"]],
    [
      "/password",
      "several, one of them twice",
      { usrname: canary, USERNAME: canary, passwort: canary, [canary]: canary },
      [
        "username missing",
        "password missing",
        "body unknown (username?)",
        "body unknown (password?)",
        "body unknown",
      ],
    ],
  ])("of %s with %s in a name names the member that was meant", async (path, _, body, faults) => {
    const below = path === "/flows" ? path : `/flows/${flowId}${path}`;
    await expectInvalid(below, { body, token }, faults);
  });

  it.each([
    ["characters of one byte", "x"],
    ["characters of three bytes", "\u20ac"],
  ])("may have 8 KB and not a byte more: %s", async (_, character) => {
    // Blanks around it make up the rest.
    const padded = (size: number) => {
      const body = JSON.stringify({ username: character.repeat(200), password: "" });
      return `${body}${" ".repeat(size - Buffer.byteLength(body))}`;
    };
    await expectInvalid(`/flows/${flowId}/password`, { body: padded(8_192), token }, ["password malformed"]);
    await expectInvalid(`/flows/${flowId}/password`, { body: padded(8_193), token }, ["body too-long"]);
  });
});

describe("malformed headers and paths", () => {
  it("are named together with the body's faults", async () => {
    await expectInvalid(`/flows/${canary}/otp`, { body: { otp: canary } }, [
      "flowId malformed",
      "authorization missing",
      "otp malformed",
    ]);
  });

  it.each(["Basic dXNlcjpwYXNz", `Bearer ${canary}`, `Bearer ${"A".repeat(44)}`, "Bearer", "A".repeat(43)])(
    "Authorization: %s",
    async (authorization) => {
      const headers = { authorization };
      await expectInvalid(`/flows/${flowId}/resume`, { headers }, ["authorization malformed"]);
    },
  );

  it("a body that says it is no JSON is not read", async () => {
    const headers = { "content-type": "text/plain" };
    await expectInvalid(`/flows/${flowId}/otp`, { body: `{"otp":"123456"}`, token, headers }, [
      "content-type not-json",
    ]);
  });
});

describe("every reply", () => {
  it("echoes a fit X-Request-Id, and makes one in the place of another", async () => {
    const idOf = async (given: string) => {
      const headers = { "x-request-id": given };
      const reply = await callApi(product.api, "GET", `/flows/${flowId}`, { token, headers });
      return reply.headers.get("x-request-id");
    };
    expect(await idOf("Root-1-67891233.abc_def")).toBe("Root-1-67891233.abc_def");
    const secrets = [token, "48151623"];
    for (const unfit of ["short", "x".repeat(129), "with blank inside", "{json:injection}", ...secrets]) {
      expect(await idOf(unfit)).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(product.log.at(-7)?.requestId).toBe("Root-1-67891233.abc_def");
    expect(JSON.stringify(product.log)).not.toContain(token);
  });

  it("is never stored by a cache, and is what it says it is", async () => {
    const { headers } = await callApi(product.api, "GET", `/flows/${flowId}`, { token });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-type")).toBe("application/json");
  });
});

describe("what nobody foresaw", () => {
  it("is a bare 500 with a request id; the log says where it was thrown and not what", async () => {
    const broken = await createProduct(
      {},
      {
        ports: (ports) => ({
          ...ports,
          provider: { ...ports.provider, start: () => Promise.reject(new TypeError(canary)) },
        }),
      },
    );
    try {
      const reply = await broken.client().start();
      expect(reply.http).toBe(500);
      expect(reply.body).toMatchObject({ error: "internal", requestId: reply.headers.get("x-request-id") });
      expect(reply.text).not.toContain(canary);
      const [line] = broken.log;
      expect(line).toMatchObject({
        step: "start",
        outcome: "internal",
        httpStatus: 500,
        error: { name: "TypeError" },
      });
      expect(line?.error?.at[0]).toMatch(/^at .*requests\.test\.ts:\d+:\d+\)?$/);
      expect(JSON.stringify(line)).not.toContain(canary);
    } finally {
      await broken.close();
    }
  });
});
