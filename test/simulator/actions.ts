import * as z from "zod";
import type { Account } from "./accounts.ts";
import type { Answer } from "./answers.ts";
import { invalidData } from "./answers.ts";
import { parseBody } from "./bodies.ts";
import type { Flow, FlowError } from "./flow.ts";
import { afterPassword, beginMfa, complete, selectDevice } from "./steps.ts";
import type { World } from "./world.ts";

/** How an action ended: the flow is shown, maybe beside an error; or another answer is given. */
export type Outcome =
  | { readonly accepted: true; readonly error?: FlowError }
  | { readonly accepted: false; readonly answer: Answer };

type Action = (world: World, flow: Flow, body: unknown) => Outcome;

const accepted: Outcome = { accepted: true };
const refused = (answer: Answer): Outcome => ({ accepted: false, answer });

function action<Body>(
  schema: z.ZodType<Body>,
  run: (world: World, flow: Flow, body: Body) => Outcome,
): Action {
  return (world, flow, body) => {
    const parsed = parseBody(schema, body);
    return parsed.ok ? run(world, flow, parsed.value) : refused(parsed.answer);
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
    return accepted;
  }
  if (account === undefined) {
    return refused(
      invalidData({ code: "INVALID_VALUE", target: "username", message: "No user has this username." }),
    );
  }
  if (!account.person.enabled) return refused(notUsable());
  flow.username = username;
  beginMfa(world, flow, account);
  return accepted;
}

function checkPassword(world: World, flow: Flow, body: z.infer<typeof passwordBody>): Outcome {
  const account = world.accounts.get(body.username);
  const sameName = flow.username === undefined || flow.username === body.username;
  if (account === undefined || !sameName) return badPassword(world);
  if (account.lock.lockedUntil() > 0) return refused(lockedOut(world, account));
  if (account.password === undefined) {
    return refused(invalidData({ code: "NO_PASSWORD", message: "The user has no password." }));
  }
  if (account.password !== body.password) {
    account.lock.fail();
    return badPassword(world);
  }
  account.lock.reset();
  if (!account.person.enabled) return refused(notUsable());
  flow.username = body.username;
  flow.amr.push("pwd");
  afterPassword(world, flow, account);
  return accepted;
}

function badPassword(world: World): Outcome {
  const message = "Invalid username and/or password.";
  switch (world.switches.badPassword) {
    case "200-with-error":
      return { accepted: true, error: { code: "INVALID_CREDENTIALS", message } };
    case "400-invalid-credentials":
      return refused(invalidData({ code: "INVALID_CREDENTIALS", message }));
    case "400-invalid-value":
      return refused(invalidData({ code: "INVALID_VALUE", target: "username", message, innerError: {} }));
  }
}

function lockedOut(world: World, account: Account): Answer {
  const seconds = Math.ceil((account.lock.lockedUntil() - world.clock.now()) / 1000);
  const tells = world.switches.lockedTells && Number.isFinite(seconds);
  const message = "The account is locked after too many failed attempts.";
  const innerError = tells ? { innerError: { secondsUntilUnlock: seconds } } : {};
  return invalidData({ code: "PASSWORD_LOCKED_OUT", target: "password", message, ...innerError });
}

function notUsable(): Answer {
  return invalidData({ code: "ACCOUNT_NOT_USABLE", message: "The account is not usable." });
}

function checkOtp(world: World, flow: Flow, { otp }: z.infer<typeof otpBody>): Outcome {
  const { selected, account } = flow;
  if (selected === undefined || account === undefined) return refused(unknownDevice());
  if (selected.lock.lockedUntil() > 0) return refused(quotaExceeded(world, selected.lock.lockedUntil()));
  const current = flow.otp !== undefined && world.clock.now() < flow.otp.expiresAt;
  if (!current || flow.otp?.code !== otp) {
    const attemptsRemaining = selected.lock.fail();
    const message = "The provided one-time passcode is not valid.";
    return refused(
      invalidData({ code: "INVALID_OTP", target: "otp", message, innerError: { attemptsRemaining } }),
    );
  }
  selected.lock.reset();
  flow.otp = undefined;
  flow.amr.push("otp");
  complete(world, flow, account);
  return accepted;
}

function quotaExceeded(world: World, coolDownExpiresAt: number): Answer {
  const message = "Too many invalid attempts. The device is cooling down.";
  const innerError = world.switches.lockedTells ? { innerError: { coolDownExpiresAt } } : {};
  return invalidData({ code: "QUOTA_EXCEEDED", target: "otp", message, ...innerError });
}

function selectById(world: World, flow: Flow, id: string): Outcome {
  const device = flow.account?.devices.find((candidate) => candidate.id === id && candidate.usable);
  if (device === undefined) return refused(unknownDevice());
  const until = device.lock.lockedUntil();
  if (until > 0) return refused(quotaExceeded(world, until));
  selectDevice(world, flow, device);
  return accepted;
}

function unknownDevice(): Answer {
  return invalidData({ code: "INVALID_VALUE", target: "device.id", message: "No such device." });
}

function resetPassword(world: World, flow: Flow, body: z.infer<typeof resetBody>): Outcome {
  const { account } = flow;
  if (account === undefined || account.password !== body.currentPassword) {
    const message = "The current password is not valid.";
    return refused(invalidData({ code: "INVALID_VALUE", target: "currentPassword", message }));
  }
  const unsatisfiedRequirements = weaknesses(body);
  if (unsatisfiedRequirements.length > 0) {
    const message = "The new password does not satisfy the password policy.";
    const innerError = { unsatisfiedRequirements };
    return refused(invalidData({ code: "INVALID_VALUE", target: "newPassword", message, innerError }));
  }
  account.password = body.newPassword;
  account.passwordState = "OK";
  afterPassword(world, flow, account);
  return accepted;
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
  return accepted;
}
