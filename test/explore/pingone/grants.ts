import type { Tokens } from "../../../lib/flow/tokens.ts";
import type { FlowCall, SignOffCall } from "./calls.ts";
import { cookieless, daily, elsewhere, nothing, type Outcome, rare } from "./outcome.ts";
import { type Effect, sessionCookie, type Upstream } from "./upstream.ts";

/** What a code is redeemed for. */
export const tokens: Tokens = { access_token: "access-of-ada", token_type: "Bearer" };

/** What comes of a code that is to be redeemed. */
export function exchangesOf(upstream: Upstream | undefined, { jar }: FlowCall): readonly Outcome[] {
  const isGood = upstream?.isSpent === true && !upstream.isRedeemed && jar.code !== undefined;
  const unknown = () => ({ kind: "signed-out" }) as const;
  if (!isGood) return [cookieless(daily("PingOne does not know the code", nothing, unknown))];
  const redeemed: Effect = { kind: "redeemed" };
  return [
    daily("PingOne gives tokens", redeemed, () => ({ kind: "redeemed", tokens })),
    rare("PingOne gives tokens that can't be read", redeemed, () => ({ kind: "doubtful" })),
    elsewhere("the verifier is of another challenge", () => ({ kind: "rejected" }), "core"),
    elsewhere("PingOne no longer knows the code", unknown, "core"),
    elsewhere("PingOne denies tokens to the application", () => ({ kind: "denied" })),
  ].map(cookieless);
}

/** What comes of a session that is to be ended. */
export function signOffsOf(upstream: Upstream | undefined, { jar }: SignOffCall): readonly Outcome[] {
  const isOwn = jar.cookies.some(
    ({ name, value }) => name === sessionCookie && value === upstream?.session?.value,
  );
  const ended: Effect = isOwn ? { kind: "signed off" } : nothing;
  return [
    daily("PingOne ends the session", ended, () => ({ kind: "signed-out" })),
    rare("PingOne ends the session, and an error comes", ended, () => ({ kind: "doubtful" })),
  ].map(cookieless);
}

/** What comes of a refresh token that is used: no flow has a part in it. */
export const renewals: readonly Outcome[] = [
  { ...elsewhere("PingOne gives tokens", () => ({ kind: "redeemed", tokens }), "core"), faults: 0 },
  { ...elsewhere("PingOne does not know the token", () => ({ kind: "signed-out" }), "core"), faults: 0 },
  elsewhere("PingOne denies tokens to the application", () => ({ kind: "denied" })),
  elsewhere("PingOne gives tokens that can't be read", () => ({ kind: "doubtful" })),
];
