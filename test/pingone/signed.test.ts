import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import type { StartCommand } from "../../lib/flow/provider.ts";
import type { SigningKey } from "../../lib/flow/signing-key.ts";
import { signStart } from "../../lib/pingone/signed.ts";

const secret = "a-secret-of-the-application";

const command: StartCommand = {
  application: {
    clientId: "client-1",
    redirectUri: "https://app.example.com/back",
    scopes: ["openid"],
    policies: ["MFA"],
    clientAuthentication: "basic",
    signedRequest: "kms",
  },
  applicationName: "web",
  policy: "MFA",
  codeChallenge: "c".repeat(43),
  subject: "person-1",
  nonce: undefined,
  loginHint: undefined,
};

const key: SigningKey = {
  kid: "key-1",
  sign: async (text) => createHmac("sha1", "key").update(text).digest(),
};

function signing(known: string | undefined, signingKey = key) {
  const secrets = { of: async () => known, forget: () => undefined };
  const means = {
    secrets,
    signingKey: async () => signingKey,
    issuer: "https://p.example.com/as",
    now: 90_500,
  };
  return signStart(command, { address: "203.0.113.7" }, means);
}

function parts(jwt: string | undefined) {
  const [header = "", claims = "", signature = ""] = jwt?.split(".") ?? [];
  const [said, told] = [header, claims].map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return { input: `${header}.${claims}`, said, told, signature };
}

it("names the person by the secret and tells their address by the key, in one start", async () => {
  const signed = await signing(secret);
  expect(signed?.isBySecret).toBe(true);
  const hint = parts(signed?.parameters.login_hint_token);
  const request = parts(signed?.parameters.request);
  const common = { iss: "client-1", aud: "https://p.example.com/as", iat: 90, exp: 150 };
  expect([hint.said, request.said]).toEqual([
    { alg: "HS256", typ: "JWT" },
    { alg: "RS256", kid: "key-1", typ: "JWT" },
  ]);
  expect([hint.told, request.told]).toEqual([
    { ...common, sub: "person-1", nbf: 30, jti: expect.any(String) },
    { ...common, "pi.remoteIp": "203.0.113.7", jti: expect.any(String) },
  ]);
  expect(hint.told.jti).not.toBe(request.told.jti);
  expect([hint.signature, request.signature]).toEqual([
    createHmac("sha256", secret).update(hint.input).digest("base64url"),
    createHmac("sha1", "key").update(request.input).digest("base64url"),
  ]);
});

it("signs nothing where either can't be had", async () => {
  expect(await signing(undefined)).toBeUndefined();
  expect(await signing(secret, { ...key, sign: async () => undefined })).toBeUndefined();
});
