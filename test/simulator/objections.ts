import type { Account } from "./accounts.ts";
import type { Reason } from "./reason.ts";
import { because } from "./reason.ts";
import type { World } from "./world.ts";

/** The person may not sign on at all. */
export function notUsable(): Reason {
  return because({ code: "ACCOUNT_NOT_USABLE", message: "The account is not usable." });
}

/** Too many wrong passwords. */
export function lockedOut(world: World, account: Account): Reason {
  const seconds = Math.ceil((account.lock.lockedUntil() - world.clock.now()) / 1000);
  const tells = world.switches.lockedTells && Number.isFinite(seconds);
  const message = "The account is locked after too many failed attempts.";
  const innerError = tells ? { innerError: { secondsUntilUnlock: seconds } } : {};
  return because({ code: "PASSWORD_LOCKED_OUT", target: "password", message, ...innerError });
}

/** Too many wrong codes: the device cools down until then, in epoch milliseconds. */
export function quotaExceeded(world: World, coolDownExpiresAt: number): Reason {
  const message = "Too many invalid attempts. The device is cooling down.";
  const innerError = world.switches.lockedTells ? { innerError: { coolDownExpiresAt } } : {};
  return because({ code: "QUOTA_EXCEEDED", target: "otp", message, ...innerError });
}

/** The person has no such device. */
export function unknownDevice(): Reason {
  return because({ code: "INVALID_VALUE", target: "device.id", message: "No such device." });
}
