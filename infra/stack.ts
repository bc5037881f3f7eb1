import { CfnOutput, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { FunctionEnvironment } from "../lib/config.ts";
import { AuthFunction } from "./auth-function.ts";
import type { Environment } from "./environment.ts";
import { FlowTable } from "./flow-table.ts";
import { tableActions } from "./permissions.ts";
import { type FunctionName, functionNames } from "./routes.ts";
import { SignOnApi } from "./sign-on-api.ts";
import { TableKey } from "./table-key.ts";

/** Everything of one environment. */
export class SignOnStack extends Stack {
  readonly #functions = new Map<FunctionName, AuthFunction>();

  constructor(scope: Construct, id: string, environment: Environment, props: StackProps) {
    super(scope, id, props);
    const key = new TableKey(this, "TableKey");
    const { deletionProtection } = environment;
    const table = new FlowTable(this, "Flows", { encryptionKey: key, deletionProtection });
    for (const name of functionNames) this.#functions.set(name, this.#addFunction(name, environment, table));
    key.grantThroughDynamoDb([...this.#functions.values()].map(({ role }) => role));
    const { api } = new SignOnApi(this, "Api", {
      environment,
      functionNamed: (name) => this.#functionNamed(name).lambda,
    });
    new CfnOutput(this, "ApiUrl", { value: api.url });
    new CfnOutput(this, "TableName", { value: table.tableName });
    for (const [tag, value] of Object.entries({ ...environment.tags, environment: environment.name })) {
      Tags.of(this).add(tag, value);
    }
  }

  #addFunction(name: FunctionName, environment: Environment, table: FlowTable): AuthFunction {
    const { limits, memoryMb, logRetentionDays, tracing, pingOne } = environment;
    const added = new AuthFunction(this, `Function-${name}`, {
      name,
      description: `Sign-on: ${name}`,
      environment: functionEnvironment(environment, table),
      upstreamMs: pingOne.timeoutMs,
      memoryMb,
      logRetention: logRetentionDays,
      tracing,
      reservedConcurrency: limits.reservedConcurrency[name],
    });
    added.role.addToPolicy(
      new PolicyStatement({ actions: [...tableActions[name]], resources: [table.tableArn] }),
    );
    return added;
  }

  #functionNamed(name: FunctionName): AuthFunction {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Error(`There is no function ${name}.`);
    return found;
  }
}

function functionEnvironment(environment: Environment, table: FlowTable): FunctionEnvironment {
  const { name, pingOne, applications, limits } = environment;
  return {
    ENVIRONMENT: name,
    TABLE_NAME: table.tableName,
    PINGONE_BASE_URL: pingOne.baseUrl,
    PINGONE_TIMEOUT_MS: String(pingOne.timeoutMs),
    APPLICATIONS: JSON.stringify(applications),
    ATTEMPT_LIMIT: String(limits.attempts),
    FORWARD_USER_AGENT: pingOne.forwardUserAgent ? "true" : "false",
    FORWARD_ACCEPT_LANGUAGE: pingOne.forwardAcceptLanguage ? "true" : "false",
  };
}
