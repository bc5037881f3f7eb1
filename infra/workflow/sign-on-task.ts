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
import { LambdaInvoke, type LambdaInvokeProps } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import type { OperationName } from "../../lib/operation/names.ts";
import { retryable, settledErrors } from "./errors.ts";
import { checkPayload, type Payload } from "./payload.ts";

/** A call of a sign-on function by a state machine. */
export interface SignOnTaskProps<Name extends OperationName> {
  /** The function that is called. */
  readonly step: Name;
  /** Finds the function, or the alias that stands before it. */
  readonly target: (name: Name) => IFunction;
  readonly payload: Payload<Name>;
  /** Where the function's output is put, as `flow`; without it, in place of all that came in. */
  readonly resultPath?: string;
  /** How long the function may take, with its start and its end: seconds. */
  readonly seconds: number;
}

/** A state that waits until a sign-on function reports. */
export interface SignOnWaitProps {
  /** Finds the function, or the alias that stands before it. */
  readonly target: (name: "status") => IFunction;
  /** The id of the flow, as a text or a path. */
  readonly flowId: string;
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

interface CallProps<Name extends OperationName>
  extends Pick<SignOnTaskProps<Name>, "payload" | "resultPath" | "step" | "target">,
    Pick<LambdaInvokeProps, "integrationPattern" | "resultSelector" | "taskTimeout"> {}

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
 * A call that can't leak: its payload has only members that the function takes, and none of them is a secret,
 * the whole state or the context. It is called again where nothing was spent, and nowhere else: least of all
 * after Lambda's own errors, which may come after a credential was used.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
abstract class SignOnCall<Name extends OperationName> extends LambdaInvoke {
  constructor(scope: Construct, stateName: string, { step, target, payload, ...props }: CallProps<Name>) {
    checkPayload(stateName, step, payload);
    const taskToken = props.integrationPattern === undefined ? {} : { taskToken: JsonPath.taskToken };
    super(scope, stateName, {
      ...props,
      lambdaFunction: target(step),
      payload: TaskInput.fromObject({ ...payload, ...taskToken }),
      retryOnServiceExceptions: false,
    });
    super.addRetry(retry);
  }

  /** @throws TypeError always: the call has its retries already */
  override addRetry(): never {
    throw new TypeError(
      `State "${this.stateId}" may have spent something: it is called again after ${retryable.join(" and ")} only.`,
    );
  }

  protected endBy({ failed, lost }: WaysOut): this {
    this.addCatch(failed, { errors: [...settledErrors], resultPath: "$.error" });
    this.addCatch(lost, { errors: [Errors.ALL], resultPath: "$.error" });
    return this;
  }
}

/**
 * A sign-on function as a task.
 *
 * @throws TypeError that names the state and the member, for a payload that would leak
 */
export class SignOnTask<Name extends OperationName = OperationName> extends SignOnCall<Name> {
  constructor(scope: Construct, stateName: string, props: SignOnTaskProps<Name>) {
    const { step, target, payload, resultPath, seconds } = props;
    super(scope, stateName, {
      ...{ step, target, payload },
      taskTimeout: Timeout.duration(Duration.seconds(seconds)),
      resultSelector: { flow: JsonPath.objectAt("$.Payload") },
      ...(resultPath === undefined ? {} : { resultPath }),
    });
  }

  /** Ends the call by these two ways. */
  orElse(ways: WaysOut): this {
    return this.endBy(ways);
  }

  /** Ends the call this way whatever it did: for a call that spends nothing. */
  orFail(failed: IChainable): this {
    this.addCatch(failed, { errors: [Errors.ALL], resultPath: "$.error" });
    return this;
  }
}

/**
 * `status` that is given the state's task token, and reports by it when the flow is over.
 *
 * @throws TypeError that names the state, for a flow id that would leak
 */
export class SignOnWait extends SignOnCall<"status"> {
  constructor(scope: Construct, stateName: string, props: SignOnWaitProps) {
    const { target, flowId, resultPath, secondsPath } = props;
    super(scope, stateName, {
      ...{ step: "status", target, payload: { flowId }, resultPath },
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      taskTimeout: Timeout.at(secondsPath),
    });
  }

  /** Ends the waiting by these ways: `late` when nobody has reported in time. */
  orElse({ failed, lost, late }: WaysOut & { readonly late: IChainable }): this {
    this.addCatch(late, { errors: [Errors.TIMEOUT], resultPath: "$.error" });
    return this.endBy({ failed, lost });
  }
}
