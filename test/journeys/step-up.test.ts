import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { seededRandom } from "../prove/kit/random.ts";
import { people } from "../simulator/people.ts";
import { createSigner } from "../simulator/tokens.ts";
import { type ApiReply, callApi, type FlowClient, faultsIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { registered } from "../support/stand-in.ts";
import { mutationsOf } from "./token-mutations.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => {
  product.simulator.switches.noDevicesMode = "BLOCK";
  product.simulator.faults.clear();
});
afterAll(() => product.close());

const person = people.emailOtp;
const { clientId, clientSecret } = registered.web;

/** Signs somebody on by password, and gives the ID token. */
async function idTokenFor(
  who: { username: string; password: string },
  application = "web",
  at: Product = product,
): Promise<string> {
  const client = at.client();
  await client.start({ application, policy: "Single_Factor" });
  await client.step("password", { username: who.username, password: who.password });
  await client.step("resume");
  const redeemed = await client.step("token", { codeVerifier: client.pkce.verifier });
  return redeemed.body.id_token ?? "";
}

function stepUp(
  idToken: string,
  more: Readonly<Record<string, string>> = {},
  client: FlowClient = product.client(),
): Promise<ApiReply> {
  return client.start({ application: "web", idToken, ...more });
}

async function flowRows() {
  return (await product.rows()).filter(({ pk }) => String(pk).startsWith("flow#"));
}

/** What was asked of PingOne since so many calls. */
function asked(since: number) {
  return product.simulator.calls.slice(since);
}

function isSignedHint({ body }: { readonly body: string }): boolean {
  return body.includes("login_hint_token");
}

function formOf(call: { readonly body: string } | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(call?.body));
}

const secretKey = new TextEncoder().encode(clientSecret);

describe("a start with an ID token", () => {
  it("asks the person for a second factor, named by a token that we sign, and ends in tokens", async () => {
    const idToken = await idTokenFor(person);
    const before = product.simulator.calls.length;
    const client = product.client();
    const started = await stepUp(idToken, {}, client);
    expect(started.body).toMatchObject({ status: "OTP_REQUIRED", next: expect.arrayContaining(["otp"]) });

    const form = formOf(asked(before).find(({ action }) => action === "authorize"));
    const now = { currentDate: new Date(product.clock.now()) };
    const { payload, protectedHeader } = await jwtVerify(form["login_hint_token"] ?? "", secretKey, now);
    expect(protectedHeader).toEqual({ alg: "HS256", typ: "JWT" });
    const sub = decodeJwt(idToken).sub;
    expect(payload).toMatchObject({ iss: clientId, aud: `${product.simulator.baseUrl}/as`, sub });
    expect(form["acr_values"]).toBe("Passwordless");
    expect(form["login_hint"]).toBeUndefined();

    await client.step("otp", { otp: product.code(person.username) });
    await client.step("resume");
    const redeemed = await client.step("token", { codeVerifier: client.pkce.verifier });
    expect(decodeJwt(redeemed.body.id_token ?? "")).toMatchObject({ sub, acr: "Passwordless" });
  });

  it("reads PingOne's keys once for many", async () => {
    const idToken = await idTokenFor(person);
    await stepUp(idToken);
    const before = product.simulator.calls.length;
    await stepUp(idToken);
    expect(asked(before).map(({ action }) => action)).toEqual(["authorize"]);
  });

  it("is the same start when it comes again under a key", async () => {
    const idToken = await idTokenFor(person);
    const headers = { "idempotency-key": '"a-key-of-at-least-128-bits-for-a-step-up"' };
    const body = { application: "web", idToken, codeChallenge: product.client().pkce.challenge };
    const post = () => callApi(product.api, "POST", "/flows", { body, headers });
    const first = await post();
    const before = product.simulator.calls.length;
    // By now the token is too old: it isn't looked at again.
    product.clock.advance(6 * 60_000);
    const again = await post();
    expect(again.body).toEqual({ ...first.body, expiresIn: expect.any(Number) });
    expect(product.simulator.calls).toHaveLength(before);
  });

  it.each([
    ["of an application that steps nobody up", { application: "mobile" }, "idToken unknown"],
    ["beside another hint", { loginHint: "ann@example.com" }, "loginHint unknown"],
    ["under a policy that isn't listed for it", { policy: "Single_Factor" }, "policy unknown"],
    ["that is none", { idToken: "abc" }, "idToken malformed"],
  ])("is refused %s", async (_, more, fault) => {
    const idToken = await idTokenFor(person);
    const before = product.simulator.calls.length;
    const reply = await stepUp(idToken, more);
    expect([reply.http, ...faultsIn(reply)]).toEqual([400, fault]);
    expect(product.simulator.calls).toHaveLength(before);
  });

  it("tells what stands against the person as ever", async () => {
    const reply = await stepUp(await idTokenFor(people.passwordOnly));
    expect(reply.body).toMatchObject({ error: "flow-failed", failure: "MFA_DISABLED" });
  });

  it("is refused where PingOne completes it with no credential, and nothing is kept", async () => {
    product.simulator.switches.noDevicesMode = "BYPASS";
    const idToken = await idTokenFor(people.passwordOnly);
    const rows = await flowRows();
    expect((await stepUp(idToken)).body).toMatchObject({ error: "unsupported-step" });
    expect(await flowRows()).toEqual(rows);
  });

  it.each([
    ["AGREEMENT_CONSENT_REQUIRED", "user.consent", {}],
    ["AGREEMENT_CONSENT_REQUIRED", "user.consent", { agreement: { text: "Long. ".repeat(1_000) } }],
    ["PROFILE_DATA_REQUIRED", "user.update", { attributes: [{ name: "nickname" }] }],
  ])("is refused where PingOne goes past the credentials to %s", async (status, action, _embedded) => {
    const idToken = await idTokenFor(person);
    const rows = await flowRows();
    const body = {
      id: "past-the-credentials",
      status,
      _links: { [action]: {}, "session.reset": {} },
      _embedded,
    };
    product.simulator.faults.script({ on: "authorize", kind: "reply", status: 200, body });
    expect((await stepUp(idToken)).body).toMatchObject({ error: "unsupported-step" });
    expect(await flowRows()).toEqual(rows);
  });

  it("is not taken up while PingOne's keys can't be had", async () => {
    const other = await createProduct();
    try {
      const idToken = await idTokenFor(person, "web", other);
      const before = other.simulator.calls.length;
      other.simulator.faults.script({ on: "jwks", kind: "status", status: 503 });
      const reply = await other.client().start({ application: "web", idToken });
      expect(reply.body).toMatchObject({ error: "upstream-unavailable" });
      expect(other.simulator.calls.slice(before).map(({ action }) => action)).toEqual(["jwks"]);
    } finally {
      await other.close();
    }
  });

  it("counts whom an ID token names against the limit of names", async () => {
    const other = await createProduct({ NAME_LIMIT: "2" });
    try {
      const client = other.client();
      await client.start({ application: "web", policy: "Single_Factor" });
      await client.step("password", { username: person.username, password: person.password });
      await client.step("resume");
      const { body } = await client.step("token", { codeVerifier: client.pkce.verifier });
      const starts = [1, 2, 3].map(
        () => () => other.client().start({ application: "web", idToken: body.id_token ?? "" }),
      );
      const replies: ApiReply[] = [];
      for (const start of starts) replies.push(await start());
      expect(replies.map(({ http }) => http)).toEqual([201, 201, 429]);
    } finally {
      await other.close();
    }
  });
});

