import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type Body, bodySchema, foreignWorld } from "./foreign.ts";
import { browserAt } from "./foreign-browser.ts";
import { people } from "./people.ts";
import { lenientSwitches, strictSwitches } from "./switches.ts";

const origin = "https://play.example";
const registration = { clientId: "play-page", redirectUris: [`${origin}/signed-on`] };

/** A single-page application that talks to PingOne by itself and sends whatever OpenID Connect knows. */
function createPage(baseUrl: string) {
  const browser = browserAt(origin);
  const read = async (...asked: Parameters<typeof browser.fetch>): Promise<Body> => {
    const response = await browser.fetch(...asked);
    if (response.status !== 200) throw new Error(`PingOne said ${response.status}.`);
    return bodySchema.parse(await response.json());
  };
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(16).toString("base64url");
  const nonce = randomBytes(16).toString("base64url");
  let flow: Body = {};
  return {
    begin: async () => {
      const query = new URLSearchParams({
        client_id: registration.clientId,
        redirect_uri: registration.redirectUris[0] ?? "",
        response_type: "code",
        response_mode: "pi.flow",
        scope: "openid email",
        acr_values: "Passwordless",
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        state,
        nonce,
        ui_locales: "de-CH de en",
        display: "page",
        claims_locales: "de",
      });
      flow = await read(`${baseUrl}/as/authorize?${query}`);
      return flow.status;
    },
    act: async (action: string, body: object) => {
      flow = await read(`${baseUrl}/flows/${flow.id}`, {
        method: "POST",
        headers: { "content-type": `application/vnd.pingidentity.${action}+json` },
        body: JSON.stringify(body),
      });
      return flow.status;
    },
    finish: async () => {
      const { authorizeResponse } = await read(flow.resumeUrl ?? "");
      expect(authorizeResponse?.state).toBe(state);
      return read(`${baseUrl}/as/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          client_id: registration.clientId,
          redirect_uri: registration.redirectUris[0] ?? "",
          code: authorizeResponse?.code ?? "",
          code_verifier: verifier,
        }),
      });
    },
    verify: async (idToken: string) => {
      const keys = await (await browser.fetch(`${baseUrl}/as/jwks`)).json();
      const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).parse(keys);
      const expected = { issuer: `${baseUrl}/as`, audience: registration.clientId };
      const { payload } = await jwtVerify(idToken, createLocalJWKSet(jwks), expected);
      expect(payload["nonce"]).toBe(nonce);
      return payload;
    },
    userinfo: (token: string) =>
      read(`${baseUrl}/as/userinfo`, { headers: { authorization: `Bearer ${token}` } }),
  };
}

async function opened(switches = lenientSwitches, more = {}) {
  const world = await foreignWorld(switches);
  await world.register({ ...registration, ...more });
  return { world, page: createPage(world.baseUrl) };
}

const { username, id } = people.emailOtp;

describe("a page that sends ui_locales and display, from an origin of its own", () => {
  it("signs a person on by itself", async () => {
    const { world, page } = await opened();
    expect(await page.begin()).toBe("SIGN_ON_REQUIRED");
    expect(await page.act("user.lookup", { username })).toBe("OTP_REQUIRED");
    expect(await page.act("otp.check", { otp: await world.codeFor(username) })).toBe("COMPLETED");
    const tokens = await page.finish();
    expect(await page.verify(tokens.id_token ?? "")).toMatchObject({ sub: id, email: username });
    expect(await page.userinfo(tokens.access_token ?? "")).toMatchObject({ sub: id, email: username });
    expect(world.actions()).toEqual([
      "authorize",
      "preflight",
      "user.lookup",
      "preflight",
      "otp.check",
      "resume",
      "token",
      "jwks",
      "preflight",
      "userinfo",
    ]);
  });

  it("needs no leniency with origins where its own is registered", async () => {
    const { world, page } = await opened(
      { ...lenientSwitches, cors: "by-application" },
      { corsOrigins: [origin] },
    );
    await page.begin();
    await page.act("user.lookup", { username });
    await page.act("otp.check", { otp: await world.codeFor(username) });
    const tokens = await page.finish();
    expect(await page.verify(tokens.id_token ?? "")).toMatchObject({ sub: id });
  });

  it.each([
    [
      "unknown parameters are refused",
      { unknownParameters: strictSwitches.unknownParameters },
      "PingOne said 400.",
    ],
    ["its origin is not registered", { cors: strictSwitches.cors }, "Failed to fetch"],
  ])("stops where %s", async (_, switches, message) => {
    const { page } = await opened({ ...lenientSwitches, ...switches });
    await expect(page.begin()).rejects.toThrow(message);
  });
});
