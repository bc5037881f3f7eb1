import { askToStart } from "./ask.ts";
import { traceUpstream } from "./conclude.ts";
import type { FlowPorts, Trace } from "./context.ts";
import { withCount } from "./counted.ts";
import { reasonProblem, stateOf } from "./decide.ts";
import type { FlowState } from "./flow.ts";
import type { Jar } from "./jar.ts";
import { admit, withPerson } from "./limits.ts";
import type { FlowProblem } from "./problems.ts";
import {
  type DeviceContext,
  namesSomebody,
  type Refusal,
  type StartCommand,
  type UpstreamReply,
} from "./provider.ts";
import { steps } from "./steps.ts";
import type { NewFlow } from "./store.ts";

/** A flow that is to be begun with PingOne. */
export interface Beginning {
  readonly command: StartCommand;
  /** Of the person who is to prove themselves anew. */
  readonly idToken?: string | undefined;
  readonly device: DeviceContext;
  readonly network?: string | undefined;
  readonly trace: Trace;
}

/**
 * What came of asking PingOne to begin a flow. `refused`: it took nothing up. `ended`: it looked at what it
 * was asked, or may have, and there is no flow to go on with; `status` is how a row says so.
 */
export type Begun =
  | { readonly kind: "begun"; readonly flow: NewFlow }
  | { readonly kind: "refused"; readonly problem: FlowProblem }
  | {
      readonly kind: "ended";
      readonly problem: FlowProblem;
      readonly status: "FAILED" | "RESTART_REQUIRED" | "UNSUPPORTED";
      readonly jar: Jar;
    };

/** Whether PingOne may be asked, and for what: `person` is from the limits. */
export type StartAdmission =
  | { readonly kind: "admitted"; readonly beginning: Beginning; readonly person: string | undefined }
  | { readonly kind: "refused"; readonly problem: FlowProblem };

/**
 * What an ID token and the limits tell against a start. A hint may send codes, and tells as much of a name as
 * a lookup.
 */
export async function admitStart(ports: FlowPorts, asked: Beginning): Promise<StartAdmission> {
  const named = await withSubject(ports, asked);
  if (named.kind === "refused") return named;
  const { beginning } = named;
  const { command, network } = beginning;
  const name = command.subject ?? command.loginHint;
  const admission = await admit(ports, { name, network, sendsMessage: namesSomebody(command) });
  return admission.kind === "refused" ? admission : { ...admission, beginning };
}

/** The start with whom its ID token names. Nothing that the sender signed themselves gets that far. */
async function withSubject(
  { provider }: FlowPorts,
  beginning: Beginning,
): Promise<{ kind: "named"; beginning: Beginning } | { kind: "refused"; problem: FlowProblem }> {
  const { command, idToken } = beginning;
  if (idToken === undefined) return { kind: "named", beginning };
  const read = await provider.verify(idToken, command.application);
  switch (read.kind) {
    case "verified":
      return { kind: "named", beginning: { ...beginning, command: { ...command, subject: read.subject } } };
    case "refused":
      return {
        kind: "refused",
        problem: { error: "request-invalid", fields: [{ name: "idToken", reason: "unknown" }] },
      };
    case "unavailable":
      return { kind: "refused", problem: { error: "upstream-unavailable" } };
    case "early":
      return { kind: "refused", problem: { error: "rate-limited", retryAfter: read.retryAfter } };
  }
}

/**
 * Asks PingOne to begin a flow, once. Never throws for what PingOne or the network does.
 *
 * @param person from the limits: whom a hint names
 */
export async function begin(
  ports: FlowPorts,
  { command, device, trace }: Beginning,
  person: string | undefined,
): Promise<Begun> {
  const sentAt = ports.clock.now();
  const upstream = await askToStart(ports, command, device);
  const createdAt = ports.clock.now();
  traceUpstream(trace, upstream, createdAt - sentAt);
  return begunBy(withPerson(upstream, person), createdAt);
}

/** Whether PingOne asks for no credential, as of somebody proved (docs/pingone.md §9, row 5). */
function asksForNone({ status, next }: FlowState): boolean {
  return status === "COMPLETED" || next.some((step) => steps[step].afterProof === true);
}

function begunBy({ answer, jar }: UpstreamReply, createdAt: number): Begun {
  switch (answer.kind) {
    case "flow": {
      const state = stateOf(answer.flow, createdAt, createdAt);
      // Nobody has proved anything yet, and whoever is only named must not come to a code by a consent.
      return asksForNone(state) ? unled(jar) : { kind: "begun", flow: { createdAt, state, jar } };
    }
    case "failed":
    case "locked":
    case "rejected":
      // A start says of a name what a lookup would. PingOne's flow is dropped, whatever became of it.
      return { kind: "ended", status: "FAILED", jar, problem: problemOf(answer) };
    case "rate-limited":
      return { kind: "refused", problem: problemOf(answer) };
    case "unsupported":
    case "authorized":
    case "redeemed":
      return unled(jar);
    case "denied":
    case "gone":
    case "signed-out":
      return { kind: "ended", status: "FAILED", jar, problem: { error: "flow-failed" } };
    case "refused":
      return { kind: "refused", problem: { error: "flow-failed" } };
    case "unsent":
      return { kind: "refused", problem: { error: "upstream-unavailable" } };
    case "doubtful":
      return { kind: "ended", status: "RESTART_REQUIRED", jar, problem: { error: "restart-required" } };
  }
}

/** What PingOne gave for a start that we lead nobody on from is dropped. */
function unled(jar: Jar): Begun {
  const empty = { ...jar, upstreamFlowId: "", cookies: [] };
  return { kind: "ended", status: "UNSUPPORTED", jar: empty, problem: { error: "unsupported-step" } };
}

function problemOf(answer: Refusal): FlowProblem {
  return withCount(reasonProblem("lookup", answer), false);
}
