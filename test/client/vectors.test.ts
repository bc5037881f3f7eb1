import { describe, expect, it } from "vitest";
import { asciiBytes, toBase64url } from "../../lib/client/bytes.ts";
import { claimsOf, wrongClaim } from "../../lib/client/redeem.ts";
import { createSignOn, type SignOn, type State } from "../../lib/client/sign-on.ts";
import { problems } from "../../lib/flow/problems.ts";
import { ScriptedServer, scriptedTimeoutMs, scriptedUrl } from "./scripted-server.ts";
import {
  countdownVectors,
  courses,
  idTokenVectors,
  pkceVectors,
  type VectorCase,
  vectorFiles,
} from "./vectors.ts";

const anyVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const anyChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

function clientOf(server: ScriptedServer, tokenDelivery: "body" | "cookie"): SignOn {
  return createSignOn({
    url: scriptedUrl,
    tokenDelivery,
    timeoutMs: scriptedTimeoutMs,
    platform: server.platform,
  });
}

/** Does what a vector says by the client's own method of that name. */
function take(
  signOn: SignOn,
  name: string,
  body: Readonly<Record<string, string>> | undefined,
): Promise<State> {
  const method: unknown = Reflect.get(
    signOn,
    name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()),
  );
  if (typeof method !== "function") throw new Error(`The client has no method for ${name}.`);
  return body === undefined ? method() : method(body);
}

/** What a vector tells of a state: a problem by its name. */
function toldOf(state: State): object {
  const problem = "problem" in state && state.problem !== undefined ? { problem: state.problem.error } : {};
  return { ...state, ...problem };
}

async function play({ tokenDelivery, given, turns }: VectorCase, verifier = anyVerifier): Promise<void> {
  const server = new ScriptedServer(verifier);
  const signOn = clientOf(server, tokenDelivery);
  if (given !== undefined) {
    const body = { codeChallenge: anyChallenge, ...(tokenDelivery === "cookie" && { tokenDelivery }) };
    const sent = { method: "POST", path: "/flows", token: null, body } as const;
    server.expect([{ sent, answer: { http: 201, body: given } }]);
    await signOn.start();
  }
  for (const turn of turns) {
    server.expect(turn.exchanges);
    const state = await take(signOn, turn.do, turn.with);
    expect(toldOf(state)).toMatchObject(turn.shows);
    const isAlive = state.status !== "ENDED" && state.status !== "UNANSWERED";
    expect(isAlive && "problem" in state ? "problem" in turn.shows : true).toBe(true);
    expect(server.left).toBe(0);
  }
  // However often a start was repeated, its key was one.
  expect(server.keys).toHaveLength(1);
}

describe.each(courses)("the client's rules: $name", ({ cases, verifier }) => {
  it.each(cases)("$name", (one) => play(one, verifier));
});

describe("the client's rules: pkce", () => {
  it.each(pkceVectors.cases)("$verifier", async ({ verifier, challenge }) => {
    const digest = await crypto.subtle.digest("SHA-256", asciiBytes(verifier));
    expect(toBase64url(new Uint8Array(digest))).toBe(challenge);
  });
});

describe("the client's rules: countdown", () => {
  it.each(countdownVectors.cases)(
    "$expiresIn s, $elapsedMs ms later",
    async ({ expiresIn, elapsedMs, left }) => {
      const server = new ScriptedServer(anyVerifier);
      const signOn = clientOf(server, "body");
      const given = {
        flowId: "f",
        status: "OTP_REQUIRED",
        next: ["otp"],
        expiresAt: "2001-01-01T00:00:00Z",
        expiresIn,
      };
      const sent = {
        method: "POST",
        path: "/flows",
        token: null,
        body: { codeChallenge: anyChallenge },
      } as const;
      server.expect([{ sent, answer: { http: 201, body: given } }]);
      await signOn.start();
      server.now += elapsedMs;
      expect(signOn.secondsLeft()).toBe(left);
    },
  );
});

describe("the client's rules: id-token", () => {
  const { issuer, clientId, nonce, now, cases } = idTokenVectors;

  it.each(cases)("$name", ({ claims, verdict }) => {
    const token = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
    const read = claimsOf(token);
    const wrong =
      read === undefined ? "unreadable" : wrongClaim(read, { issuer, clientId, nonce, now: now - 300 });
    expect(wrong ?? "ok").toBe(verdict);
  });
});

describe("the vectors", () => {
  it("are all taken", () => {
    const taken = [...courses.map(({ name }) => name), "countdown", "id-token", "pkce"].map(
      (name) => `${name}.json`,
    );
    expect(vectorFiles).toEqual(taken.sort());
  });

  it("answer as the API does: each problem has the flags of its row", () => {
    const answers = courses.flatMap(({ cases }) =>
      cases.flatMap(({ turns }) => turns.flatMap(({ exchanges }) => exchanges.map(({ answer }) => answer))),
    );
    let held = 0;
    for (const answer of answers) {
      const body = typeof answer === "string" ? {} : (answer.body ?? {});
      const row = Object.entries(problems).find(([name]) => name === body["error"])?.[1];
      if (row === undefined || body["flow"] !== undefined) continue;
      expect(body).toMatchObject({ flowEnded: row.flowEnded, retryable: row.retryable });
      held += 1;
    }
    expect(held).toBeGreaterThan(20);
  });
});
