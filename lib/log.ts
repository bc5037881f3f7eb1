import { randomUUID } from "node:crypto";
import {
  type CorrelationId,
  type ErrorName,
  errorNameIn,
  type FlowId,
  type RequestId,
  requestIdIn,
  type StackLine,
  type StatusWord,
  stackLineIn,
} from "./flow/log-text.ts";
import type { Reply } from "./flow/reply.ts";
import { embeddedMetrics, type Outcome, serviceName } from "./metrics.ts";
import type { OperationName } from "./operation/names.ts";

/**
 * Everything a request may leave in the log. Nothing else can be written: no body, header, token, cookie,
 * code, user name, address or PingOne id has a place here. No member takes text that was not checked to be
 * what it says: it is one of a few words, or comes out of `log-text.ts`. Durations are milliseconds.
 */
export interface RequestLine {
  readonly requestId: RequestId;
  readonly flowId?: FlowId | undefined;
  /** The function. */
  readonly step: OperationName;
  readonly statusBefore?: StatusWord | undefined;
  readonly statusAfter?: StatusWord | undefined;
  /** The name of the problem, or what was answered instead. */
  readonly outcome: Outcome;
  /** Absent for a workflow's call. */
  readonly httpStatus?: number | undefined;
  /** PingOne's `Correlation-Id` and HTTP status. */
  readonly correlationId?: CorrelationId | undefined;
  readonly upstreamStatus?: number | undefined;
  /** PingOne has locked the account or device, and the answer doesn't say so. */
  readonly lockedOut?: boolean | undefined;
  readonly claimMs?: number | undefined;
  readonly upstreamMs?: number | undefined;
  readonly commitMs?: number | undefined;
  /** Whether a workflow that waits for the flow has been told of its end. */
  readonly reported?: boolean | undefined;
  readonly totalMs: number;
  readonly coldStart: boolean;
  /** For what nobody foresaw: the error's class and where it was thrown, never its message. */
  readonly error?: { readonly name: ErrorName | undefined; readonly at: readonly StackLine[] } | undefined;
}

/** The first of these texts that is fit to name a request; where none is, a name that is drawn. */
export function requestIdOf(...given: readonly (string | undefined)[]): RequestId {
  for (const text of given) {
    const id = requestIdIn(text);
    if (id !== undefined) return id;
  }
  return requestIdOf(randomUUID());
}

/** The word for an answer in the log: the problem's name, or what was answered instead. */
export function outcomeOf(reply: Reply): Outcome {
  return reply.kind === "problem" ? reply.problem.error : reply.kind;
}

/**
 * What the log may say of an error: its class and where it was thrown. Its message might hold what
 * must not be logged.
 */
export function failureOf(error: Error): NonNullable<RequestLine["error"]> {
  const lines = (error.stack ?? "").replace(error.message, "").split("\n");
  const at = lines.map((line) => stackLineIn(line.trim())).filter((line) => line !== undefined);
  return { name: errorNameIn(error.name), at: at.slice(0, 8) };
}

/** Takes one line for each request. */
export type RequestLog = (line: RequestLine) => void;

/**
 * Lambda's words, the least serious first.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
const severities: readonly string[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/**
 * A log that writes each line as one JSON object, projected member by member so that nothing rides along,
 * with its metrics in it: what is counted is what is logged.
 *
 * @param least the least serious level that is written; a line is `INFO`, or `ERROR` where nobody foresaw it
 */
export function createRequestLog(environment: string, least = "INFO"): RequestLog {
  return (line) => {
    const { requestId, flowId, step, statusBefore, statusAfter, outcome, httpStatus } = line;
    const { correlationId, upstreamStatus, claimMs, upstreamMs, commitMs, reported, totalMs } = line;
    const { coldStart, lockedOut, error } = line;
    const facts = { requestId, flowId, step, statusBefore, statusAfter, outcome, lockedOut, httpStatus };
    const timings = { correlationId, upstreamStatus, claimMs, upstreamMs, commitMs, reported, totalMs };
    const written = { ...facts, ...timings, coldStart, ...embeddedMetrics(line, Date.now()) };
    const frame = {
      message: "request",
      timestamp: new Date().toISOString(),
      service: serviceName,
      environment,
    };
    const level = error === undefined ? "INFO" : "ERROR";
    if (severities.indexOf(level) < severities.indexOf(least)) return;
    process.stdout.write(`${JSON.stringify({ level, ...frame, ...written, failure: error })}\n`);
  };
}
