import { people, type Person as Seeded } from "../../simulator/people.ts";
import type { Person } from "./person.ts";

/**
 * Those with one device that codes are sent to, and those whom PingOne signs nobody on as without a password.
 */
const { emailOtp, smsOtp, noPassword, disabled, noUsableDevice, passwordOnly, lockedTimed } = people;
export const withoutPassword: readonly Seeded[] = [
  ...[emailOtp, smsOtp, noPassword],
  ...[disabled, noUsableDevice, passwordOnly, lockedTimed],
];
const everybody: readonly Seeded[] = Object.values(people);

const foreign = "00000000-0000-4000-8000-000000000001";

type Body = (username: string, person: Person) => Readonly<Record<string, string>>;

/** One step about a name. */
interface Ask {
  readonly label: string;
  readonly step: Parameters<Person["step"]>[0];
  readonly body: Body;
}

/** Steps of one flow, in order. */
export interface Course {
  readonly policy: string;
  readonly whom: readonly Seeded[];
  readonly asks: readonly Ask[];
}

const named: Body = (username) => ({ username });
const nothing: Body = () => ({});
const registration: Body = (username) => ({ username, email: username, password: "Quiet-Meadow-76" });
const guessed: Body = (username) => ({ username, password: "Not-The-One-7" });

/** Everything that is asked about a name, before anybody is proved. */
export const courses: readonly Course[] = [
  {
    policy: "Passwordless",
    whom: withoutPassword,
    asks: [
      { label: "lookup, Passwordless", step: "lookup", body: named },
      { label: "the same device", step: "device", body: (_, person) => ({ deviceId: shownBy(person) }) },
      { label: "another's device", step: "device", body: () => ({ deviceId: foreign }) },
      // No code of the stand-in's is so short.
      { label: "wrong otp", step: "otp", body: () => ({ otp: "0000" }) },
    ],
  },
  {
    policy: "Identifier_First",
    whom: everybody,
    asks: [
      { label: "lookup, Identifier_First", step: "lookup", body: named },
      { label: "password after lookup", step: "password", body: guessed },
      { label: "reset after lookup", step: "reset", body: nothing },
    ],
  },
  {
    policy: "Self_Service",
    whom: everybody,
    asks: [
      { label: "a forgotten password", step: "password-forgot", body: named },
      { label: "another recovery code", step: "recovery-code", body: nothing },
      {
        label: "a wrong recovery code",
        step: "password-recover",
        body: () => ({ recoveryCode: "0000", newPassword: "Quiet-Meadow-75" }),
      },
    ],
  },
  {
    policy: "Self_Service",
    whom: everybody,
    asks: [
      { label: "a registration", step: "register", body: registration },
      { label: "another verification code", step: "verification-code", body: nothing },
      { label: "a wrong verification code", step: "verify", body: () => ({ verificationCode: "0000" }) },
    ],
  },
  {
    policy: "Single_Factor",
    whom: everybody,
    asks: [{ label: "password alone", step: "password", body: guessed }],
  },
];

function shownBy({ sent }: Person): string {
  const shown = sent.map(({ reply }) => reply?.body["selectedDevice"]).findLast((id) => id !== undefined);
  return typeof shown === "string" ? shown : foreign;
}
