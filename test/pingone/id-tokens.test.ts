import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createIdTokens } from "../../lib/pingone/id-tokens.ts";

const issue = { issuer: "https://auth.pingone.eu/env/as", clientId: "client" };

async function readingOf(sub: string) {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "one" }] });
  const idToken = await new SignJWT({ iss: issue.issuer, aud: issue.clientId, sub })
    .setProtectedHeader({ alg: "RS256", kid: "one" })
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return createIdTokens(async () => keys, { now: () => Date.now() })(idToken, issue);
}

describe("an ID token that PingOne has signed", () => {
  it("names its person by PingOne's id", async () => {
    const subject = "e1b2c3d4-5f60-4718-92a3-000000000002";
    expect(await readingOf(subject)).toEqual({ kind: "verified", subject });
  });

  // Where an application maps `sub` to another attribute, its owner may give it somebody else's user name.
  it.each(["ann@example.com", "ann", "e1b2c3d4-5f60-4718-92a3-00000000000"])(
    "names nobody by %s, which PingOne would take for a user name",
    async (sub) => {
      expect(await readingOf(sub)).toEqual({ kind: "refused" });
    },
  );
});
