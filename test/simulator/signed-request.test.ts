import { createHmac, generateKeyPairSync } from "node:crypto";
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { applications, registrationSchema } from "./applications.ts";
import { createClient, detailOf, launch } from "./test-client.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const publicPem = pair.publicKey.export({ format: "pem", type: "spki" }).toString();
const header = { alg: "RS256", kid: "key-1", typ: "JWT" };

const application = registrationSchema.parse({
  clientId: "signs-by-its-own-key",
  redirectUris: ["https://kiosk.example/back"],
  jwks: JSON.stringify({
    keys: [{ ...pair.publicKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: header.kid }],
  }),
});

type Stage = Awaited<ReturnType<typeof staged>>;

/** A stand-in with the application, and what is right to sign for it. */
async function staged() {
  const { simulator, clock } = await launch();
  const init = { method: "POST", body: JSON.stringify(application) };
  expect((await fetch(`${simulator.origin}/_simulator/applications`, init)).status).toBe(201);
  const now = Math.floor(clock.now() / 1_000);
  const claims: JWTPayload = {
    ...{ iss: application.clientId, aud: `${simulator.baseUrl}/as`, iat: now, exp: now + 60 },
    "pi.remoteIp": "203.0.113.7",
  };
  const client = createClient(simulator, application);
  return {
    clock,
    claims,
    startWith: (parameters: object) => client.start("Single_Factor", { ...parameters }),
  };
}

function signed(
  claims: JWTPayload,
  by: JWTHeaderParameters = header,
  key = pair.privateKey,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(by).sign(key);
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Everything that is wrong, and nothing else in it. */
const forgeries: Readonly<Record<string, (stage: Stage) => Promise<string> | string>> = {
  "no signature (alg none)": ({ claims }) => `${encoded({ alg: "none" })}.${encoded(claims)}.`,
  "the right header and no signature": ({ claims }) => `${encoded(header)}.${encoded(claims)}.`,
  "the public key taken for a secret": ({ claims }) => {
    const input = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
    return `${input}.${createHmac("sha256", publicPem).update(input).digest("base64url")}`;
  },
  "the public key taken for a secret, by its kid": ({ claims }) => {
    const input = `${encoded({ ...header, alg: "HS256" })}.${encoded(claims)}`;
    return `${input}.${createHmac("sha256", publicPem).update(input).digest("base64url")}`;
  },
  "another kid": ({ claims }) => signed(claims, { ...header, kid: "key-2" }),
  "no kid": ({ claims }) => signed(claims, { alg: "RS256" }),
  "a stranger's key": ({ claims }) => signed(claims, header, stranger.privateKey),
  "another algorithm than the key's": ({ claims }) => signed(claims, { ...header, alg: "RS512" }),
  "another issuer": ({ claims }) => signed({ ...claims, iss: applications.public.clientId }),
  "another audience": ({ claims }) => signed({ ...claims, aud: "https://auth.pingone.eu/other/as" }),
  "an end that is past": ({ claims }) => signed({ ...claims, exp: (claims.iat ?? 0) - 1 }),
  "no address": ({ claims: { "pi.remoteIp": _, ...claims } }) => signed(claims),
};

describe("a request that an application signs by a key of its JWKS", () => {
  it("is taken", async () => {
    const { claims, startWith } = await staged();
    expect((await startWith({ request: await signed(claims) })).status).toBe(200);
  });

  it.each(Object.entries(forgeries))("is refused with %s", async (_, forge) => {
    const stage = await staged();
    const refused = await stage.startWith({ request: await forge(stage) });
    expect([refused.status, detailOf(refused)?.target]).toEqual([400, "request"]);
  });

  it("is refused once its minute is over", async () => {
    const { claims, clock, startWith } = await staged();
    const request = await signed(claims);
    clock.advance(60_000);
    expect((await startWith({ request })).status).toBe(400);
  });

  it("is nothing to name a person by", async () => {
    const { claims, startWith } = await staged();
    const { "pi.remoteIp": _, ...common } = claims;
    const refused = await startWith({ login_hint_token: await signed({ ...common, sub: "alice" }) });
    expect([refused.status, detailOf(refused)?.target]).toEqual([400, "login_hint_token"]);
  });

  it.each(["{", "{}", '{"keys":[]}', JSON.stringify({ keys: [{ kty: "RSA", n: "AQAB", e: "AQAB" }] })])(
    "can't come from an application with %s for a JWKS",
    (jwks) => {
      expect(registrationSchema.safeParse({ ...application, jwks }).success).toBe(false);
    },
  );
});
