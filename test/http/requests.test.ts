import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { callApi } from "../support/flow-client.ts";
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
  fields: readonly string[],
) {
  const before = { calls: product.simulator.calls.length, rows: await product.rows() };
  const reply = await callApi(product.api, "POST", path, request);
  expect(reply.http).toBe(400);
  expect(reply.headers.get("content-type")).toBe("application/problem+json");
  expect(reply.body).toEqual({
    type: "urn:problem:sign-on:request-invalid",
    title: "The request is not valid",
    detail: "The members named in fields are missing, unknown or malformed.",
    instance: `/requests/${reply.headers.get("x-request-id")}`,
    error: "request-invalid",
    flowEnded: false,
    retryable: false,
    attemptCounted: false,
    requestId: reply.headers.get("x-request-id"),
    fields,
  });
  expect(reply.text).not.toContain(canary);
  expect({ calls: product.simulator.calls.length, rows: await product.rows() }).toEqual(before);
}

describe("a malformed body", () => {
  const long = "x".repeat(1_025);
  it.each<[string, string, unknown, string[]]>([
    ["no body", "password", undefined, ["username", "password"]],
    ["not JSON", "password", `{"password":"${canary}"`, ["body"]],
    ["a form", "password", `username=a&password=${canary}`, ["body"]],
    ["an array", "password", [canary], ["body"]],
    ["null", "password", "null", ["body"]],
    ["a string", "password", JSON.stringify(canary), ["body"]],
    ["a missing member", "password", { username: canary }, ["password"]],
    ["a member of another type", "password", { username: canary, password: { is: canary } }, ["password"]],
    ["an empty member", "password", { username: "", password: canary }, ["username"]],
    ["a member that is too long", "password", { username, password: long }, ["password"]],
    ["an unknown member", "password", { username, password: canary, [canary]: canary }, ["body"]],
    ["__proto__", "password", `{"username":"a","password":"b","__proto__":{"x":1}}`, ["body"]],
    ["more than 8 KB", "password", { username, password: canary, pad: "x".repeat(8_192) }, ["body"]],
    ["a code with letters", "otp", { otp: canary }, ["otp"]],
    ["a code of three digits", "otp", { otp: "123" }, ["otp"]],
    ["a code as a number", "otp", { otp: 123456 }, ["otp"]],
    ["a code of other digits", "otp", { otp: "١٢٣٤٥٦" }, ["otp"]],
    ["a device with a blank", "device", { deviceId: `${canary} ` }, ["deviceId"]],
    ["a body where there is none", "resume", { code: canary }, ["body"]],
    ["a lookup without a name", "lookup", {}, ["username"]],
  ])("%s names its fields and echoes nothing", async (_, step, body, fields) => {
    await expectInvalid(`/flows/${flowId}/${step}`, { body, token }, fields);
  });

  it.each<[string, unknown, string[]]>([
    ["no challenge", {}, ["codeChallenge"]],
    ["a challenge that is too short", { codeChallenge: canary }, ["codeChallenge"]],
    ["the method", { codeChallenge: "A".repeat(43), codeChallengeMethod: "plain" }, ["body"]],
    ["a nonce with a blank", { codeChallenge: "A".repeat(43), nonce: `${canary} ` }, ["nonce"]],
  ])("of a start with %s is refused", async (_, body, fields) => {
    await expectInvalid("/flows", { body }, fields);
  });
});

describe("malformed headers and paths", () => {
  it("are named together with the body's fields", async () => {
    await expectInvalid(`/flows/${canary}/otp`, { body: { otp: canary } }, [
      "flowId",
      "authorization",
      "otp",
    ]);
  });

  it.each(["Basic dXNlcjpwYXNz", `Bearer ${canary}`, `Bearer ${"A".repeat(44)}`, "Bearer", "A".repeat(43)])(
    "Authorization: %s",
    async (authorization) => {
      await expectInvalid(`/flows/${flowId}/resume`, { headers: { authorization } }, ["authorization"]);
    },
  );

  it("a body that says it is no JSON is not read", async () => {
    const headers = { "content-type": "text/plain" };
    await expectInvalid(`/flows/${flowId}/otp`, { body: `{"otp":"123456"}`, token, headers }, [
      "content-type",
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
