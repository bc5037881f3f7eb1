import { type StepName, steps } from "../../../lib/flow/steps.ts";
import type { Fault, FaultKind } from "../../simulator/faults.ts";
import { people } from "../../simulator/people.ts";
import type { Place } from "../../simulator/reason.ts";
import type { Switches } from "../../simulator/switches.ts";
import type { StandIn } from "./stand-in.ts";
import { strangeStatus } from "./statuses.ts";

/** How the simulator is brought to give an answer of the model's. */
export interface Recipe {
  readonly switches?: Partial<Switches>;
  /** What has to happen before the call. */
  readonly before?: (standIn: StandIn, step: StepName) => Promise<void> | void;
}

type Details = Extract<Fault, { kind: "reason" }>["details"];

function faulty(fault: FaultKind, switches: Partial<Switches> = {}): Recipe {
  return { switches, before: ({ script }) => script(fault) };
}

/** The flow as it is by now, and no cookie with it. */
function cookieless(switches: Partial<Switches>, before: Recipe["before"] = () => undefined): Recipe {
  return {
    switches,
    before: async (standIn, step) => {
      await before(standIn, step);
      const { upstreamFlowId: id } = standIn.jar;
      standIn.script({
        kind: "reply",
        status: 200,
        body: { id, status: "COMPLETED", _links: { self: { href: "/" } } },
      });
    },
  };
}

const approves: Recipe["before"] = ({ answerPush }) => answerPush("approve");

const reasons: Readonly<Record<string, (step: StepName) => Details>> = {
  "PingOne rejects it": (step) => [rejectionOf(step)],
  "PingOne says it is locked": () => [
    { code: "PASSWORD_LOCKED_OUT", innerError: { secondsUntilUnlock: 60 } },
  ],
  "PingOne says it is locked for good": () => [{ code: "PASSWORD_LOCKED_OUT" }],
  "PingOne finds no device": () => [{ code: "NO_USABLE_DEVICES" }],
  "PingOne has had too many": () => [{ code: "LIMIT_EXCEEDED" }],
};

function rejectionOf(step: StepName) {
  const [first] = steps[step].rejections;
  if (first === undefined) throw new Error(`${step} rejects nothing.`);
  return { ...first };
}

const places: Readonly<Record<string, Place>> = {
  "": "body-4xx",
  ", in a flow that goes on": "open-200",
  " in a flow that goes on": "open-200",
  ", and ends the flow": "failed-200",
};

const plain: Readonly<Record<string, Recipe>> = {
  "PingOne tells where the flow stands": {},
  "PingOne gives the code": {},
  "PingOne does not offer this": {},
  "PingOne has no such flow": {
    before: (standIn) => {
      standIn.jar = { ...standIn.jar, upstreamFlowId: "11111111-2222-4333-8444-555555555555" };
    },
  },
  "PingOne completes the flow": {},
  "PingOne completes the flow, the session comes with the next answer": cookieless({ repeatST: true }),
  "PingOne completes the flow, and no session comes": cookieless({}),
  "the person approves: PingOne completes the flow": { before: approves },
  "the person approves: PingOne completes the flow, the session comes with the next answer": cookieless(
    { repeatST: true },
    approves,
  ),
  "the person approves: PingOne completes the flow, and no session comes": cookieless({}, approves),
  "the person denies": { before: ({ answerPush }) => answerPush("deny") },
  "the person does not answer in time": { before: ({ pass }) => pass(2 * 60_000) },
  "PingOne goes on under another id": faulty({ kind: "changed-flow-id" }),
  "PingOne goes on to a status that nobody knows": faulty({ kind: "unknown-status", status: strangeStatus }),
  "PingOne goes on, and can't be read": faulty({ kind: "unreadable" }),
  "PingOne begins a flow, and can't be read": faulty({ kind: "unreadable" }),
  "PingOne gives a code that can't be read": faulty({ kind: "unreadable" }),
  "PingOne denies a code, and ends the flow": faulty({ kind: "failed", code: "DENIED" }),
  "PingOne turns the call away unread": faulty({ kind: "status", status: 415 }),
  "PingOne says to wait": faulty({ kind: "status", status: 429, retryAfter: 2 }),
  "PingOne speaks another protocol": faulty({ kind: "davinci" }),
  "PingOne has forgotten the flow": { before: ({ pass }) => pass(15 * 60_000) },
  "no answer comes": faulty({ kind: "reset", applied: false }),
  // The port on which nobody listens any more.
  "nothing is sent": { before: ({ close }) => close() },
};

/** The recipe for an outcome; nothing where the simulator can't be brought to it. */
export function recipeFor(name: string): Recipe | undefined {
  const own = plain[name] ?? (/^PingOne (goes on to|begins with) /.test(name) ? {} : undefined);
  return own ?? reasonFor(name);
}

function reasonFor(name: string): Recipe | undefined {
  const found = Object.entries(reasons).find(
    ([reason]) => places[name.replace(reason, "")] !== undefined && name.startsWith(reason),
  );
  if (found === undefined) return undefined;
  const [reason, details] = found;
  const place = places[name.slice(reason.length)];
  return (
    place && { before: ({ script }, step) => script({ kind: "reason", details: details(step), in: place }) }
  );
}

/** What a start is asked with, to begin as the model has it. */
export function startFor(
  name: string,
  isHinted: boolean,
): { readonly policy: string; readonly hint: string | undefined } {
  const named = name.includes("USERNAME_PASSWORD") ? "Self_Service" : "Passwordless";
  if (!isHinted) return { policy: named, hint: undefined };
  const { emailOtp, noUsableDevice } = people;
  if (name === "PingOne rejects it") return { policy: named, hint: "nobody@example.com" };
  if (name === "PingOne finds no device") return { policy: named, hint: noUsableDevice.username };
  return { policy: name.includes("SIGN_ON") ? "Identifier_First" : named, hint: emailOtp.username };
}
