import type { ClientStep } from "../../../lib/flow/steps.ts";
import { people, type Person as Seeded } from "../../simulator/people.ts";
import type { ApiCall } from "./api.ts";
import type { Person } from "./person.ts";
import { pick, type Random } from "./random.ts";

const { passwordOnly, emailOtp, smsOtp, twoDevices, noPassword } = people;
const withDevice = [emailOtp, smsOtp, twoDevices] as const;

/** Whom each of the seeded policies leads to a code. */
const policies: readonly { readonly policy: string; readonly whom: readonly Seeded[] }[] = [
  { policy: "Single_Factor", whom: [passwordOnly, ...withDevice] },
  { policy: "Identifier_First", whom: [passwordOnly, ...withDevice] },
  { policy: "Multi_Factor", whom: withDevice },
  { policy: "Passwordless", whom: [...withDevice, noPassword] },
];

/** One who signs on, and under which policy. */
interface SignOn {
  readonly policy: string;
  readonly who: Seeded;
}

/**
 * How often somebody who is asked for a code chooses a device instead: another, or the same for a new code.
 */
const choosesAgain = 0.2;

/** Draws a policy and somebody whom it leads to a code. */
export function drawSignOn(random: Random): SignOn {
  const { policy, whom } = pick(random, policies);
  return { policy, who: pick(random, whom) };
}

/**
 * What the person does next, as the last reply offers it; nothing where it offers nothing that they could do.
 */
export function drawStep(
  { who }: SignOn,
  person: Person,
  random: Random,
): { readonly step: ClientStep; readonly body: ApiCall["body"] } | undefined {
  const next = person.sent.at(-1)?.reply?.body.next ?? [];
  const { username, password = "" } = who;
  const isChoosing = !next.includes("otp") || random.chance(choosesAgain);
  if (next.includes("resume")) return { step: "resume", body: undefined };
  if (next.includes("password")) return { step: "password", body: { username, password } };
  if (next.includes("lookup")) return { step: "lookup", body: { username } };
  if (next.includes("device") && isChoosing) {
    return { step: "device", body: { deviceId: pick(random, who.devices).id } };
  }
  return next.includes("otp") ? { step: "otp", body: { otp: codeSentBy(person) } } : undefined;
}

// Many may sign on as the same person at once: only the call that had it sent tells whose code it is.
function codeSentBy({ stage, sent }: Person): string {
  const flowId = stage.callsOf(sent.at(-1)?.call.tag ?? "")[0]?.flowId;
  return stage.simulator.inbox.all().findLast((message) => message.flowId === flowId)?.code ?? "";
}
