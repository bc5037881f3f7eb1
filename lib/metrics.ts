import type { ProblemName } from "./flow/problems.ts";

/** Where CloudWatch keeps the metrics. */
export const metricNamespace = "SignOn";

/** The service's name, in every log line and metric. */
export const serviceName = "sign-on";

/** How a request ended: the name of its problem, or what was answered instead. */
export type Outcome =
  | ProblemName
  | "authorized"
  | "cancelled"
  | "event-unsupported"
  | "internal"
  | "not-for-workflows"
  | "redeemed"
  | "refreshed"
  | "secret-in-payload"
  | "view"
  | "workflows-disabled";

/** What is measured of a request: members of its log line. */
interface Measurement {
  readonly outcome: Outcome;
  /** PingOne's HTTP status. */
  readonly upstreamStatus?: number | undefined;
  readonly upstreamMs?: number | undefined;
  /** PingOne has locked the account or device, and the outcome doesn't say so. */
  readonly lockedOut?: boolean | undefined;
}

/**
 * The metrics of a request: one is named by its outcome, and a duration by the log line's member that it is.
 */
export type MetricName = Outcome | "requests" | "totalMs" | "upstreamMs" | "upstream-throttled";

/** The dimensions that metrics are kept by; nothing here can take more than a few values. */
const dimensionSets = [
  ["service", "environment"],
  ["service", "environment", "step"],
];

interface Definition {
  readonly Name: MetricName;
  readonly Unit: "Count" | "Milliseconds";
}

/**
 * What makes a log line carry its own metrics: members to add to the line, whose `step`, `totalMs` and
 * `upstreamMs` (and the logger's `service` and `environment`) they point at.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param now epoch milliseconds
 */
export function embeddedMetrics(line: Measurement, now: number): Readonly<Record<string, unknown>> {
  const counted: MetricName[] = ["requests", line.outcome];
  if (line.lockedOut === true) counted.push("locked-out");
  if (line.upstreamStatus === 429) counted.push("upstream-throttled");
  const metrics: Definition[] = [
    ...counted.map((Name): Definition => ({ Name, Unit: "Count" })),
    { Name: "totalMs", Unit: "Milliseconds" },
  ];
  if (line.upstreamMs !== undefined) metrics.push({ Name: "upstreamMs", Unit: "Milliseconds" });
  return {
    ...Object.fromEntries(counted.map((name) => [name, 1])),
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: metricNamespace, Dimensions: dimensionSets, Metrics: metrics }],
    },
  };
}
