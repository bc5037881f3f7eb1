import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AccountRootPrincipal,
  type IRole,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import { keyManagement } from "../keys/key-management.ts";
import { type SealPurpose, workflowRights } from "../permissions.ts";
import { machineArn, machineNames } from "./names.ts";

/**
 * What a state machine's executions do with the key.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
const executionUse = ["kms:Decrypt", "kms:GenerateDataKey"];

const machineContext = "kms:EncryptionContext:aws:states:stateMachineArn";

/**
 * The key of the workflows: it seals the tokens that pass through a state machine, and encrypts definitions
 * and histories. House defaults: it rotates every year; each function's role can encrypt or decrypt what the
 * function needs, and only with the three members of its encryption context; each state machine's role only
 * its own history; the role that CDK deploys with, through Step Functions, definitions, and so histories too,
 * since both have the same context. Administrators can manage it and not use it, so nobody but the state
 * machines and that role reads what an execution was given.
 *
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
 */
export class WorkflowKey extends Key {
  readonly #environmentName: string;

  constructor(scope: Construct, id: string, environmentName: string, removalPolicy: RemovalPolicy) {
    super(scope, id, {
      description: "Seals the tokens in sign-on workflows, and encrypts their histories",
      enableKeyRotation: true,
      pendingWindow: Duration.days(removalPolicy === RemovalPolicy.DESTROY ? 7 : 30),
      removalPolicy,
      policy: new PolicyDocument({ statements: keyManagement() }),
    });
    this.#environmentName = environmentName;
    this.addToResourcePolicy(this.#deployment());
    this.addToResourcePolicy(this.#logDelivery());
  }

  /** Lets the functions' roles seal and open what `workflowRights` says. */
  grantFunctions(roles: ReadonlyMap<OperationName, IRole>): void {
    const able = (verb: "decrypts" | "encrypts", purpose: SealPurpose) =>
      operationNames
        .filter((name) => workflowRights(name)[verb].some((one) => one === purpose))
        .flatMap((name) => roles.get(name) ?? []);
    for (const [purpose, title] of [
      ["flow-token", "FlowTokens"],
      ["task-token", "TaskTokens"],
    ] as const) {
      this.#grant(`FunctionsSeal${title}`, "kms:Encrypt", purpose, able("encrypts", purpose));
      this.#grant(`FunctionsOpen${title}`, "kms:Decrypt", purpose, able("decrypts", purpose));
    }
  }

  /**
   * Lets a state machine's role encrypt and decrypt the history of that state machine, and hand
   * its log lines over.
   */
  grantStateMachine(stateMachineName: string, role: IRole): void {
    // A statement's id takes letters and digits only.
    const words = stateMachineName.split("-");
    const title = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: `${title}ExecutionsUseIt`,
        principals: [role],
        actions: executionUse,
        resources: ["*"],
        conditions: { StringEquals: { [machineContext]: machineArn(this, stateMachineName) } },
      }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: `${title}LogsUseIt`,
        principals: [role],
        actions: ["kms:GenerateDataKey"],
        resources: ["*"],
        conditions: { StringEquals: this.#ofLogs() },
      }),
    );
  }

  #grant(sid: string, action: string, purpose: SealPurpose, roles: IRole[]): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals: roles,
        actions: [action],
        resources: ["*"],
        conditions: {
          StringEquals: {
            "kms:EncryptionContext:purpose": purpose,
            "kms:EncryptionContext:environment": this.#environmentName,
          },
          Null: { "kms:EncryptionContext:flowId": "false" },
          "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["purpose", "environment", "flowId"] },
        },
      }),
    );
  }

  /** Creating and updating ask for a data key, and CloudFormation reads what it has made. */
  #deployment(): PolicyStatement {
    const { account, partition, region } = Stack.of(this);
    const machines = Object.values(machineNames(this.#environmentName)).map((name) => machineArn(this, name));
    return new PolicyStatement({
      sid: "DeploymentMakesTheStateMachines",
      principals: [new AccountRootPrincipal()],
      actions: executionUse,
      resources: ["*"],
      conditions: {
        StringEquals: { "kms:ViaService": `states.${region}.amazonaws.com`, [machineContext]: machines },
        ArnLike: { "aws:PrincipalArn": `arn:${partition}:iam::${account}:role/cdk-*-cfn-exec-role-*` },
      },
    });
  }

  #logDelivery(): PolicyStatement {
    return new PolicyStatement({
      sid: "LogLinesAreDelivered",
      principals: [new ServicePrincipal("delivery.logs.amazonaws.com")],
      actions: ["kms:Decrypt"],
      resources: ["*"],
      conditions: { StringEquals: this.#ofLogs() },
    });
  }

  /** The encryption context of log lines on their way: its star is a character like any other. */
  #ofLogs(): Record<string, string> {
    const { account, partition, region } = Stack.of(this);
    return { "kms:EncryptionContext:SourceArn": `arn:${partition}:logs:${region}:${account}:*` };
  }
}
