import { createHash } from "node:crypto";
import type { Application } from "./applications.ts";

/** What the client has to prove at the token endpoint (RFC 7636). */
export interface Challenge {
  readonly method: "S256" | "plain";
  readonly value: string;
}

/** What authorize was given for it. */
interface Given {
  readonly code_challenge?: string | undefined;
  readonly code_challenge_method?: string | undefined;
}

/** A challenge that may be none, or which parameter is wrong and why. */
export type ReadChallenge =
  | { readonly ok: true; readonly challenge: Challenge | undefined }
  | { readonly ok: false; readonly target: keyof Given; readonly message: string };

const forms = { S256: /^[\w-]{43}$/, plain: /^[\w.~-]{43,128}$/ } as const;

/** Reads the challenge as the application's `pkceEnforcement` wants it. Without a method it is `plain`. */
export function readChallenge({ pkceEnforcement }: Application, given: Given): ReadChallenge {
  const { code_challenge: value, code_challenge_method: method = "plain" } = given;
  if (pkceEnforcement === "S256_REQUIRED" && method !== "S256") {
    return { ok: false, target: "code_challenge_method", message: "The application requires S256." };
  }
  if (method !== "S256" && method !== "plain") {
    return { ok: false, target: "code_challenge_method", message: "No such method." };
  }
  const none = value === undefined && given.code_challenge_method === undefined;
  if (none && pkceEnforcement === "OPTIONAL") return { ok: true, challenge: undefined };
  return value !== undefined && forms[method].test(value)
    ? { ok: true, challenge: { method, value } }
    : { ok: false, target: "code_challenge", message: `Not a challenge of the method ${method}.` };
}

/**
 * Whether a verifier proves what a challenge asked for. Who gave no challenge can't give a verifier either.
 */
export function proves(challenge: Challenge | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) {
    return challenge === undefined && verifier === undefined;
  }
  const hash = createHash("sha256").update(verifier).digest("base64url");
  return challenge.value === (challenge.method === "S256" ? hash : verifier);
}
