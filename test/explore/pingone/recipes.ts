import type { StartCommand } from "../../../lib/flow/provider.ts";
import type { RejectionReason } from "../../../lib/flow/step-definition.ts";
import { type StepName, steps } from "../../../lib/flow/steps.ts";
import type { Fault, FaultKind } from "../../simulator/faults.ts";
import { type Person, people } from "../../simulator/people.ts";
import type { Place } from "../../simulator/reason.ts";
import type { Switches } from "../../simulator/switches.ts";
import type { StartCall } from "./calls.ts";
import type { StandIn } from "./stand-in.ts";
import { actionsIn, strangeStatus } from "./statuses.ts";

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
  "PingOne finds fault with what was chosen (malformed)": (step) => [rejectionOf(step, "malformed")],
  "PingOne finds fault with what was chosen (new-password)": (step) => [rejectionOf(step, "new-password")],
  "PingOne says it is locked": () => [
    { code: "PASSWORD_LOCKED_OUT", innerError: { secondsUntilUnlock: 60 } },
  ],
  "PingOne says it is locked for good": () => [{ code: "PASSWORD_LOCKED_OUT" }],
  "PingOne finds no device": () => [{ code: "NO_USABLE_DEVICES" }],
  "PingOne has had too many": () => [{ code: "LIMIT_EXCEEDED" }],
};

function rejectionOf(step: StepName, means?: RejectionReason["means"]) {
  const reasons: readonly RejectionReason[] = steps[step].rejections;
  const found = reasons.find((one) => one.means === means);
  if (found === undefined) throw new Error(`${step} rejects nothing like that.`);
  const { code, target } = found;
  return { code, ...(target === undefined ? {} : { target }) };
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
  "PingOne ends the flow, and says nothing that we know": faulty({ kind: "failed", code: "NOBODY_KNOWS" }),
  "PingOne gives tokens": {},
  "PingOne gives tokens that can't be read": faulty({ kind: "unreadable" }),
  "the verifier is of another challenge": {
    before: (standIn) => {
      standIn.jar = { ...standIn.jar, codeChallenge: "c".repeat(43) };
    },
  },
  "PingOne no longer knows the code": { before: ({ pass }) => pass(2 * 60_000) },
  "PingOne denies tokens to the application": faulty({
    ...{ kind: "reply", status: 400, applied: false },
    body: { error: "unauthorized_client" },
  }),
  "PingOne ends the session": {},
  "PingOne ends the session, and an error comes": faulty({ kind: "status", status: 503, applied: true }),
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

/** Whom nobody knows. */
const nobody = { username: "nobody@example.com", id: "00000000-0000-4000-8000-000000000099" };

/** What a start is asked with, to begin as the model has it. */
export function startFor(
  name: string,
  named: StartCall["named"],
): Pick<StartCommand, "loginHint" | "policy" | "subject"> {
  const usual = name.includes("USERNAME_PASSWORD") ? "Self_Service" : "Passwordless";
  if (named === undefined) return { policy: usual, loginHint: undefined };
  const { username, id } = whoFor(name);
  const hint = named === "by the client" ? { loginHint: username } : { loginHint: undefined, subject: id };
  return { policy: name.includes("SIGN_ON") ? "Identifier_First" : usual, ...hint };
}

function whoFor(name: string): Pick<Person, "id" | "username"> {
  const { emailOtp, noUsableDevice, passwordOnly } = people;
  switch (name) {
    case "PingOne rejects it":
      return nobody;
    case "PingOne finds no device":
      return noUsableDevice;
    case "PingOne begins with COMPLETED":
      return passwordOnly;
    default:
      return emailOtp;
  }
}

/** What has to happen before a start, where it names somebody. */
export function recipeForStart(name: string, named: StartCall["named"]): Recipe | undefined {
  // What stands for a person whom nobody knows, or who has no device, needs no fault.
  const isByName = name === "PingOne rejects it" || name === "PingOne finds no device";
  if (named !== undefined && isByName) return {};
  if (name === "PingOne begins with COMPLETED") return { switches: { noDevicesMode: "BYPASS" } };
  // No policy of the simulator's that takes a hint asks for such things.
  const status = /^PingOne begins with (.*(?:CONSENT|PROFILE).*)$/.exec(name)?.[1];
  return status === undefined ? recipeFor(name) : faulty(begunAt(status));
}

/** A flow in a status, as an answer. */
function begunAt(status: string): FaultKind {
  const links = ["self", ...actionsIn(status)].map((action) => [action, { href: "/" }]);
  const body = { id: "11111111-2222-4333-8444-555555555555", status, _links: Object.fromEntries(links) };
  return { kind: "reply", status: 200, body };
}
