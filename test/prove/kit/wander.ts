import type { ClientStep } from "../../../lib/flow/steps.ts";
import { people, type Person as Seeded } from "../../simulator/people.ts";
import type { ApiCall } from "./api.ts";
import { Person, type Sent } from "./person.ts";
import { pick, type Random } from "./random.ts";
import type { Stage } from "./stage.ts";

const { passwordOnly, emailOtp, smsOtp, twoDevices } = people;
const withDevice = [emailOtp, smsOtp, twoDevices] as const;

const policies: readonly { readonly policy: string; readonly whom: readonly Seeded[] }[] = [
  { policy: "Single_Factor", whom: [passwordOnly, ...withDevice] },
  { policy: "Identifier_First", whom: [passwordOnly, ...withDevice] },
  { policy: "Multi_Factor", whom: withDevice },
  { policy: "Passwordless", whom: withDevice },
];

/** More than any sign-on needs, and an end to one that leads nowhere. */
const mostRequests = 16;

/** How a sign-on went whose answers nobody can trust. */
export interface Wandered {
  readonly person: Person;
  /** Whether it ended with a code. */
  readonly authorized: boolean;
}

/**
 * Signs somebody on as far as the replies lead: takes what is offered, reads where nothing is, waits by
 * moving the clock, and ends with a code, with the flow, or after so many requests.
 *
 * @param after is told of every request with its reply
 */
export async function wander(
  stage: Stage,
  random: Random,
  after: (sent: Sent, person: Person) => Promise<void> | void,
): Promise<Wandered> {
  const { policy, whom } = pick(random, policies);
  const who = pick(random, whom);
  const person = new Person(stage);
  await person.start(policy).catch(() => undefined);
  for (let requests = 1; requests <= mostRequests; requests += 1) {
    const last = person.sent.at(-1);
    if (last === undefined) break;
    await after(last, person);
    // Whoever was told to wait has waited, and the next one as well.
    stage.clock.advance(Number(last.reply?.headers["retry-after"] ?? 0) * 1000);
    if (isOver(last)) return { person, authorized: last.reply?.body.redirectUri !== undefined };
    const next = nextStep(stage, who, last, random);
    if (next === undefined) await person.status();
    else await person.step(next.step, next.body);
  }
  return { person, authorized: false };
}

function isOver({ call, reply }: Sent): boolean {
  const isStuck = reply?.http === 200 && reply.body.next?.length === 0 && reply.body.pending === undefined;
  const isUnbegun = call.name === "start" && reply?.http !== 201;
  return reply === undefined || isUnbegun || isStuck || reply.body.flowEnded === true || hasCode(reply);
}

function hasCode(reply: Sent["reply"]): boolean {
  return reply?.body.redirectUri !== undefined;
}

function nextStep(
  { simulator }: Stage,
  { username, password = "", devices }: Seeded,
  { reply }: Sent,
  random: Random,
): { readonly step: ClientStep; readonly body: ApiCall["body"] } | undefined {
  const bodies: Readonly<Record<ClientStep, () => ApiCall["body"]>> = {
    resume: () => undefined,
    otp: () => ({ otp: simulator.inbox.latest(username)?.code ?? "000000" }),
    password: () => ({ username, password }),
    lookup: () => ({ username }),
    device: () => ({ deviceId: pick(random, devices.length > 0 ? devices : twoDevices.devices).id }),
  };
  const offered = (reply?.body.flow ?? reply?.body)?.next ?? [];
  const isChoosing = !offered.includes("otp") || random.chance(0.1);
  const step = inOrder.find((name) => offered.includes(name) && (name !== "device" || isChoosing));
  return step && { step, body: bodies[step]() };
}

const inOrder: readonly ClientStep[] = ["resume", "device", "otp", "password", "lookup"];
