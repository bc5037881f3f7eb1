import { App, Aspects, CfnResource, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import type { IFunction, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import {
  CustomerManagedEncryptionConfiguration,
  type DefinitionBody,
  type IChainable,
  JsonPath,
  StateMachine,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { AuthFunction } from "../../infra/auth-function.ts";
import { dev } from "../../infra/environments/dev.ts";
import { functionVariables } from "../../infra/function-variables.ts";
import { asFunction } from "../../infra/interfaces.ts";
import { LeakAspect } from "../../infra/workflow/leak-aspect.ts";
import { Machine } from "../../infra/workflow/machine.ts";
import { SignOnTask } from "../../infra/workflow/sign-on-task.ts";
import { WorkflowKey } from "../../infra/workflow/workflow-key.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import { standInHashKey } from "../support/stand-in.ts";

/** An app with one sign-on function in a stack, and what somebody else has put beside it. */
export class Product {
  readonly app = new App();
  readonly stack = new Stack(this.app, "product", { env: { region: "eu-west-1" } });
  readonly password = this.add("password");
  readonly target = (): IFunction => asFunction(this.password);

  constructor() {
    Aspects.of(this.app).add(new LeakAspect());
  }

  add(name: OperationName): LambdaFunction {
    return new AuthFunction(this.stack, `Function-${name}`, {
      name,
      description: name,
      environment: functionVariables(dev, { tableName: "flows", hashKeyArn: standInHashKey }),
      upstreamMs: 8_000,
      memoryMb: 512,
      logRetention: 14,
      tracing: false,
    }).lambda;
  }

  /** A call of the function as it should be. */
  task(name = "Task"): SignOnTask<"password"> {
    const payload = { flowId: JsonPath.stringAt("$.flow.flowId") };
    return new SignOnTask(this.stack, name, { step: "password", target: this.target, payload, seconds: 30 });
  }

  /** Adds a state machine as it should be. */
  machine(start: IChainable): void {
    new Machine(this.stack, "Machine", {
      start,
      name: "sign-on-dev",
      timeout: Duration.minutes(5),
      calls: [this.target()],
      key: new WorkflowKey(this.stack, "Key", "dev", RemovalPolicy.DESTROY),
      logRetention: 14,
      tracing: false,
    });
  }

  /** Adds a state machine of CDK's. */
  define(
    definitionBody: DefinitionBody,
    substitutions: Record<string, string> = {},
    scope: Construct = this.stack,
  ): void {
    new StateMachine(scope, "Machine", {
      definitionBody,
      definitionSubstitutions: substitutions,
      encryptionConfiguration: new CustomerManagedEncryptionConfiguration(new Key(scope, "Key")),
    });
  }

  logicalId(): string {
    const resource = this.password.node.findChild("Resource");
    if (!CfnResource.isCfnResource(resource)) throw new TypeError("A function has no resource.");
    return this.stack.getLogicalId(resource);
  }

  /** What the synthesis is stopped by. */
  refusal(): string[] {
    try {
      this.app.synth();
    } catch (error) {
      const lines = String(error).split("\n").slice(1);
      return lines.map((line) => line.replace(/^\s*\[[^\]]*\] /, ""));
    }
    return [];
  }
}
