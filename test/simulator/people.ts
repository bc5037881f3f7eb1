/** A pairable second factor. `to` is the bare address; PingOne only ever shows it masked. */
export interface Device {
  readonly id: string;
  readonly type: "EMAIL" | "SMS" | "MOBILE";
  readonly to: string;
  readonly usable: boolean;
}

/** A seeded person. `username` is also the mail address. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly given: string;
  readonly family: string;
  /** Absent: the account has no password (`NO_PASSWORD`). */
  readonly password?: string;
  readonly passwordState: "OK" | "EXPIRED" | "MUST_CHANGE";
  readonly enabled: boolean;
  /** Seconds the account stays locked from the start of the stand-in; `Infinity` has no timed end. */
  readonly lockedForSeconds: number;
  readonly devices: readonly Device[];
}

const plain = {
  password: "Sunny-Harbour-42",
  passwordState: "OK",
  enabled: true,
  lockedForSeconds: 0,
  devices: [],
} as const;

const userId = (n: string) => `7d0e4a52-61c3-4f0b-8a55-0000000000${n}`;
const device = (n: string, type: Device["type"], to: string, usable = true): Device => ({
  id: `e1b2c3d4-5f60-4718-92a3-0000000000${n}`,
  type,
  to,
  usable,
});

/**
 * Who exists. Everyone's password is `Sunny-Harbour-42`; any other name is unknown.
 *
 * | Key | Username | What happens |
 * |---|---|---|
 * | `passwordOnly` | ann@example.com | no device: `FAILED`/`MFA_DISABLED` at a second factor |
 * | `emailOtp` | john@example.com | one `EMAIL` device, `jo****@example.com` |
 * | `smsOtp` | sam@example.com | one `SMS` device, `*******01` |
 * | `twoDevices` | dora@example.com | `EMAIL` and `SMS`: `DEVICE_SELECTION_REQUIRED` |
 * | `push` | petra@example.com | one `MOBILE` device: `PUSH_CONFIRMATION_REQUIRED` |
 * | `lockedTimed` | tim@example.com | `PASSWORD_LOCKED_OUT`, `secondsUntilUnlock` counts down from 3600 |
 * | `lockedForever` | nell@example.com | `PASSWORD_LOCKED_OUT` without `secondsUntilUnlock` |
 * | `passwordExpired` | eve@example.com | `PASSWORD_EXPIRED` after the right password; one `EMAIL` device |
 * | `temporaryPassword` | tom@example.com | `MUST_CHANGE_PASSWORD` after the right password; `EMAIL` |
 * | `disabled` | dan@example.com | `ACCOUNT_NOT_USABLE` after the password, or at a `Passwordless` lookup |
 * | `noUsableDevice` | nora@example.com | 200 `FAILED`/`NO_USABLE_DEVICES` at a second factor |
 * | `noPassword` | pam@example.com | `NO_PASSWORD`; one `EMAIL` device for `Passwordless` |
 */
export const people = {
  passwordOnly: { ...plain, id: userId("01"), username: "ann@example.com", given: "Ann", family: "Archer" },
  emailOtp: {
    ...plain,
    id: userId("02"),
    username: "john@example.com",
    given: "John",
    family: "Baker",
    devices: [device("02", "EMAIL", "john@example.com")],
  },
  smsOtp: {
    ...plain,
    id: userId("03"),
    username: "sam@example.com",
    given: "Sam",
    family: "Carter",
    devices: [device("03", "SMS", "+15550100001")],
  },
  twoDevices: {
    ...plain,
    id: userId("04"),
    username: "dora@example.com",
    given: "Dora",
    family: "Draper",
    devices: [device("04", "EMAIL", "dora@example.com"), device("05", "SMS", "+15550100045")],
  },
  push: {
    ...plain,
    id: userId("05"),
    username: "petra@example.com",
    given: "Petra",
    family: "Fisher",
    devices: [device("06", "MOBILE", "Petra's phone")],
  },
  lockedTimed: {
    ...plain,
    id: userId("06"),
    username: "tim@example.com",
    given: "Tim",
    family: "Glover",
    lockedForSeconds: 3600,
  },
  lockedForever: {
    ...plain,
    id: userId("07"),
    username: "nell@example.com",
    given: "Nell",
    family: "Hooper",
    lockedForSeconds: Number.POSITIVE_INFINITY,
  },
  passwordExpired: {
    ...plain,
    id: userId("08"),
    username: "eve@example.com",
    given: "Eve",
    family: "Mason",
    passwordState: "EXPIRED",
    devices: [device("08", "EMAIL", "eve@example.com")],
  },
  temporaryPassword: {
    ...plain,
    id: userId("09"),
    username: "tom@example.com",
    given: "Tom",
    family: "Miller",
    passwordState: "MUST_CHANGE",
    devices: [device("09", "EMAIL", "tom@example.com")],
  },
  disabled: {
    ...plain,
    id: userId("10"),
    username: "dan@example.com",
    given: "Dan",
    family: "Porter",
    enabled: false,
    devices: [device("10", "EMAIL", "dan@example.com")],
  },
  noUsableDevice: {
    ...plain,
    id: userId("11"),
    username: "nora@example.com",
    given: "Nora",
    family: "Sawyer",
    devices: [device("11", "EMAIL", "nora@example.com", false)],
  },
  noPassword: {
    id: userId("12"),
    username: "pam@example.com",
    given: "Pam",
    family: "Weaver",
    passwordState: "OK",
    enabled: true,
    lockedForSeconds: 0,
    devices: [device("12", "EMAIL", "pam@example.com")],
  },
} as const satisfies Record<string, Person>;
