import { Duration } from "aws-cdk-lib";
import type { RestApi } from "aws-cdk-lib/aws-apigateway";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { MetricName } from "../../lib/metrics.ts";
import { operationNames } from "../../lib/operation/names.ts";
import { period, requestMetric } from "./metrics.ts";

/** What the dashboard shows. */
export interface SignOnDashboardProps {
  readonly environmentName: string;
  readonly api: RestApi;
  readonly alarms: readonly Alarm[];
  readonly logGroups: readonly ILogGroup[];
  /** Where workflows are on. */
  readonly signOnWorkflow?: IStateMachine | undefined;
  readonly monitor?: IStateMachine | undefined;
}

/**
 * One page for whoever is on call: alarms first, then each step's count, outcomes, latency and PingOne's
 * latency, then what has no easy explanation: claims lost and doubts; the state machines last.
 */
export class SignOnDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: SignOnDashboardProps) {
    super(scope, id, {
      dashboardName: `sign-on-${props.environmentName}`,
      defaultInterval: Duration.hours(3),
    });
    const { environmentName, api, alarms, logGroups } = props;
    const bySteps = (name: MetricName, statistic: string) =>
      operationNames.map((step) => requestMetric({ environmentName, name, statistic, step }));
    if (alarms.length > 0) {
      this.addWidgets(new AlarmStatusWidget({ title: "Alarms", width: 24, alarms: [...alarms] }));
    }
    this.addWidgets(graph("Requests by step", bySteps("requests", "Sum")), outcomes(logGroups));
    this.addWidgets(
      graph("Latency by step, p50 (ms)", bySteps("totalMs", "p50")),
      graph("Latency by step, p99 (ms)", bySteps("totalMs", "p99")),
    );
    this.addWidgets(
      graph("PingOne by step, p50 (ms)", bySteps("upstreamMs", "p50")),
      graph("PingOne by step, p99 (ms)", bySteps("upstreamMs", "p99")),
    );
    this.addWidgets(
      graph("Claims lost by step: another request was at work", bySteps("step-in-progress", "Sum")),
      graph("Doubtful by step: what PingOne did is unknown", bySteps("outcome-unknown", "Sum")),
    );
    this.addWidgets(
      graph("Rejected, locked and limited", refusals(environmentName)),
      graph("The gateway's errors", [
        api.metricClientError({ period, statistic: "Sum", label: "4xx" }),
        api.metricServerError({ period, statistic: "Sum", label: "5xx" }),
      ]),
    );
    this.addWidgets(...workflowRow(props));
  }
}

function graph(title: string, left: IMetric[], width = 12): IWidget {
  return new GraphWidget({ title, left, width, height: 6, leftYAxis: { min: 0 } });
}

/** How executions end, and how long a monitored sign-on takes. */
function workflowRow({ signOnWorkflow, monitor }: SignOnDashboardProps): IWidget[] {
  return [
    ...(signOnWorkflow === undefined ? [] : [graph("Sign-on workflows by end", ends(signOnWorkflow), 8)]),
    ...(monitor === undefined
      ? []
      : [
          graph("The monitor's sign-ons by end", ends(monitor), 8),
          graph(
            "The monitor's sign-ons (ms)",
            ["p50", "Maximum"].map((statistic) =>
              monitor.metricTime({ period, statistic, label: statistic }),
            ),
            8,
          ),
        ]),
  ];
}

function ends(machine: IStateMachine): IMetric[] {
  const sum = { period, statistic: "Sum" };
  return [
    machine.metricSucceeded({ ...sum, label: "succeeded" }),
    machine.metricFailed({ ...sum, label: "failed" }),
    machine.metricTimedOut({ ...sum, label: "timed out" }),
    machine.metricAborted({ ...sum, label: "aborted" }),
  ];
}

/** From the log lines, so that an outcome nobody has seen before shows up too. */
function outcomes(logGroups: readonly ILogGroup[]): IWidget {
  return new LogQueryWidget({
    title: "Outcomes by step",
    width: 12,
    height: 6,
    logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
    queryLines: [
      "filter ispresent(outcome)",
      "stats count(*) as requests by step, outcome",
      "sort requests desc",
    ],
  });
}

function refusals(environmentName: string): IMetric[] {
  const names = [
    "credentials-rejected",
    "otp-rejected",
    "name-taken",
    "password-refused",
    "locked-out",
    "attempts-exhausted",
    "rate-limited",
    "upstream-throttled",
  ] as const satisfies MetricName[];
  return names.map((name) => requestMetric({ environmentName, name, statistic: "Sum" }));
}
