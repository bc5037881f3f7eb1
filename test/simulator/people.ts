import { type Passkey, passkeyNamed } from "./passkey.ts";

/** How PingOne calls what sends or shows a code, is asked by a push, or signs. */
type DeviceType = "EMAIL" | "FIDO2" | "MOBILE" | "SMS" | "TOTP" | "VOICE" | "WHATSAPP";

/**
 * A pairable second factor. `to` is the bare address, or a name; PingOne only ever shows an address masked.
 */
export interface Device {
  readonly id: string;
  readonly type: DeviceType;
  readonly to: string;
  readonly usable: boolean;
  /** A `MOBILE` that can't be pushed shows a code. */
  readonly isPushed?: boolean;
  /** Of a `FIDO2`. */
  readonly passkey?: Passkey;
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
  /** The first device is taken without asking, though there are others (`DEFAULT_TO_FIRST`). */
  readonly usesFirst?: boolean;
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

const passkeyOf = (n: string, name: string) => ({
  ...device(n, "FIDO2", name),
  passkey: passkeyNamed(name),
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
 * | `passkey` | kit@example.com | one `FIDO2` device: `ASSERTION_REQUIRED` |
 * | `passkeyAndMail` | pia@example.com | the same at once, and an `EMAIL` device to choose |
 * | `pushAndSms` | paula@example.com | a push at once, and an `SMS` device to choose |
 * | `authenticator` | otto@example.com | one `TOTP` device: it shows the code |
 * | `mobileCode` | mona@example.com | one `MOBILE` device without push: it shows the code |
 * | `voice` | vera@example.com | one `VOICE` device, `*******31` |
 * | `whatsApp` | wes@example.com | one `WHATSAPP` device, `*******32` |
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
  passkey: {
    ...plain,
    id: userId("30"),
    username: "kit@example.com",
    given: "Kit",
    family: "Keller",
    devices: [passkeyOf("30", "Kit's passkey")],
  },
  passkeyAndMail: {
    ...plain,
    id: userId("31"),
    username: "pia@example.com",
    given: "Pia",
    family: "Quinn",
    devices: [passkeyOf("31", "Pia's passkey"), device("32", "EMAIL", "pia@example.com")],
    usesFirst: true,
  },
  pushAndSms: {
    ...plain,
    id: userId("32"),
    username: "paula@example.com",
    given: "Paula",
    family: "Reed",
    devices: [device("33", "MOBILE", "Paula's phone"), device("34", "SMS", "+15550100033")],
    usesFirst: true,
  },
  authenticator: {
    ...plain,
    id: userId("33"),
    username: "otto@example.com",
    given: "Otto",
    family: "Stone",
    devices: [device("35", "TOTP", "Otto's authenticator")],
  },
  mobileCode: {
    ...plain,
    id: userId("34"),
    username: "mona@example.com",
    given: "Mona",
    family: "Turner",
    devices: [{ ...device("36", "MOBILE", "Mona's phone"), isPushed: false }],
  },
  voice: {
    ...plain,
    id: userId("35"),
    username: "vera@example.com",
    given: "Vera",
    family: "Underwood",
    devices: [device("37", "VOICE", "+15550100031")],
  },
  whatsApp: {
    ...plain,
    id: userId("36"),
    username: "wes@example.com",
    given: "Wes",
    family: "Vance",
    devices: [device("38", "WHATSAPP", "+15550100032")],
  },
} as const satisfies Record<string, Person>;
