import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createIdTokens } from "../../lib/pingone/id-tokens.ts";

const issue = { issuer: "https://auth.pingone.eu/env/as", clientId: "client" };

/** An ID token, and the keys by which it is verified. @param at when it is issued: epoch milliseconds */
async function signedFor(sub: string, { kid = "one", at = Date.now(), aud = issue.clientId } = {}) {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid };
  const idToken = await new SignJWT({ iss: issue.issuer, aud, sub })
    .setProtectedHeader({ alg: "RS256", kid })
    .setIssuedAt(Math.floor(at / 1_000))
    .setExpirationTime(Math.floor(at / 1_000) + 3_600)
    .sign(privateKey);
  return { key, keys: JSON.stringify({ keys: [key] }), idToken };
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
    let now = 1_800_000_000_000;
    const [first, second] = [
      await signedFor(subject, { kid: "first", at: now }),
      await signedFor(subject, { kid: "second", at: now + 11 * 60_000 }),
    ];
    const keys = JSON.stringify({ keys: [first.key, second.key] });
    const answers = [keys, undefined, keys];
    const read = createIdTokens(async () => answers.shift(), { now: () => now });
    await read(first.idToken, issue);
    now += 11 * 60_000;
    expect(await read(second.idToken, issue)).toEqual({ kind: "unavailable" });
    now += 1_500;
    expect(await read(second.idToken, issue)).toEqual({ kind: "verified", subject });
  });

  it("are told to come, where a key may be newer than they are and nobody may look yet", async () => {
    let now = 1_800_000_000_000;
    const old = await signedFor(subject, { kid: "old", at: now });
    const answers = [old.keys];
    const read = createIdTokens(async () => answers.shift(), { now: () => now });
    expect(await read(old.idToken, issue)).toEqual({ kind: "verified", subject });
    // Somebody makes a key up, and has PingOne's looked for.
    now += 60_000;
    answers.push(old.keys);
    const madeUp = await signedFor(subject, { kid: "made-up", at: now });
    expect(await read(madeUp.idToken, issue)).toEqual({ kind: "refused" });
    now += 15_000;
    const newer = await signedFor(subject, { kid: "new", at: now });
    expect(await read(newer.idToken, issue)).toEqual({ kind: "early", retryAfter: 45 });
    // A token from before the last look has no key of PingOne's.
    expect(await read(madeUp.idToken, issue)).toEqual({ kind: "refused" });
    now += 45_000;
    answers.push(newer.keys);
    expect(await read(newer.idToken, issue)).toEqual({ kind: "verified", subject });
  });

  it("are not looked for by a token that is wrong anyway", async () => {
    let looks = 0;
    const { keys, idToken } = await signedFor(subject, { aud: "another" });
    const readKeys = async () => {
      looks += 1;
      return keys;
    };
    const read = createIdTokens(readKeys, { now: () => Date.now() });
    expect([await read(idToken, issue), looks]).toEqual([{ kind: "refused" }, 0]);
  });
});
