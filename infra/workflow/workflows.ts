import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { OperationName } from "../../lib/operation/names.ts";
import type { Environment } from "../environment.ts";
import { MonitorSchedule } from "./monitor-schedule.ts";
import { machineNames } from "./names.ts";
import { SignOnMonitor } from "./sign-on-monitor.ts";
import { SignOnWorkflow } from "./sign-on-workflow.ts";
import { leaseSeconds, runSeconds, taskSeconds } from "./times.ts";
import type { WorkflowKey } from "./workflow-key.ts";

/** What the state machines are made for. */
export interface WorkflowsProps {
  readonly environment: Environment;
  readonly workflows: NonNullable<Environment["workflows"]>;
  readonly key: WorkflowKey;
  readonly target: (name: OperationName) => IFunction;
}

/** The state machines of an environment. */
export class Workflows extends Construct {
  readonly signOn: SignOnWorkflow;
  readonly monitor: SignOnMonitor | undefined;
  /** What starts the monitor. */
  readonly schedule: MonitorSchedule | undefined;

  constructor(scope: Construct, id: string, { environment, workflows, key, target }: WorkflowsProps) {
    super(scope, id);
    const { name, pingOne, logRetentionDays, tracing, applications } = environment;
    const { monitor, ...customers } = workflows;
    const names = machineNames(name);
    const shared = {
      ...{ key, target, tracing, logRetention: logRetentionDays },
      taskSeconds: taskSeconds(pingOne.timeoutMs),
      leaseSeconds: leaseSeconds(pingOne.timeoutMs),
    };
    this.signOn = new SignOnWorkflow(this, "SignOn", {
      ...shared,
      ...customers,
      applications,
      name: names.signOn,
    });
    this.monitor =
      monitor &&
      new SignOnMonitor(this, "Monitor", {
        ...shared,
        ...monitor,
        name: names.monitor,
        seconds: runSeconds(pingOne.timeoutMs),
      });
    this.schedule =
      monitor &&
      this.monitor &&
      new MonitorSchedule(this, "Schedule", this.monitor.stateMachine, monitor.everyMinutes);
  }
}
