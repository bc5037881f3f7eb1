import { PASSWORD_ATTEMPTS } from "./accounts.ts";
import { people } from "./people.ts";
import type { Place } from "./reason.ts";
import type { createClient, Reply } from "./test-client.ts";

type Client = ReturnType<typeof createClient>;

/** One reason at one step: how a client comes there, what it asks, and what PingOne says. */
export interface ReasonCase {
  readonly name: string;
  readonly code: string;
  readonly target: string | undefined;
  readonly sampledIn: Place;
  /** The flow's status before, and after where it goes on. */
  readonly stays: string;
  /** Whether the asking starts the flow, which an error body then never names. */
  readonly starts: boolean;
  readonly lead: (client: Client) => Promise<unknown>;
  readonly ask: (client: Client) => Promise<Reply>;
}

type Given = Pick<ReasonCase, "name" | "code" | "lead" | "ask"> & Partial<ReasonCase>;

const right = people.passwordOnly.password;
const stranger = { username: "stranger@example.com" };
const ending = { sampledIn: "failed-200" } as const;

const common = { target: undefined, sampledIn: "body-4xx", starts: false } as const;
const atPassword = (given: Given): ReasonCase => ({
  ...common,
  stays: "USERNAME_PASSWORD_REQUIRED",
  ...given,
});
const atOtp = (given: Given): ReasonCase => ({ ...common, stays: "OTP_REQUIRED", ...given });

const toPassword = (client: Client) => client.start("Multi_Factor");
const toCode = async (client: Client, username: string = people.emailOtp.username) => {
  await client.start("Passwordless");
  await client.lookup({ username });
};

/** Tries wrong codes until the device cools down, with a new flow wherever a try ended one. */
async function toCoolDown(client: Client): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await toCode(client);
    await client.otp("wrong!");
  }
  await toCode(client);
}

async function toLockOut(client: Client): Promise<void> {
  for (let attempt = 0; attempt < PASSWORD_ATTEMPTS; attempt += 1) {
    await toPassword(client);
    await client.password(people.emailOtp, "wrong");
  }
  await toPassword(client);
}

/** A refused name comes to a lookup and, as a hint, to the start. */
function atLookup(name: string, code: string, { username }: { username: string }, more: Partial<ReasonCase>) {
  const both = { ...common, code, stays: "SIGN_ON_REQUIRED", ...more };
  const lookup: ReasonCase = {
    ...both,
    name: `${name}, at lookup`,
    lead: (client) => client.start("Passwordless"),
    ask: (client) => client.lookup({ username }),
  };
  const start: ReasonCase = {
    ...both,
    name: `${name}, as a hint`,
    starts: true,
    lead: async () => undefined,
    ask: (client) => client.start("Passwordless", { login_hint: username }),
  };
  return [lookup, start];
}

/** Every reason that the stand-in gives to an action or at the start. */
export const reasonCases: readonly ReasonCase[] = [
  atPassword({
    name: "a wrong password",
    code: "INVALID_VALUE",
    target: "username",
    lead: toPassword,
    ask: (client) => client.password(people.emailOtp, "wrong"),
  }),
  atPassword({
    name: "an unknown name",
    code: "INVALID_VALUE",
    target: "username",
    lead: toPassword,
    ask: (client) => client.password(stranger),
  }),
  ...[people.lockedTimed, people.lockedForever].map((person) =>
    atPassword({
      name: `a lock, ${person.username}`,
      code: "PASSWORD_LOCKED_OUT",
      target: "password",
      lead: toPassword,
      ask: (client) => client.password(person),
    }),
  ),
  atPassword({
    name: "a lock by trying",
    code: "PASSWORD_LOCKED_OUT",
    target: "password",
    lead: toLockOut,
    ask: (client) => client.password(people.emailOtp),
  }),
  atPassword({
    name: "a disabled account",
    code: "ACCOUNT_NOT_USABLE",
    lead: toPassword,
    ask: (client) => client.password(people.disabled),
  }),
  atPassword({
    name: "an account without a password",
    code: "NO_PASSWORD",
    lead: toPassword,
    ask: (client) => client.password(people.noPassword, right),
  }),
  atPassword({
    ...ending,
    name: "no second factor",
    code: "MFA_DISABLED",
    lead: toPassword,
    ask: (client) => client.password(people.passwordOnly),
  }),
  atPassword({
    ...ending,
    name: "no usable device",
    code: "NO_USABLE_DEVICES",
    lead: toPassword,
    ask: (client) => client.password(people.noUsableDevice),
  }),
  ...atLookup("an unknown name", "INVALID_VALUE", stranger, { target: "username" }),
  ...atLookup("a disabled account", "ACCOUNT_NOT_USABLE", people.disabled, {}),
  ...atLookup("no second factor", "MFA_DISABLED", people.passwordOnly, ending),
  ...atLookup("no usable device", "NO_USABLE_DEVICES", people.noUsableDevice, ending),
  atOtp({
    name: "a wrong code",
    code: "INVALID_OTP",
    target: "otp",
    lead: toCode,
    ask: (client) => client.otp("wrong!"),
  }),
  atOtp({
    name: "a code for a device that cools down",
    code: "QUOTA_EXCEEDED",
    target: "otp",
    lead: toCoolDown,
    ask: (client) => client.otp("123456"),
  }),
  atOtp({
    name: "the choice of a device that cools down",
    code: "QUOTA_EXCEEDED",
    target: "otp",
    lead: toCoolDown,
    ask: (client) => client.device(people.emailOtp.devices[0].id),
  }),
  atOtp({
    name: "the choice of somebody else's device",
    code: "INVALID_VALUE",
    target: "device.id",
    stays: "DEVICE_SELECTION_REQUIRED",
    lead: (client) => toCode(client, people.twoDevices.username),
    ask: (client) => client.device(people.emailOtp.devices[0].id),
  }),
  ...(["currentPassword", "newPassword"] as const).map((target) =>
    atPassword({
      name: `a new password that is refused for its ${target}`,
      code: "INVALID_VALUE",
      target,
      stays: "PASSWORD_EXPIRED",
      lead: async (client) => {
        await client.start("Single_Factor");
        await client.password(people.passwordExpired);
      },
      ask: (client) =>
        client.act("password.reset", {
          currentPassword: right,
          newPassword: "Quiet-Meadow-77",
          [target]: "short",
        }),
    }),
  ),
];
