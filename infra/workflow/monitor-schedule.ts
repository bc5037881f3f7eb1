import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { StepFunctionsStartExecution } from "aws-cdk-lib/aws-scheduler-targets";
import type { IStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";

/**
 * Starts the monitor every so many minutes. House defaults: a start that fails is not tried again, since the
 * next one is near; no two runs at once, because a run times out before the next begins; and a group of its
 * own, because Scheduler counts by groups what it could not start.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
 */
export class MonitorSchedule extends Construct {
  readonly group: ScheduleGroup;

  constructor(scope: Construct, id: string, monitor: IStateMachine, everyMinutes: number) {
    super(scope, id);
    this.group = new ScheduleGroup(this, "Group", { removalPolicy: RemovalPolicy.DESTROY });
    const schedule = new Schedule(this, "Rate", {
      description: `Signs the monitor's person on every ${everyMinutes} minutes`,
      scheduleGroup: this.group,
      schedule: ScheduleExpression.rate(Duration.minutes(everyMinutes)),
      target: new StepFunctionsStartExecution(monitor, {
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    });
    // It names the group by a text, so CloudFormation can't tell that the group has to be there first.
    schedule.node.addDependency(this.group);
  }
}
