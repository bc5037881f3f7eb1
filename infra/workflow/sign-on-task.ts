import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  Errors,
  type IChainable,
  IntegrationPattern,
  JitterType,
  JsonPath,
  TaskInput,
  Timeout,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { retryable, settledErrors } from "./errors.ts";

/** A call of a sign-on function by a state machine. */
export interface SignOnTaskProps {
  readonly target: IFunction;
  /** The members that the function takes, each by its name. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Where the function's output is put, as `flow`; without it, in place of all that came in. */
  readonly resultPath?: string;
  /** How long the function may take, with its start and its end: seconds. */
  readonly seconds: number;
}

/** A state that waits until a sign-on function reports. */
export interface SignOnWaitProps {
  readonly target: IFunction;
  /** With the task token among its members. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly resultPath: string;
  /** The path to the seconds to wait. */
  readonly secondsPath: string;
}

/** Where a call goes that gave no result. */
export interface WaysOut {
  /** What it did is known; `$.error` has its name. */
  readonly failed: IChainable;
  /** What it did is open: wait, and ask status. */
  readonly lost: IChainable;
}

/** What every call of ours is retried by, and nothing else. */
const retry = {
  errors: [...retryable],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 4,
  maxDelay: Duration.seconds(20),
  jitterStrategy: JitterType.FULL,
};

/**
 * A sign-on function as a task. House defaults: it is retried where nothing was spent and nowhere else, least of all
 * on Lambda's own errors, after which a credential may have been used; and its payload is written member by member.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export class SignOnTask extends LambdaInvoke {
  constructor(scope: Construct, stateName: string, props: SignOnTaskProps) {
    const { target, payload, resultPath, seconds } = props;
    super(scope, stateName, {
      lambdaFunction: target,
      payload: TaskInput.fromObject(payload),
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.duration(Duration.seconds(seconds)),
      resultSelector: { flow: JsonPath.objectAt("$.Payload") },
      ...(resultPath === undefined ? {} : { resultPath }),
    });
    this.addRetry(retry);
  }

  /** Ends the call by these two ways. */
  orElse({ failed, lost }: WaysOut): this {
    return withWaysOut(this, { failed, lost });
  }

  /** Ends the call this way whatever it did: for a call that spends nothing. */
  orFail(failed: IChainable): this {
    this.addCatch(failed, { errors: [Errors.ALL], resultPath: "$.error" });
    return this;
  }
}

/** A sign-on function that is given the task token, and reports by it when the flow is over. */
export class SignOnWait extends LambdaInvoke {
  constructor(scope: Construct, stateName: string, props: SignOnWaitProps) {
    const { target, payload, resultPath, secondsPath } = props;
    super(scope, stateName, {
      lambdaFunction: target,
      payload: TaskInput.fromObject(payload),
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.at(secondsPath),
      resultPath,
    });
    this.addRetry(retry);
  }

  /** Ends the waiting by these ways: `late` when nobody has reported in time. */
  orElse({ failed, lost, late }: WaysOut & { readonly late: IChainable }): this {
    this.addCatch(late, { errors: [Errors.TIMEOUT], resultPath: "$.error" });
    return withWaysOut(this, { failed, lost });
  }
}

function withWaysOut<Task extends LambdaInvoke>(task: Task, { failed, lost }: WaysOut): Task {
  task.addCatch(failed, { errors: [...settledErrors], resultPath: "$.error" });
  task.addCatch(lost, { errors: [Errors.ALL], resultPath: "$.error" });
  return task;
}
