import { Duration } from "aws-cdk-lib";
import { type IFunction, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import {
  Choice,
  Condition,
  Errors,
  Fail,
  type IChainable,
  JsonPath,
  Pass,
  type StateMachine,
  Succeed,
  TaskInput,
  type TaskStateBase,
  Timeout,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import { Construct } from "constructs";
import { Machine, type MachineProps } from "./machine.ts";
import { requestOf } from "./sign-on-request.ts";
import { SignOnTask, SignOnWait } from "./sign-on-task.ts";

/** What a workflow of ours is made of. */
export interface WorkflowProps extends Pick<MachineProps, "key" | "logRetention" | "name" | "tracing"> {
  /** The functions, or the aliases that stand before them. */
  readonly target: (name: "lookup" | "password" | "resume" | "start" | "status") => IFunction;
  /** How long a function may take, with its start and its end: seconds. */
  readonly taskSeconds: number;
  /** How long a function may hold a flow: seconds. */
  readonly leaseSeconds: number;
}

/** How the sign-on workflow differs between environments. */
export interface SignOnWorkflowProps extends WorkflowProps {
  /** Lambda ARNs of the customer's. */
  readonly handOver: string;
  readonly afterSignOn: string;
  /** As the settings have them: the first is the default, as is the first policy of each. */
  readonly applications: Readonly<Record<string, { readonly policies: readonly string[] }>>;
}

/**
 * Lambda's own limit, for functions that we don't know: seconds.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const customerSeconds = 900;

/** A flow's longest life, both of the customer's functions, and a little: seconds. */
const workflowSeconds = 3_600 + 2 * customerSeconds + 300;

/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
const executionName = JsonPath.stringAt("$$.Execution.Name");

/**
 * A sign-on that a client holds and a workflow waits for: start, hand over to the client, wait until a
 * function reports, read again whether it is so, and go on to what the customer does after a sign-on. What is
 * reported is only a hint to look: whoever has the right to answer a task token could have forged it.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 */
export class SignOnWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: SignOnWorkflowProps) {
    super(scope, id);
    const failed = new Fail(this, "SignOnFailed", {
      comment: "By the error's own name",
      errorPath: "$.error.Error",
      causePath: "$.error.Cause",
    });
    const customers = {
      handOver: LambdaFunction.fromFunctionArn(this, "HandOverFunction", props.handOver),
      afterSignOn: LambdaFunction.fromFunctionArn(this, "AfterSignOnFunction", props.afterSignOn),
    };
    const start = this.#start(props, failed);
    const handOver = this.#handOver(customers.handOver, failed);
    const verify = this.#verify(props, failed, this.#after(customers.afterSignOn, failed));
    const request = requestOf(this, props.applications, start.next(handOver.next(verify)));
    this.stateMachine = new Machine(this, "StateMachine", {
      ...props,
      start: request,
      timeout: Duration.seconds(workflowSeconds),
      calls: [props.target("start"), props.target("status"), customers.handOver, customers.afterSignOn],
    }).stateMachine;
  }

  #start({ target, taskSeconds }: SignOnWorkflowProps, failed: IChainable): SignOnTask<"start"> {
    const members = [
      "codeChallenge",
      "application",
      "policy",
      "nonce",
      "flowTokenHash",
      "flowTokenPublicKey",
    ];
    const start = new SignOnTask(this, "Start", {
      step: "start",
      target,
      payload: Object.fromEntries(members.map((name) => [name, JsonPath.stringAt(`$.request.${name}`)])),
      seconds: taskSeconds,
    });
    // Nothing is spent yet, and a flow that nobody knows of expires.
    return start.orFail(failed);
  }

  #handOver(lambdaFunction: IFunction, failed: IChainable): TaskStateBase {
    const handOver = new LambdaInvoke(this, "HandOver", {
      lambdaFunction,
      payload: TaskInput.fromObject({
        // By which the customer knows whose sign-on it is: they gave it when they started the execution.
        execution: executionName,
        flowId: JsonPath.stringAt("$.flow.flowId"),
        status: JsonPath.stringAt("$.flow.status"),
        next: JsonPath.listAt("$.flow.next"),
        expiresAt: JsonPath.stringAt("$.flow.expiresAt"),
      }),
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.duration(Duration.seconds(customerSeconds)),
      resultPath: JsonPath.DISCARD,
    });
    return handOver.addCatch(failed, { errors: [Errors.ALL], resultPath: "$.error" });
  }

  /**
   * Reads where the flow stands, and waits for it: at first too, because handing over takes
   * of the flow's time.
   */
  #verify(props: SignOnWorkflowProps, failed: IChainable, after: IChainable): SignOnTask<"status"> {
    const { target, taskSeconds: seconds } = props;
    const flowId = JsonPath.stringAt("$.flow.flowId");
    const wait = new SignOnWait(this, "AwaitSignOn", {
      target,
      flowId,
      resultPath: "$.report",
      secondsPath: "$.flow.expiresIn",
    });
    const verify = new SignOnTask(this, "Verify", {
      step: "status",
      target,
      payload: { flowId },
      resultPath: "$.verified",
      seconds,
    });
    const lost = new Wait(this, "Let the lease end", {
      time: WaitTime.duration(Duration.seconds(props.leaseSeconds)),
    }).next(verify);
    verify.orElse({ failed, lost }).next(this.#verified(after, wait));
    wait.orElse({ failed, lost, late: verify }).next(verify);
    return verify;
  }

  #verified(after: IChainable, wait: IChainable): Choice {
    const status = "$.verified.flow.status";
    const isSignedOn = Condition.or(
      Condition.stringEquals(status, "COMPLETED"),
      Condition.stringEquals(status, "RESUMED"),
    );
    const isKnown = Condition.isPresent("$.verified.flow.userId");
    const stillWaiting = new Pass(this, "StillWaiting", {
      comment: "Until the end that it has now",
      parameters: { flow: JsonPath.objectAt("$.verified.flow") },
    });
    const refused = new Fail(this, "ReportRefused", {
      error: "ReportRefused",
      cause: "A sign-on was reported that is not so.",
    });
    const unknown = new Fail(this, "UserUnknown", {
      error: "UserUnknown",
      cause: "The sign-on is complete, and PingOne did not say whose it is.",
    });
    const reported = new Choice(this, "Reported?")
      .when(Condition.isPresent("$.report"), refused)
      .otherwise(stillWaiting.next(wait));
    return new Choice(this, "Verified?")
      .when(Condition.and(isSignedOn, isKnown), after)
      .when(isSignedOn, unknown)
      .otherwise(reported);
  }

  #after(lambdaFunction: IFunction, failed: IChainable): IChainable {
    const after = new LambdaInvoke(this, "AfterSignOn", {
      lambdaFunction,
      payload: TaskInput.fromObject({
        execution: executionName,
        flowId: JsonPath.stringAt("$.verified.flow.flowId"),
        status: JsonPath.stringAt("$.verified.flow.status"),
        userId: JsonPath.stringAt("$.verified.flow.userId"),
      }),
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.duration(Duration.seconds(customerSeconds)),
      resultPath: JsonPath.DISCARD,
    });
    return after
      .addCatch(failed, { errors: [Errors.ALL], resultPath: "$.error" })
      .next(new Succeed(this, "SignedOn"));
  }
}
