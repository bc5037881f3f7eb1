import * as z from "zod/mini";
import type { Environment } from "../../environment.ts";
import type { Ask, Asked } from "../asking.ts";
import { type Finding, settingAt } from "../finding.ts";

const KeySet = z.object({ keys: z.array(z.object({ kty: z.string() })) });

/** By how much a clock may be wrong before tokens look expired, or not yet valid: milliseconds. */
const mostSkewMs = 60_000;

/**
 * What is wrong with the keys that clients verify tokens with, and with this machine's clock.
 *
 * @param now epoch milliseconds
 */
export async function keyFindings(environment: Environment, ask: Ask, now: () => number): Promise<Finding[]> {
  const before = now();
  const asked = await ask({ method: "GET", url: `${environment.pingOne.baseUrl}/as/jwks` });
  // PingOne's date is of some moment between.
  const skew = skewFinding(asked, (before + now()) / 2);
  return [...(hasKeys(asked) ? [] : [missingKeys(environment)]), ...(skew === undefined ? [] : [skew])];
}

function hasKeys(asked: Asked): boolean {
  if (asked.kind !== "answered" || asked.status !== 200) return false;
  const keys = KeySet.safeParse(asked.json).data?.keys;
  return keys?.some(({ kty }) => kty === "RSA") === true;
}

function missingKeys(environment: Environment): Finding {
  const what = "PingOne gives no keys to verify tokens with at /as/jwks.";
  return { kind: "keys", what, mend: settingAt(environment, "pingOne.baseUrl") };
}

function skewFinding(asked: Asked, now: number): Finding | undefined {
  const theirs = asked.kind === "answered" ? Date.parse(asked.headers.get("date") ?? "") : Number.NaN;
  const skewMs = now - theirs;
  if (!(Math.abs(skewMs) > mostSkewMs)) return undefined;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const what = `This machine's clock is ${seconds} s ${skewMs > 0 ? "ahead of" : "behind"} PingOne's.`;
  return { kind: "clock", what, mend: "set the clock of this machine by NTP; tokens are judged by it" };
}