/** How often an ID token is looked at that is not as PingOne made it. */
const mutations = 1_000;

describe("an ID token that PingOne did not just make for the application", () => {
  /** The public key as text, which some have taken for a shared secret. */
  async function publicKeyText(): Promise<Uint8Array> {
    const response = await fetch(`${product.simulator.baseUrl}/as/jwks`);
    const { keys } = z
      .object({ keys: z.array(z.looseObject({ kty: z.literal("RSA") })) })
      .parse(await response.json());
    const key = await importJWK({ ...keys[0] }, "RS256");
    if (key instanceof Uint8Array) throw new Error("The key is no public key.");
    return new TextEncoder().encode(await exportSPKI(key));
  }

  async function isRefused(idToken: string): Promise<void> {
    const reply = await stepUp(idToken);
    expect([reply.http, reply.body.error]).toEqual([400, "request-invalid"]);
  }

  it("is refused, and nothing is sent that is signed", async () => {
    const genuine = await idTokenFor(person);
    await stepUp(genuine);
    const claims = decodeJwt(genuine);
    const { kid = "" } = decodeProtectedHeader(genuine);
    const { iss, ...others } = claims;
    const own = await generateKeyPair("RS256");
    const signed = (header: { readonly kid: string; readonly jwk?: JWK }) =>
      new SignJWT(claims).setProtectedHeader({ alg: "RS256", ...header }).sign(own.privateKey);
    const tokens = [
      await idTokenFor(person, "office"),
      await signed({ kid }),
      await signed({ kid: "own" }),
      await signed({ kid, jwk: await exportJWK(own.publicKey) }),
      await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid }).sign(await publicKeyText()),
      `${new UnsecuredJWT(claims).encode()}x`,
      // Of another environment, whose keys are not this one's.
      await createSigner().sign({ ...others, iss: `${iss}/another` }),
    ];
    const before = product.simulator.calls.length;
    for (const idToken of tokens) await isRefused(idToken);
    expect(asked(before).filter(isSignedHint)).toEqual([]);
  });

  it("is refused once it is too old or has expired", async () => {
    const idToken = await idTokenFor(person);
    product.clock.advance(5 * 60_000 + 1_000);
    await isRefused(idToken);
  });

  it(`gets a signed hint in none of ${mutations} mutations`, async () => {
    const genuine = await idTokenFor(person);
    await stepUp(genuine);
    const before = product.simulator.calls.length;
    const replies: ApiReply[] = [];
    const tokens = mutationsOf(genuine, seededRandom(20_261_128), mutations);
    for (const idToken of tokens) replies.push(await stepUp(idToken));
    expect(new Set(replies.map(({ body }) => body.error))).toEqual(new Set(["request-invalid"]));
    expect(asked(before).filter(isSignedHint)).toEqual([]);
  });
});
