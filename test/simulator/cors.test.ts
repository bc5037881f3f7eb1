import { describe, expect, it } from "vitest";
import type { Application } from "./applications.ts";
import { applications } from "./applications.ts";
import { people } from "./people.ts";
import type { Switches } from "./switches.ts";
import { createClient, launch, type Reply } from "./test-client.ts";

const origin = "https://shop.example";

/** Which answers of a whole sign-on a page at `origin` may read, by path. */
async function readable(cors: Switches["cors"], corsOrigins: readonly string[] | undefined) {
  const { simulator } = await launch({ switches: { cors } });
  const application: Application = {
    ...applications.public,
    clientId: "c0ffee00-3d1e-4b8a-9c66-0e1d2a3b4c09",
    corsOrigins,
  };
  const body = JSON.stringify(application);
  await fetch(`${simulator.origin}/_simulator/applications`, { method: "POST", body });
  const client = createClient(simulator, application, { origin });
  const replies = {
    authorize: await client.start("Single_Factor"),
    refused: await client.password(people.passwordOnly, "wrong"),
    flows: await client.password(people.passwordOnly),
    read: await client.read(),
    resume: await client.resume(),
    token: await client.token(),
    jwks: await client.send("/as/jwks"),
    discovery: await client.send("/as/.well-known/openid-configuration"),
  };
  const bearer = { authorization: `Bearer ${replies.token.body.access_token}` };
  const userinfo = await client.send("/as/userinfo", {}, bearer);
  return Object.entries({ ...replies, userinfo }).flatMap(([name, reply]) => (mayRead(reply) ? [name] : []));
}

function mayRead({ headers }: Reply): boolean {
  const allowed = headers.get("access-control-allow-origin");
  if (allowed === null) return false;
  expect([allowed, headers.get("access-control-allow-credentials"), headers.get("vary")]).toEqual([
    origin,
    "true",
    "origin",
  ]);
  return true;
}

const aboutNobody = ["jwks", "discovery", "userinfo"];
const steps = ["refused", "flows", "read"];
const guarded = ["authorize", "resume", "token"];

describe("cors", () => {
  it.each([
    ["by-application", undefined, [...steps, ...aboutNobody]],
    ["by-application", [], aboutNobody],
    ["by-application", ["https://other.example"], aboutNobody],
    ["by-application", [origin], [...guarded, ...steps, ...aboutNobody]],
    ["any-origin", undefined, [...guarded, ...steps, ...aboutNobody]],
    ["any-origin", [], [...guarded, ...steps, ...aboutNobody]],
  ] as const)("%s with the origins %o lets a page read %o", async (cors, corsOrigins, expected) => {
    expect((await readable(cors, corsOrigins)).toSorted()).toEqual(expected.toSorted());
  });

  it("says nothing to a caller that is no page", async () => {
    const { simulator } = await launch({ switches: { cors: "any-origin" } });
    const { headers } = await createClient(simulator).start("Single_Factor");
    expect(headers.has("access-control-allow-origin")).toBe(false);
  });

  it("finds the application of a token request that shows its name by Basic", async () => {
    const { simulator } = await launch();
    const { clientId, clientSecret } = applications.confidential;
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
    const reply = await createClient(simulator).tokenBy({ grant_type: "x" }, { origin, authorization });
    expect([reply.body.error, mayRead(reply)]).toEqual(["unsupported_grant_type", false]);
  });
});

describe("a preflight", () => {
  const asking = { origin, "access-control-request-method": "POST" };

  it.each([
    ["/as/authorize", "GET, POST"],
    ["/flows/any", "GET, POST"],
    ["/as/resume", "GET"],
    ["/as/token", "POST"],
    ["/as/userinfo", "GET, POST"],
    ["/as/jwks", "GET"],
  ])("of %s is answered, whoever asks", async (path, methods) => {
    const { simulator } = await launch();
    const headers = { ...asking, "access-control-request-headers": "content-type, x-mine" };
    const reply = await createClient(simulator).send(path, { method: "OPTIONS" }, headers);
    expect(reply.status).toBe(204);
    expect(mayRead(reply)).toBe(true);
    expect(reply.headers.get("access-control-allow-methods")).toBe(methods);
    expect(reply.headers.get("access-control-allow-headers")).toBe("content-type, x-mine");
  });

  it("is recorded, takes no fault, and is nothing without its headers", async () => {
    const { simulator } = await launch();
    simulator.faults.script({ kind: "status", on: "any", status: 503 });
    const client = createClient(simulator);
    expect((await client.send("/as/token", { method: "OPTIONS" }, asking)).status).toBe(204);
    expect((await client.send("/as/token", { method: "OPTIONS" }, { origin })).status).toBe(404);
    expect((await client.send("/as/token", { method: "OPTIONS" })).status).toBe(404);
    expect(simulator.calls.map(({ action }) => action)).toEqual(["preflight", "preflight", "preflight"]);
    expect((await client.send("/as/jwks")).status).toBe(503);
  });
});
