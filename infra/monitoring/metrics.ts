import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type MetricName, metricNamespace, serviceName } from "../../lib/metrics.ts";
import type { OperationName } from "../../lib/operation/names.ts";

/** The period of every graph and alarm. */
export const period = Duration.minutes(5);

/** Which of the requests' metrics, and how it is read. */
export interface RequestMetric {
  readonly environmentName: string;
  readonly name: MetricName;
  /** `Sum`, `p50`, `p99` and the like. */
  readonly statistic: string;
  /** Of one function; without it, of all. */
  readonly step?: OperationName;
}

/** A metric that the functions' log lines carry. */
export function requestMetric({ environmentName, name, statistic, step }: RequestMetric): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: {
      service: serviceName,
      environment: environmentName,
      ...(step === undefined ? {} : { step }),
    },
    statistic,
    period,
    label: step ?? name,
  });
}
