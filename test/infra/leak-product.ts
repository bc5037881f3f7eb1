import { App, Aspects, CfnResource, Stack } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  type IChainable,
  StateMachine,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { AuthFunction } from "../../infra/auth-function.ts";
import { functionVariables } from "../../infra/environment.ts";
import { dev } from "../../infra/environments/dev.ts";
import { LeakAspect } from "../../infra/workflow/leak-aspect.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import { standInHashKey } from "../support/stand-in.ts";

/** How a state machine without a class is encrypted. */
export const encryptionConfiguration = { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: "alias/one" };

/** An app with one sign-on function in a stack, and what somebody else has put beside it. */
export class Product {
  readonly app = new App();
  readonly stack = new Stack(this.app, "product", { env: { region: "eu-west-1" } });
  readonly password = this.add("password");

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

  machine(start: IChainable, scope: Construct = this.stack): void {
    this.define(DefinitionBody.fromChainable(start), {}, scope);
  }

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
