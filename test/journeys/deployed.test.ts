import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clientSteps, isLostWithAnswer } from "../../lib/flow/steps.ts";
import { people } from "../simulator/people.ts";
import { createDeployedProduct, type DeployedProduct } from "../support/deployed-product.ts";
import { type ApiRequest, callApi } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { journeys } from "./journeys.ts";
import { told, travel } from "./normalized.ts";
import { journeyBy } from "./step-journeys.ts";

const passwordPath = "/flows/{flowId}/password";

let deployed: DeployedProduct;
let source: Product;
beforeAll(async () => {
  deployed = await createDeployedProduct();
  const pool = deployed.behind("POST", passwordPath);
  const { PINGONE_BASE_URL: _, APPLICATIONS: __, ...variables } = pool.definition.variables;
  source = await createProduct(variables);
  // Two submits race only where neither waits for its process.
  await pool.provision(2);
});
afterAll(async () => {
  await source?.close();
  await deployed?.close();
});

const { username, password } = people.passwordOnly;
const flow = "/flows/2f0c1b7e-5d1c-4a52-9f0e-7a3f5f7c9d10";
const token = "A".repeat(43);

/** The reply of both worlds to one request. */
async function both(method: "DELETE" | "GET" | "POST", path: string, request: ApiRequest) {
  const before = deployed.simulator.calls.length;
  const [mine, theirs] = await Promise.all([
    callApi(source.api, method, path, request),
    callApi(deployed.api, method, path, request),
  ]);
  expect(deployed.simulator.calls).toHaveLength(before);
  return { mine, theirs };
}

describe("what is deployed refuses as the sources do", () => {
  const headers = { "x-request-id": "compared-as-it-is" };
  it.each<[string, string, ApiRequest]>([
    ["no JSON", "/flows", { body: "{" }],
    ["nothing", "/flows", { body: "" }],
    ["a list", "/flows", { body: [] }],
    ["an unknown member", "/flows", { body: { codeChallenge: token, admin: true } }],
    ["a challenge that is none", "/flows", { body: { codeChallenge: "short" } }],
    ["an empty name", `${flow}/lookup`, { token, body: { username: "" } }],
    ["a missing password", `${flow}/password`, { token, body: { username } }],
    [
      "a password that is too long",
      `${flow}/password`,
      { token, body: { username, password: "x".repeat(1_025) } },
    ],
    ["a code with letters", `${flow}/otp`, { token, body: { otp: "12a456" } }],
    ["a code that is a number", `${flow}/otp`, { token, body: { otp: 123_456 } }],
    ["a device id with a space", `${flow}/device`, { token, body: { deviceId: "a b" } }],
    ["no token", `${flow}/password`, { body: { username, password } }],
    ["a blank token", `${flow}/otp`, { body: { otp: "123456" }, headers: { authorization: " " } }],
    ["a token that is none", `${flow}/resume`, { token: "short" }],
    ["a flow id that is none", "/flows/1/resume", { token }],
    ["a body beyond 8 KB", `${flow}/otp`, { token, body: `{"otp":"123456"}${" ".repeat(9_000)}` }],
    ["a body where none belongs", `${flow}/resume`, { token, body: { surprise: 1 } }],
    ...["text/plain", "application/x-www-form-urlencoded", "application/xml", "none/at-all"].map(
      (type): [string, string, ApiRequest] => [
        `the content type ${type}`,
        "/flows",
        { body: { codeChallenge: token }, headers: { "content-type": type } },
      ],
    ),
  ])("%s", async (_, path, request) => {
    const compared = { ...request, headers: { ...request.headers, ...headers } };
    const { mine, theirs } = await both("POST", path, compared);
    expect([theirs.http, theirs.body.error]).toEqual([400, "request-invalid"]);
    expect(told(theirs)).toEqual(told(mine));
  });
});

describe("the gateway of what is deployed", () => {
  const preflight = async (origin: string) => {
    const headers = { origin, "access-control-request-method": "POST" };
    const response = await fetch(`${deployed.api}${flow}/otp`, { method: "OPTIONS", headers });
    return [response.status, response.headers.get("access-control-allow-origin"), await response.text()];
  };

  it("lets pages of a listed origin in, and of no other", async () => {
    const { ALLOWED_ORIGINS = "" } = deployed.behind("POST", passwordPath).definition.variables;
    const [listed = ""] = ALLOWED_ORIGINS.split(",");
    expect(await preflight(listed)).toEqual([204, listed, ""]);
    expect(await preflight("https://elsewhere.example")).toEqual([204, null, ""]);
  });

  it("knows no other route", async () => {
    const reply = await callApi(deployed.api, "GET", "/flows", {});
    expect([reply.http, reply.body.error]).toEqual([404, "no-such-route"]);
  });
});

describe.each(clientSteps)("what is deployed answers as the sources do, by way of %s", (step) => {
  it("to the code", async () => {
    const journey = journeyBy(step);
    const [ofSources, ofDeployed] = await Promise.all([travel(journey, source), travel(journey, deployed)]);
    const end = isLostWithAnswer(step) ? "200 tokens" : "200 code";
    expect(ofDeployed.brief.slice(-2)).toEqual([end, expect.stringContaining("@example.com")]);
    expect(ofDeployed.whole).toEqual(ofSources.whole);
  });
});

describe("what is deployed answers as the sources do", () => {
  // Where PingOne wanted fewer requests, a process sends none for a while: the sources are one process.
  afterEach(() => source.clock.advance(10_000));

  it.each(journeys.map((journey) => [journey.name, journey] as const))("%s", async (_, journey) => {
    const [ofSources, ofDeployed] = await Promise.all([travel(journey, source), travel(journey, deployed)]);
    expect(ofSources.brief).toEqual(journey.seen);
    expect(ofDeployed.brief).toEqual(journey.seen);
    expect(ofDeployed.whole).toEqual(ofSources.whole);
  });
});
