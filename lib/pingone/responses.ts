import type { UpstreamAnswer } from "../flow/provider.ts";
import type { StepName } from "../flow/steps.ts";
import { isDaVinci } from "./da-vinci.ts";
import { type FlowBody, parseJson, readFlow } from "./flow-body.ts";
import { flowRefusal, readRefusal, startRefusal, stepRefusal } from "./refusals.ts";
import type { Exchange, HttpAnswer } from "./send.ts";
import { serverTime } from "./times.ts";

/** Which call an exchange belongs to: the same answer means different things. */
export type Call = FlowCall | OwnCall;

/**
 * A call that few functions make: they bring what reads its answer. `grant`: to the token endpoint and the
 * like.
 */
export interface OwnCall {
  readonly kind: "grant" | "resume";
  readonly read: (answered: HttpAnswer, now: number) => UpstreamAnswer;
}

/** A call that PingOne answers with the flow. */
type FlowCall =
  /** `spends`: it named a person, so PingOne may have sent them a code. */
  | { readonly kind: "start"; readonly spends: boolean }
  | { readonly kind: "action"; readonly step: StepName }
  /** `step`: the one whose outcome is asked for. */
  | { readonly kind: "read"; readonly step: StepName };

const redirects: readonly number[] = [301, 302, 303, 307, 308];

/** What an exchange meant. */
interface ExchangeReading {
  readonly answer: UpstreamAnswer;
  /** From a flow that could be read; never from an error, whose `id` is its own (docs/pingone.md §4.3). */
  readonly upstreamFlowId?: string | undefined;
}

/**
 * What PingOne's answer, or the lack of one, means in our words.
 *
 * Where an outcome can't be known (5xx, a broken connection, an answer that can't be read), a call that may
 * have spent something is `doubtful`; one that spends nothing can simply be made again, and is `unsent`.
 *
 * @param now our time, epoch milliseconds, used where PingOne sent no `Date`
 */
export function readExchange(exchange: Exchange, call: Call, now: number): ExchangeReading {
  switch (exchange.kind) {
    case "unsent":
      return { answer: { kind: "unsent" } };
    case "broken":
      return { answer: unknownOutcome(call) };
    case "answered":
      return readAnswered(exchange, call, now);
  }
}

function readAnswered(answered: HttpAnswer, call: Call, now: number): ExchangeReading {
  const body = mayHaveJson(answered.status) ? parseJson(answered.body) : undefined;
  // How often we may ask is the same in every protocol.
  if ((isDaVinci(body) && answered.status !== 429) || sendsAway(answered, call)) {
    return { answer: { kind: "unsupported" } };
  }
  const found =
    answered.status === 200 && call.kind !== "grant"
      ? readFlow(body, serverTime(answered.headers, now))
      : undefined;
  return { answer: answerIn(answered, call, found, now), ...(found && { upstreamFlowId: found.id }) };
}

function answerIn(
  answered: HttpAnswer,
  call: Call,
  found: FlowBody | undefined,
  now: number,
): UpstreamAnswer {
  if ("read" in call) return call.read(answered, now);
  if (found !== undefined) return flowAnswer(answered, found, call, now);
  return isRefusal(answered.status) ? refusalAnswer(answered, call, now) : unknownOutcome(call);
}

function mayHaveJson(status: number): boolean {
  return status === 200 || isRefusal(status);
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500;
}

/** A start that asked for a flow and got a page to visit: a browser can follow that, and we never do. */
function sendsAway({ status, headers }: HttpAnswer, call: Call): boolean {
  return call.kind === "start" && redirects.includes(status) && headers["location"] !== undefined;
}

/**
 * A flow that is complete and in error contradicts itself: nobody is signed on by that (docs/pingone.md
 * §7.5).
 */
function flowAnswer(answered: HttpAnswer, found: FlowBody, call: FlowCall, now: number): UpstreamAnswer {
  const { flow, error } = found;
  if (error !== undefined && flow.status === "COMPLETED") return unknownOutcome(call);
  return flowRefusal(answered, found, stepOf(call), now) ?? { kind: "flow", flow };
}

/** The step that a reason is about. A start that names somebody says of them what a lookup would. */
function stepOf(call: FlowCall): StepName | undefined {
  if (call.kind !== "start") return call.step;
  return call.spends ? "lookup" : undefined;
}

function refusalAnswer(answered: HttpAnswer, call: FlowCall, now: number): UpstreamAnswer {
  switch (call.kind) {
    case "start":
      return startRefusal(answered, now);
    case "action":
      return stepRefusal(answered, call.step, now);
    case "read":
      return readRefusal(answered, call.step, now);
  }
}

function unknownOutcome(call: Call): UpstreamAnswer {
  const harmless = call.kind === "start" && !call.spends;
  return { kind: harmless ? "unsent" : "doubtful" };
}
