import { Duration } from "aws-cdk-lib";
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Pass,
  Result,
  type StateMachine,
  Succeed,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { problems } from "../../lib/flow/problems.ts";
import { errorNameOf } from "../../lib/workflow/errors.ts";
import { rejections } from "./errors.ts";
import { Machine } from "./machine.ts";
import type { Payload } from "./payload.ts";
import { SignOnTask } from "./sign-on-task.ts";
import type { WorkflowProps } from "./sign-on-workflow.ts";

/** How the monitor differs between environments. */
export interface SignOnMonitorProps extends WorkflowProps {
  /** The name of the secret with the monitor's user name and password. */
  readonly credentialSecret: string;
  readonly application?: string | undefined;
  readonly policy?: string | undefined;
  /** What a run may take at the longest: seconds. */
  readonly seconds: number;
}

/** The steps that the monitor can take, by the name that `next` has for them. */
const steps = { lookup: "Lookup", password: "Password", resume: "Resume" } as const;

type Step = keyof typeof steps;

/** Where a step that the flow outlived says why it was turned down. */
const rejection = "$.flow.error";

/** Nobody knows a verifier for it, so nobody can redeem the code of a monitor's sign-on. */
const codeChallenge = "A".repeat(43);

/**
 * A person who doesn't exist signs on as people do, again and again: start, lookup or password by the name of
 * a secret, resume. A step that was lost is settled by status and never sent again by itself.
 */
export class SignOnMonitor extends Construct {
  readonly stateMachine: StateMachine;
  readonly #props: SignOnMonitorProps;
  readonly #failed: Fail;
  readonly #done: Succeed;
  readonly #next: Choice;
  readonly #noProgress: Fail;

  constructor(scope: Construct, id: string, props: SignOnMonitorProps) {
    super(scope, id);
    this.#props = props;
    this.#failed = new Fail(this, "MonitorFailed", {
      comment: "By the error's own name",
      errorPath: "$.error.Error",
      causePath: "$.error.Cause",
    });
    this.#done = new Succeed(this, "Monitored");
    this.#next = new Choice(this, "Next step?");
    this.#noProgress = new Fail(this, "NoProgress", {
      error: "NoProgress",
      cause: "PingOne did not take the step, and a credential is not sent again by itself.",
    });
    const tasks = this.#tasks();
    const settle = this.#settle(tasks);
    for (const [step, task] of tasks) {
      task.orElse({ failed: this.#failed, lost: this.#lost(step).next(settle) });
    }
    this.#chooseStep(tasks);
    this.stateMachine = new Machine(this, "StateMachine", {
      ...props,
      start: this.#start().next(this.#next),
      timeout: Duration.seconds(props.seconds),
      calls: (["start", "status", ...tasks.keys()] as const).map((name) => props.target(name)),
    }).stateMachine;
  }

  #start(): SignOnTask<"start"> {
    const { application, policy, target, taskSeconds } = this.#props;
    const start = new SignOnTask(this, "Start", {
      step: "start",
      target,
      payload: {
        codeChallenge,
        ...(application === undefined ? {} : { application }),
        ...(policy === undefined ? {} : { policy }),
      },
      seconds: taskSeconds,
    });
    return start.orFail(this.#failed);
  }

  #tasks(): ReadonlyMap<Step, SignOnTask> {
    const { credentialSecret } = this.#props;
    const lookup = this.#task("lookup", { credentialSecret });
    const password = this.#task("password", { credentialSecret });
    const resume = this.#task("resume", {});
    lookup.next(this.#next);
    password.next(this.#next);
    resume.next(this.#done);
    return new Map([
      ["lookup", lookup],
      ["password", password],
      ["resume", resume],
    ]);
  }

  #task<Name extends Step>(step: Name, members: Payload<Name>): SignOnTask<Name> {
    return new SignOnTask(this, steps[step], {
      step,
      target: this.#props.target,
      payload: { ...heldFlow(), ...members },
      seconds: this.#props.taskSeconds,
    });
  }

  #chooseStep(tasks: ReadonlyMap<Step, SignOnTask>): void {
    const first = "$.flow.next[0]";
    const unexpected = new Fail(this, "UnexpectedStep", {
      error: "UnexpectedStep",
      cause: "PingOne asks the monitor for a step that it can't take.",
    });
    this.#next.when(Condition.isPresent(rejection), this.#rejected());
    // To compare what is missing would fail without a name.
    this.#next.when(Condition.not(Condition.isPresent(first)), unexpected);
    // A step's stored answer may be what a settling found whose own answer was lost.
    this.#next.when(hadNoProgress("$.flow"), this.#noProgress);
    for (const [step, task] of tasks) this.#next.when(Condition.stringEquals(first, step), task);
    this.#next.otherwise(unexpected);
  }

  /**
   * A credential that was turned down once is not tried again: the run ends by the name of what was put out.
   */
  #rejected(): Choice {
    const which = new Choice(this, "Rejected by which name?");
    for (const name of rejections) {
      const error = errorNameOf(name);
      which.when(
        Condition.stringEquals(rejection, name),
        new Fail(this, error, { error, cause: `${problems[name].title}.` }),
      );
    }
    return which.otherwise(new Fail(this, "StepRejected", { errorPath: rejection }));
  }

  #lost(step: Step): Pass {
    return new Pass(this, `${steps[step]} lost`, { result: Result.fromString(step), resultPath: "$.lost" });
  }

  /** Waits and asks status, with the token that the lost step had. */
  #settle(tasks: ReadonlyMap<Step, SignOnTask>): Wait {
    const { target, taskSeconds, leaseSeconds } = this.#props;
    const wait = new Wait(this, "Let the lease end", {
      time: WaitTime.duration(Duration.seconds(leaseSeconds)),
    });
    const settle = new SignOnTask(this, "Settle", {
      step: "status",
      target,
      payload: heldFlow(),
      resultPath: "$.settled",
      seconds: taskSeconds,
    });
    // The step was committed: the same call once more has its stored answer, and PingOne isn't asked.
    settle.addCatch(this.#again(tasks), { errors: ["TokenSuperseded"], resultPath: "$.error" });
    settle.orElse({ failed: this.#failed, lost: wait });
    wait.next(settle.next(this.#settled(wait)));
    return wait;
  }

  #again(tasks: ReadonlyMap<Step, SignOnTask>): IChainable {
    const which = new Choice(this, "Which was lost?");
    for (const [step, task] of tasks) which.when(Condition.stringEquals("$.lost", step), task);
    return which.otherwise(this.#failed);
  }

  #settled(wait: IChainable): Choice {
    const view = "$.settled.flow";
    const movedOn = new Pass(this, "Moved on", { parameters: { flow: JsonPath.objectAt(view) } });
    return new Choice(this, "Settled?")
      .when(hadNoProgress(view), this.#noProgress)
      .when(Condition.isPresent(`${view}.pending`), wait)
      .when(Condition.stringEquals(`${view}.status`, "RESUMED"), this.#done)
      .otherwise(movedOn.next(this.#next));
  }
}

/** Whether a view tells of a step that PingOne did not take. */
function hadNoProgress(view: string): Condition {
  const settled = `${view}.settled`;
  return Condition.and(Condition.isPresent(settled), Condition.stringEquals(settled, "no-progress"));
}

/** What every step on a flow takes whose token the workflow holds. */
function heldFlow() {
  return {
    flowId: JsonPath.stringAt("$.flow.flowId"),
    sealedFlowToken: JsonPath.stringAt("$.flow.sealedFlowToken"),
  };
}
