import { Logger } from "@aws-lambda-powertools/logger";
import { embeddedMetrics, type Outcome, serviceName } from "./metrics.ts";

/**
 * Everything a request may leave in the log. Nothing else can be written: no body, header, token, cookie, code,
 * user name, address or PingOne id has a place here. Durations are milliseconds.
 */
export interface RequestLine {
  readonly requestId: string;
  readonly flowId?: string | undefined;
  /** The function: a step, `start`, `status` or `cancel`. */
  readonly step: string;
  readonly statusBefore?: string | undefined;
  readonly statusAfter?: string | undefined;
  /** The code of the problem, or what was answered instead. */
  readonly outcome: Outcome;
  readonly httpStatus: number;
  /** PingOne's `Correlation-Id` and HTTP status. */
  readonly correlationId?: string | undefined;
  readonly upstreamStatus?: number | undefined;
  readonly claimMs?: number | undefined;
  readonly upstreamMs?: number | undefined;
  readonly commitMs?: number | undefined;
  readonly totalMs: number;
  readonly coldStart: boolean;
  /** For what nobody foresaw: the error's class and where it was thrown, never its message. */
  readonly error?: { readonly name: string; readonly at: readonly string[] } | undefined;
}

/** Takes one line for each request. */
export type RequestLog = (line: RequestLine) => void;

/**
 * A log that writes each line as one JSON object, projected member by member so that nothing rides along, with its
 * metrics in it: what is counted is what is logged.
 */
export function createRequestLog(environment: string): RequestLog {
  const logger = new Logger({ serviceName, persistentKeys: { environment } });
  return (line) => {
    const { requestId, flowId, step, statusBefore, statusAfter, outcome, httpStatus } = line;
    const { correlationId, upstreamStatus, claimMs, upstreamMs, commitMs, totalMs, coldStart, error } = line;
    const facts = { requestId, flowId, step, statusBefore, statusAfter, outcome, httpStatus };
    const timings = { correlationId, upstreamStatus, claimMs, upstreamMs, commitMs, totalMs, coldStart };
    const written = { ...facts, ...timings, ...embeddedMetrics(line, Date.now()) };
    if (error === undefined) logger.info("request", written);
    else logger.error("request", { ...written, failure: error });
  };
}
