import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createIdTokens } from "../../lib/pingone/id-tokens.ts";

const issue = { issuer: "https://auth.pingone.eu/env/as", clientId: "client" };

/** An ID token, and the keys by which it is verified. */
async function signedFor(sub: string) {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "one" }] });
  const idToken = await new SignJWT({ iss: issue.issuer, aud: issue.clientId, sub })
    .setProtectedHeader({ alg: "RS256", kid: "one" })
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return { keys, idToken };
}

async function readingOf(sub: string) {
  const { keys, idToken } = await signedFor(sub);
  return createIdTokens(async () => keys, { now: () => Date.now() })(idToken, issue);
}

const subject = "e1b2c3d4-5f60-4718-92a3-000000000002";

describe("an ID token that PingOne has signed", () => {
  it("names its person by PingOne's id", async () => {
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

describe("PingOne's keys", () => {
  it("are asked for again at once where old ones could not be renewed a moment ago", async () => {
    let now = Date.now() - 11 * 60_000;
    const { keys, idToken } = await signedFor(subject);
    const answers = [keys, undefined, keys];
    const read = createIdTokens(async () => answers.shift(), { now: () => now });
    await read(idToken, issue);
    now += 11 * 60_000;
    expect(await read(idToken, issue)).toEqual({ kind: "unavailable" });
    now += 1_500;
    expect(await read(idToken, issue)).toEqual({ kind: "verified", subject });
  });
});
