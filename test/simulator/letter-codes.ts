import { randomInt } from "node:crypto";
import type { Flow } from "./flow.ts";
import type { World } from "./world.ts";

/** How long a recovery code is good, in milliseconds; one for an address has no end. */
export const RECOVERY_LIFE_MS = 5 * 60_000;
const length = 8;
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/** Wrong tries of one code; then it is good for nothing. */
const attempts = 5;

/** Sends a code of letters and digits by mail, in place of an earlier one; nothing where there is nobody. */
export function sendLetterCode(world: World, flow: Flow, lifeMs: number): void {
  const at = world.clock.now();
  const code = Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
  const { account, id: flowId } = flow;
  flow.letterCode = { code, expiresAt: at + lifeMs, failures: 0 };
  if (account === undefined) return;
  const { username } = account.person;
  world.inbox.receive({ at, username, channel: "EMAIL", to: username, deviceId: "", flowId, code });
}

/** Whether a code is the one that was sent, in either case; a wrong one counts. */
export function isLetterCode(world: World, flow: Flow, code: string): boolean {
  const { account, letterCode: sent } = flow;
  if (account === undefined || sent === undefined) return false;
  const isGood = world.clock.now() < sent.expiresAt && sent.failures < attempts;
  if (isGood && sent.code === code.toUpperCase()) return true;
  sent.failures += 1;
  return false;
}
