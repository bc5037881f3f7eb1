import * as z from "zod";
import type { Account } from "./accounts.ts";
import { parseBody } from "./bodies.ts";
import type { Flow } from "./flow.ts";
import type { Reason } from "./reason.ts";
import { because } from "./reason.ts";
import { afterPassword, againstGoingOn, againstMfa, beginMfa, complete, selectDevice } from "./steps.ts";
import type { Outcome } from "./telling.ts";
import type { World } from "./world.ts";

type Action = (world: World, flow: Flow, body: unknown) => Outcome;

const done: Outcome = { kind: "done" };
const refused = (reason: Reason): Outcome => ({ kind: "reason", reason });

function action<Body>(
  schema: z.ZodType<Body>,
  run: (world: World, flow: Flow, body: Body) => Outcome,
): Action {
  return (world, flow, body) => {
    const parsed = parseBody(schema, body);
    return parsed.ok ? run(world, flow, parsed.value) : { kind: "malformed", answer: parsed.answer };
  };
}

const text = z.string().min(1);
const lookupBody = z.strictObject({ username: text });
const passwordBody = z.strictObject({ username: text, password: text });
const otpBody = z.strictObject({ otp: text });
const deviceBody = z.strictObject({
  device: z.strictObject({ id: text }),
  compatibility: z.enum(["FULL", "SECURITY_KEY_ONLY", "NONE"]).optional(),
});
const resetBody = z.strictObject({ currentPassword: text, newPassword: text });

/** The flow actions this stand-in performs, by the name in their media type. */
export const actions: Readonly<Record<string, Action>> = {
  "user.lookup": action(lookupBody, (world, flow, { username }) => lookUp(world, flow, username)),
  "usernamePassword.check": action(passwordBody, checkPassword),
  "otp.check": action(otpBody, checkOtp),
  "device.select": action(deviceBody, (world, flow, { device }) => selectById(world, flow, device.id)),
  "password.reset": action(resetBody, resetPassword),
  "session.reset": action(z.strictObject({}), resetSession),
};

/** `user.lookup`, also what `login_hint` does at authorize under an MFA-only policy. */
export function lookUp(world: World, flow: Flow, username: string): Outcome {
  const account = world.accounts.get(username);
  if (flow.request.policy.password) {
    // Known or not, the answer is the same: identifier-first tells nobody who exists.
    flow.username = username;
    flow.status = "PASSWORD_REQUIRED";
    return done;
  }
  if (account === undefined) {
    const message = "No user has this username.";
    return refused(because({ code: "INVALID_VALUE", target: "username", message }));
  }
  if (!account.person.enabled) return refused(notUsable());
  const reason = againstMfa(account);
  if (reason !== undefined) return refused(reason);
  flow.username = username;
  beginMfa(world, flow, account);
  return done;
}

function checkPassword(world: World, flow: Flow, body: z.infer<typeof passwordBody>): Outcome {
  const account = world.accounts.get(body.username);
  const sameName = flow.username === undefined || flow.username === body.username;
  if (account === undefined || !sameName) return refused(badPassword(world));
  if (account.lock.lockedUntil() > 0) return refused(lockedOut(world, account));
  if (account.password === undefined) {
    return refused(because({ code: "NO_PASSWORD", message: "The user has no password." }));
  }
  if (account.password !== body.password) {
    account.lock.fail();
    return refused(badPassword(world));
  }
  account.lock.reset();
  const reason = account.person.enabled ? againstGoingOn(flow, account) : notUsable();
  if (reason !== undefined) return refused(reason);
  flow.username = body.username;
  flow.amr.push("pwd");
  afterPassword(world, flow, account);
  return done;
}

function badPassword(world: World): Reason {
  const message = "Invalid username and/or password.";
  switch (world.switches.badPassword) {
    case "200-with-error":
      return { ...because({ code: "INVALID_CREDENTIALS", message }), sampledIn: "open-200" };
    case "400-invalid-credentials":
      return because({ code: "INVALID_CREDENTIALS", message });
    case "400-invalid-value":
      return because({ code: "INVALID_VALUE", target: "username", message, innerError: {} });
  }
}

function lockedOut(world: World, account: Account): Reason {
  const seconds = Math.ceil((account.lock.lockedUntil() - world.clock.now()) / 1000);
  const tells = world.switches.lockedTells && Number.isFinite(seconds);
  const message = "The account is locked after too many failed attempts.";
  const innerError = tells ? { innerError: { secondsUntilUnlock: seconds } } : {};
  return because({ code: "PASSWORD_LOCKED_OUT", target: "password", message, ...innerError });
}

function notUsable(): Reason {
  return because({ code: "ACCOUNT_NOT_USABLE", message: "The account is not usable." });
}

function checkOtp(world: World, flow: Flow, { otp }: z.infer<typeof otpBody>): Outcome {
  const { selected, account } = flow;
  if (selected === undefined || account === undefined) return refused(unknownDevice());
  if (selected.lock.lockedUntil() > 0) return refused(quotaExceeded(world, selected.lock.lockedUntil()));
  const current = flow.otp !== undefined && world.clock.now() < flow.otp.expiresAt;
  if (!current || flow.otp?.code !== otp) {
    const attemptsRemaining = selected.lock.fail();
    const message = "The provided one-time passcode is not valid.";
    const innerError = { attemptsRemaining };
    return refused(because({ code: "INVALID_OTP", target: "otp", message, innerError }));
  }
  selected.lock.reset();
  flow.otp = undefined;
  flow.amr.push("otp");
  complete(world, flow, account);
  return done;
}

function quotaExceeded(world: World, coolDownExpiresAt: number): Reason {
  const message = "Too many invalid attempts. The device is cooling down.";
  const innerError = world.switches.lockedTells ? { innerError: { coolDownExpiresAt } } : {};
  return because({ code: "QUOTA_EXCEEDED", target: "otp", message, ...innerError });
}

function selectById(world: World, flow: Flow, id: string): Outcome {
  const device = flow.account?.devices.find((candidate) => candidate.id === id && candidate.usable);
  if (device === undefined) return refused(unknownDevice());
  const until = device.lock.lockedUntil();
  if (until > 0) return refused(quotaExceeded(world, until));
  selectDevice(world, flow, device);
  return done;
}

function unknownDevice(): Reason {
  return because({ code: "INVALID_VALUE", target: "device.id", message: "No such device." });
}

function resetPassword(world: World, flow: Flow, body: z.infer<typeof resetBody>): Outcome {
  const { account } = flow;
  if (account === undefined || account.password !== body.currentPassword) {
    const message = "The current password is not valid.";
    return refused(because({ code: "INVALID_VALUE", target: "currentPassword", message }));
  }
  const unsatisfiedRequirements = weaknesses(body);
  if (unsatisfiedRequirements.length > 0) {
    const message = "The new password does not satisfy the password policy.";
    const innerError = { unsatisfiedRequirements };
    return refused(because({ code: "INVALID_VALUE", target: "newPassword", message, innerError }));
  }
  account.password = body.newPassword;
  account.passwordState = "OK";
  const reason = againstGoingOn(flow, account);
  if (reason !== undefined) return refused(reason);
  afterPassword(world, flow, account);
  return done;
}

function weaknesses({ currentPassword, newPassword }: z.infer<typeof resetBody>): string[] {
  return [
    ...(newPassword.length < 8 ? ["length"] : []),
    ...(newPassword === currentPassword ? ["history"] : []),
  ];
}

function resetSession(_world: World, flow: Flow): Outcome {
  flow.status = flow.request.policy.start;
  flow.username = undefined;
  flow.account = undefined;
  flow.amr = [];
  return done;
}
