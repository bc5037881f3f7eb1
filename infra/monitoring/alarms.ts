import { Duration, Stack } from "aws-cdk-lib";
import type { RestApi } from "aws-cdk-lib/aws-apigateway";
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { MetricName } from "../../lib/metrics.ts";
import { TopicKey } from "../keys/topic-key.ts";
import { period, requestMetric } from "./metrics.ts";

/** What is watched, and who is told. */
export interface AlarmsProps {
  readonly environmentName: string;
  readonly mail: string;
  readonly api: RestApi;
  readonly functions: ReadonlyMap<string, IFunction>;
  /** What PingOne may take for one call: milliseconds. */
  readonly upstreamMs: number;
  readonly monitor?: Monitor | undefined;
}

/** What signs on again and again, and how often. */
interface Monitor {
  readonly stateMachine: IStateMachine;
  /** Whatever starts it, and nothing else. */
  readonly starts: IScheduleGroup;
  readonly everyMinutes: number;
}

type AlarmDefinition = Pick<AlarmProps, "metric" | "threshold"> & Partial<AlarmProps>;

/** The page with a line for each alarm. */
const runbook = "docs/operations.md";

/**
 * The alarms. House defaults: five-minute periods, silence is no alarm but of the monitor, everyone is told
 * of the end as well, and each description names its line in the runbook.
 *
 * An alarm on silence that counts missing data as a breach rings as soon as it is made, before the monitor
 * could have run. So `monitor-silent` tells of having no data. It begins in that state and tells of changes
 * alone, so it rings only after the monitor has succeeded once. A monitor that can't be started at all is
 * `monitor-failed`.
 */
export class Alarms extends Construct {
  /** Those that take new code back. */
  readonly rollback: readonly Alarm[];
  readonly all: readonly Alarm[];
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const topic = new Topic(this, "Topic", { masterKey: new TopicKey(this, "Key"), enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    topic.addSubscription(new EmailSubscription(props.mail));
    this.#action = new SnsAction(topic);
    const serverErrors = this.#add("server-errors", {
      metric: props.api.metricServerError({ period, statistic: "Sum" }),
      threshold: 5,
    });
    const doubtful = this.#add("doubtful", { metric: this.#doubtfulPercent(props), threshold: 1 });
    const p99 = this.#add("slow", {
      metric: requestMetric({ ...props, name: "totalMs", statistic: "p99" }),
      threshold: props.upstreamMs / 2,
      evaluationPeriods: 3,
    });
    const counted = (name: MetricName) => requestMetric({ ...props, name, statistic: "Sum" });
    this.rollback = [serverErrors, doubtful];
    this.all = [
      ...this.rollback,
      p99,
      this.#add("pingone-limit", { metric: counted("upstream-throttled"), threshold: 5 }),
      this.#add("lockouts", { metric: counted("locked-out"), threshold: 20 }),
      ...this.#throttles(props.functions),
      ...(props.monitor === undefined ? [] : this.#monitor(props.monitor, props.upstreamMs)),
    ];
  }

  #throttles(functions: AlarmsProps["functions"]): Alarm[] {
    return [...functions].map(([name, throttled]) =>
      this.#add(
        `throttled-${name}`,
        { metric: throttled.metricThrottles({ period }), threshold: 1 },
        "throttled",
      ),
    );
  }

  #monitor({ stateMachine, starts, everyMinutes }: Monitor, upstreamMs: number): Alarm[] {
    const sum = { period, statistic: "Sum" };
    const often = { period: Duration.minutes(everyMinutes) };
    const failed = new MathExpression({
      expression:
        "FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0) + FILL(notStarted, 0) + FILL(dropped, 0)",
      usingMetrics: {
        failed: stateMachine.metricFailed(sum),
        timedOut: stateMachine.metricTimedOut(sum),
        aborted: stateMachine.metricAborted(sum),
        notStarted: starts.metricTargetErrors(sum),
        dropped: starts.metricDropped(sum),
      },
      period,
    });
    const silent = this.#add("monitor-silent", {
      metric: stateMachine.metricSucceeded({ ...often, statistic: "Sum" }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.MISSING,
    });
    silent.addInsufficientDataAction(this.#action);
    return [
      this.#add("monitor-failed", { metric: failed, threshold: 1 }),
      silent,
      // Up to four calls to PingOne, each with half of what it may take.
      this.#add("monitor-slow", {
        metric: stateMachine.metricTime({ ...often, statistic: "Average" }),
        threshold: 2 * upstreamMs,
        evaluationPeriods: 3,
      }),
    ];
  }

  /** Of every hundred requests; one of a few is no rate. */
  #doubtfulPercent(props: AlarmsProps): IMetric {
    const sum = (name: MetricName) => requestMetric({ ...props, name, statistic: "Sum" });
    return new MathExpression({
      expression: "IF(requests >= 50, 100 * FILL(doubtful, 0) / requests, 0)",
      usingMetrics: { requests: sum("requests"), doubtful: sum("outcome-unknown") },
      period,
    });
  }

  /** @param line the line in the runbook */
  #add(name: string, props: AlarmDefinition, line = name): Alarm {
    const alarm = new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `What to do: ${runbook}, "${line}"`,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    });
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
    return alarm;
  }
}
