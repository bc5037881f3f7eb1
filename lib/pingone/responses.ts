import type { UpstreamAnswer } from "../flow/ports.ts";
import { type FlowBody, isForeign, parseJson, readFlow, serverTime } from "./flow-body.ts";
import { readRefusal, startRefusal, stepRefusal } from "./refusals.ts";
import type { ActionStep } from "./requests.ts";
import { type Expected, readResumeAnswer } from "./resume.ts";
import type { Answered, Exchange } from "./send.ts";

/** Which call an exchange belongs to: the same answer means different things. */
export type Call = FlowCall | ({ readonly kind: "resume" } & Expected);

/** A call that PingOne answers with the flow. */
type FlowCall =
  /** `spends`: it named a person, so PingOne may have sent them a code. */
  | { readonly kind: "start"; readonly spends: boolean }
  | { readonly kind: "action"; readonly step: ActionStep }
  | { readonly kind: "read" };

/** What an exchange meant. */
interface Reading {
  readonly answer: UpstreamAnswer;
  /** From a flow that could be read; never from an error, whose `id` is its own (reference §4.3). */
  readonly upstreamFlowId?: string | undefined;
}

/**
 * What PingOne's answer, or the lack of one, means in our words.
 *
 * Where an outcome can't be known (5xx, a broken connection, an answer that can't be read), a call that may have spent
 * something is `doubtful`; one that spends nothing can simply be made again, and is `unsent`.
 *
 * @param now our time, epoch milliseconds, used where PingOne sent no `Date`
 */
export function readExchange(exchange: Exchange, call: Call, now: number): Reading {
  switch (exchange.kind) {
    case "unsent":
      return { answer: { kind: "unsent" } };
    case "broken":
      return { answer: unknownOutcome(call) };
    case "answered":
      return readAnswered(exchange, call, now);
  }
}

function readAnswered(answered: Answered, call: Call, now: number): Reading {
  const { status } = answered;
  const body = status === 200 ? parseJson(answered.body) : undefined;
  const found = readFlow(body, serverTime(answered.headers, now));
  const adopted = found === undefined ? {} : { upstreamFlowId: found.id };
  if (call.kind === "resume") {
    return { answer: readResumeAnswer(answered, call, now), ...adopted };
  }
  if (found !== undefined) {
    return { answer: flowAnswer(found, call), ...adopted };
  }
  if (status >= 400 && status < 500) {
    return { answer: refusal(answered, call, now) };
  }
  return { answer: isForeign(body) ? { kind: "unsupported" } : unknownOutcome(call) };
}

/** A failed check may come as a 200 with the flow and an `error` in it; only `FAILED` ends the flow (reference §7.5). */
function flowAnswer({ flow, hasError }: FlowBody, call: FlowCall): UpstreamAnswer {
  const checked = call.kind === "action" && (call.step === "password" || call.step === "otp");
  return checked && hasError && flow.status !== "FAILED" && flow.status !== "COMPLETED"
    ? { kind: "rejected", flow }
    : { kind: "flow", flow };
}

function refusal(answered: Answered, call: FlowCall, now: number): UpstreamAnswer {
  switch (call.kind) {
    case "start":
      return startRefusal(answered, now);
    case "action":
      return stepRefusal(answered, call.step, now);
    case "read":
      return readRefusal(answered, now);
  }
}

function unknownOutcome(call: Call): UpstreamAnswer {
  const harmless = call.kind === "read" || (call.kind === "start" && !call.spends);
  return { kind: harmless ? "unsent" : "doubtful" };
}
