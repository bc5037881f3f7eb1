import { type Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
  StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { machineArn } from "./names.ts";
import type { WorkflowKey } from "./workflow-key.ts";

/** What a state machine of ours differs by. */
export interface MachineProps {
  readonly name: string;
  readonly start: IChainable;
  readonly timeout: Duration;
  /** Every function that it calls, and so all it may call. */
  readonly calls: readonly IFunction[];
  readonly key: WorkflowKey;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
}

/**
 * By which a state machine has its log lines delivered; AWS knows no resource for them.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
const delivery = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html */
const traces = [
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/**
 * A state machine of ours. House defaults: standard, so that a state is taken once unless its Retry says
 * otherwise, and a history is kept; definition and history encrypted under our key; a log of what happened,
 * without the data; and a role that may call the functions of its definition and no others.
 */
export class Machine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const role = this.#role(props);
    props.key.grantStateMachine(props.name, role);
    this.stateMachine = new StateMachine(this, "Machine", {
      stateMachineName: props.name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(props.start),
      timeout: props.timeout,
      // CDK would add the right to invoke every version of each function.
      role: role.withoutPolicyUpdates(),
      tracingEnabled: props.tracing,
      logs: { destination: this.#log(props), level: LogLevel.ALL, includeExecutionData: false },
      encryptionConfiguration: new CustomerManagedEncryptionConfiguration(
        // By its ARN, because CDK would let every log delivery use the key, for whatever it was.
        Key.fromKeyArn(this, "KeyByArn", props.key.keyArn),
      ),
    });
    // It is refused unless its role has its rights, and its key lets the role use it.
    this.stateMachine.node.addDependency(role, props.key);
  }

  #role({ name, calls, tracing }: MachineProps): Role {
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("states.amazonaws.com", {
        conditions: {
          StringEquals: { "aws:SourceAccount": Stack.of(this).account },
          ArnEquals: { "aws:SourceArn": machineArn(this, name) },
        },
      }),
    });
    const functions = [...new Set(calls.map(({ functionArn }) => functionArn))];
    role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: functions }));
    role.addToPolicy(new PolicyStatement({ actions: delivery, resources: ["*"] }));
    if (tracing) role.addToPolicy(new PolicyStatement({ actions: traces, resources: ["*"] }));
    return role;
  }

  #log({ name, logRetention }: MachineProps): LogGroup {
    return new LogGroup(this, "Log", {
      // Other names fill up the account's resource policy.
      // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
