import type { FlowPorts } from "../../lib/flow/context.ts";
import type { UpstreamReply } from "../../lib/flow/provider.ts";
import type { Answer } from "../../lib/flow/reply.ts";
import { actionOf, steps } from "../../lib/flow/steps.ts";
import type { ClaimResult, FlowStore } from "../../lib/flow/store.ts";
import { asksAtOnce, forgetsDeadlines, keepsTokens, retries } from "../prove/kit/broken-ports.ts";
import { namedDefect } from "../prove/kit/defects.ts";
import type { Defect } from "./ports.ts";
import { commandFor } from "./requests.ts";
import { application } from "./world.ts";

const device = {};

/**
 * A read that finds the step still on offer takes that for a proof that PingOne never saw it,
 * and sends it again.
 */
function resendsWhatIsUnchanged({ provider, ...ports }: FlowPorts): FlowPorts {
  const read: FlowPorts["provider"]["read"] = async (jar, asker, step) => {
    const reply = await provider.read(jar, asker, step);
    const action = actionOf(step);
    const { answer } = reply;
    const isOffered = answer.kind === "flow" && action !== undefined && answer.flow.actions.includes(action);
    return isOffered ? provider.act(commandFor(step), jar, application, device) : reply;
  };
  return { ...ports, provider: { ...provider, read } };
}

/** A poll whose answer is lost has spent nothing. */
function losesPolls({ provider, ...ports }: FlowPorts): FlowPorts {
  const unsent = (reply: UpstreamReply): UpstreamReply =>
    reply.answer.kind === "doubtful" ? { ...reply, answer: { kind: "unsent" } } : reply;
  const act: FlowPorts["provider"]["act"] = async (command, ...call) => {
    const reply = await provider.act(command, ...call);
    return steps[command.step].call.kind === "read" ? unsent(reply) : reply;
  };
  return { ...ports, provider: { ...provider, act } };
}

/** A row that can't be used is left as it is, with the claim on it. */
function leavesUnusable({ store, ...ports }: FlowPorts): FlowPorts {
  const left = (result: ClaimResult): ClaimResult =>
    result.kind === "unusable" ? { kind: "refused", found: { token: "current", flow: undefined } } : result;
  return {
    ...ports,
    store: {
      ...store,
      claim: async (request) => left(await store.claim(request)),
      takeOver: async (request) => left(await store.takeOver(request)),
    },
  };
}

/** A resume that was asked again once is given up. */
function givesUp({ store, provider, ...ports }: FlowPorts): FlowPorts {
  let isAskedAgain = false;
  const takeOver: FlowStore["takeOver"] = async (request) => {
    const won = await store.takeOver(request);
    isAskedAgain = won.kind === "held" && (won.claim.flow.resumeTries ?? 0) > 1;
    return won;
  };
  const act: FlowPorts["provider"]["act"] = async (command, jar, ...call) =>
    isAskedAgain ? { answer: { kind: "signed-out" }, jar } : provider.act(command, jar, ...call);
  return { ...ports, store: { ...store, takeOver }, provider: { ...provider, act } };
}

/** No settings of PingOne's are looked at. */
const noSettings = { baseUrl: "", timeoutMs: 0, forwardUserAgent: false, forwardAcceptLanguage: false };

/** A problem says of an attempt what its kind mostly means, whatever was lost. */
function saysWhatIsUsual({ reply, ...answer }: Answer): Answer {
  if (reply.kind !== "problem") return { reply, ...answer };
  const { attemptCounted: _, ...problem } = reply.problem;
  return { reply: { ...reply, problem }, ...answer };
}

/** A defect that the exploration has to find. */
export interface KnownDefect {
  readonly that: string;
  readonly defect: Defect;
  /** The check that finds it. */
  readonly check: string;
  /** The plans that are searched: a bound with so many faults fewer, and what their names have in them. */
  readonly bound: "one" | "two";
  readonly fewer: number;
  readonly plans: RegExp;
}

/** Functions that are broken in a matter of order or of loss. */
export const knownDefects: readonly KnownDefect[] = [
  {
    that: "claims only when it commits",
    defect: { ports: namedDefect("claims late", noSettings) },
    ...{ check: "one look", bound: "two", fewer: 2, plans: /^OTP_REQUIRED, w0 waits: otp \+ otp$/ },
  },
  {
    that: "lets old tokens act",
    defect: { ports: keepsTokens },
    ...{ check: "newest token", bound: "one", fewer: 2, plans: /^COMPLETED, session held: resume$/ },
  },
  {
    that: "sends again after a doubt",
    defect: { ports: retries },
    ...{ check: "one call", bound: "one", fewer: 2, plans: /^OTP_REQUIRED: otp$/ },
  },
  {
    that: "takes an unchanged status for leave to send again",
    defect: { ports: resendsWhatIsUnchanged },
    ...{
      check: "one call",
      bound: "one",
      fewer: 3,
      plans: /^OTP_REQUIRED, otp in doubt, PingOne as it was: status$/,
    },
  },
  {
    that: "asks for a code again whenever somebody comes",
    defect: { ports: asksAtOnce },
    ...{
      check: "in time",
      bound: "two",
      fewer: 1,
      plans: /^COMPLETED, session held, w0 waits: resume \+ status$/,
    },
  },
  {
    that: "claims what is over",
    defect: { ports: forgetsDeadlines },
    ...{ check: "in time", bound: "one", fewer: 2, plans: /^COMPLETED, session held: resume$/ },
  },
  {
    that: "takes its own write for another's",
    defect: { table: "takes its own for another's" },
    ...{ check: "true words", bound: "one", fewer: 2, plans: /^COMPLETED, session held: resume$/ },
  },
  {
    that: "says of a lost poll that it was not taken up",
    defect: { ports: losesPolls },
    ...{ check: "true words", bound: "one", fewer: 2, plans: /^PUSH_CONFIRMATION_REQUIRED: status$/ },
  },
  {
    that: "leaves a claim on a jar that does not open",
    defect: { ports: leavesUnusable },
    ...{ check: "true words", bound: "one", fewer: 3, plans: /^OTP_REQUIRED, broken jar, w0 waits: otp$/ },
  },
  {
    that: "counts the attempt of a claim whose replies are lost, and denies it",
    defect: { answer: saysWhatIsUsual },
    ...{ check: "true words", bound: "one", fewer: 2, plans: /^OTP_REQUIRED: otp$/ },
  },
  {
    that: "gives a resume up after one more try",
    defect: { ports: givesUp },
    ...{
      check: "deserved end",
      bound: "one",
      fewer: 2,
      plans: /^COMPLETED, session held, resume in doubt, PingOne as it was: resume$/,
    },
  },
  {
    that: "counts a limit again when a reply is lost",
    defect: { table: "counts again" },
    ...{ check: "limits count once", bound: "one", fewer: 2, plans: /^PASSWORD_REQUIRED: password$/ },
  },
];
