import { createHash } from "node:crypto";
import type { Jar } from "../../../lib/flow/jar.ts";
import type { MemberKind } from "../../../lib/flow/step-definition.ts";
import { isStep, steps } from "../../../lib/flow/steps.ts";
import type { Canaries } from "../../support/canaries.ts";
import type { ApiCall } from "./api.ts";
import type { Person } from "./person.ts";

/** Notes what PingOne gave. */
export function noteJar(canaries: Canaries, { cookies, upstreamFlowId, state, nonce, code }: Jar): void {
  for (const { name, value } of cookies) canaries.add(`cookie ${name} ${value}`, value);
  const ids = { upstreamFlowId, state, nonce, code };
  for (const [name, secret] of Object.entries(ids)) {
    if (secret !== undefined && secret !== "") canaries.add(`${name} ${secret}`, secret);
  }
}

/** Characters of a credential's id, or of a challenge. */
const longestId = 64;

/** What a code is redeemed for. */
export const tokenMembers = ["access_token", "id_token", "refresh_token"] as const;

/**
 * Notes what a client has sent and been given: flow tokens as text and as bytes,
 * names, passwords and passcodes, and PingOne's tokens.
 */
export function noteSent(canaries: Canaries, { sent, pending }: Person): void {
  const calls = [...sent.map(({ call }) => call), ...(pending === undefined ? [] : [pending])];
  const tokens = [...calls.map(({ token }) => token), ...sent.map(({ reply }) => reply?.token)];
  for (const token of new Set(tokens.filter((one) => one !== undefined))) {
    canaries.add(`token ${token}`, token);
    canaries.add(`bytes of token ${token}`, Buffer.from(token, "base64url"));
  }
  for (const call of calls) noteBody(canaries, call);
  for (const { reply } of sent) {
    for (const given of textsIn(tokenMembers.map((name) => reply?.body[name]))) {
      canaries.add(`given ${given}`, given);
    }
  }
}

function noteBody(canaries: Canaries, { name, body = {} }: ApiCall): void {
  if (!isStep(name)) return;
  const members: Readonly<Record<string, MemberKind>> = steps[name].members;
  for (const [member, kind] of Object.entries(members)) {
    for (const value of textsIn(body[member]).filter((text) => isTelling(kind, text))) {
      canaries.add(`sent ${value}`, value);
      // Names are few enough to be tried: a hash without a key would give one away.
      if (kind === "person") canaries.add(`hash of ${value}`, createHash("sha256").update(value).digest());
    }
  }
}

/** What is signed has words in it that are no secrets, and long texts that nobody else can make. */
function isTelling(kind: MemberKind, text: string): boolean {
  return (
    kind === "attributes" ||
    kind === "person" ||
    kind === "secret" ||
    (kind === "signed" && text.length > longestId)
  );
}

/** Every text in a value that isn't empty. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
