import { Duration } from "aws-cdk-lib";
import { Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { StepFunctionsStartExecution } from "aws-cdk-lib/aws-scheduler-targets";
import type { IStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";

/**
 * Starts the monitor every so many minutes. House defaults: a start that fails is not tried again, since the
 * next one is near; and no two runs at once, because a run times out before the next begins.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
 */
export class MonitorSchedule extends Schedule {
  constructor(scope: Construct, id: string, monitor: IStateMachine, everyMinutes: number) {
    super(scope, id, {
      description: `Signs the monitor's person on every ${everyMinutes} minutes`,
      schedule: ScheduleExpression.rate(Duration.minutes(everyMinutes)),
      target: new StepFunctionsStartExecution(monitor, {
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    });
  }
}
