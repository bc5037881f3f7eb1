import { CfnOutput, Fn, RemovalPolicy, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { Alias, IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { type OperationName, operationNames } from "../lib/operation/names.ts";
import { firstCall } from "./api/first-call.ts";
import { SignOnApi } from "./api/sign-on-api.ts";
import { WebAcl } from "./api/web-acl.ts";
import { AuthFunction } from "./auth-function.ts";
import { ClientSecrets } from "./client-secrets.ts";
import { Egress } from "./egress.ts";
import type { Environment } from "./environment.ts";
import { FlowTable } from "./flow-table.ts";
import { functionVariables } from "./function-variables.ts";
import { asFunction } from "./interfaces.ts";
import { HashKey } from "./keys/hash-key.ts";
import { SigningKeys } from "./keys/signing-keys.ts";
import { TableKey } from "./keys/table-key.ts";
import { Alarms } from "./monitoring/alarms.ts";
import { SignOnDashboard } from "./monitoring/dashboard.ts";
import {
  hashingFunctions,
  limitActions,
  provingFunctions,
  signingFunctions,
  type TableAction,
  tableActions,
} from "./permissions.ts";
import { Releases } from "./releases.ts";
import { secretNamesOf } from "./workflow/settings.ts";
import { WorkflowKey } from "./workflow/workflow-key.ts";
import { grantWorkflowRights } from "./workflow/workflow-rights.ts";
import { Workflows } from "./workflow/workflows.ts";

/** Everything of one environment: what costs or is exotic only where the environment says so. */
export class SignOnStack extends Stack {
  readonly #environment: Environment;
  readonly #functions = new Map<OperationName, AuthFunction>();
  readonly #aliases = new Map<OperationName, Alias>();
  readonly #hashKey: HashKey;
  readonly #signingKeys: SigningKeys;
  readonly #workflowKey: WorkflowKey | undefined;

  constructor(scope: Construct, id: string, environment: Environment, props: StackProps) {
    super(scope, id, props);
    this.#environment = environment;
    this.#hashKey = new HashKey(this, "HashKey", this.#removalPolicy);
    this.#signingKeys = new SigningKeys(this, "SigningKeys", environment, this.#removalPolicy);
    this.#workflowKey = this.#addWorkflowKey();
    const table = this.#addTable();
    const workflows = this.#addWorkflows();
    const api = this.#addApi();
    const alarms = this.#addAlarms(api, workflows);
    if (environment.gradualDeployment) {
      new Releases(this, "Releases", { aliases: this.#aliases, alarms: alarms?.rollback ?? [] });
    }
    const dashboard = new SignOnDashboard(this, "Dashboard", {
      environmentName: environment.name,
      api: api.rest,
      alarms: alarms?.all ?? [],
      logGroups: [...this.#functions.values()].map(({ logGroup }) => logGroup),
      signOnWorkflow: workflows?.signOn.stateMachine,
      monitor: workflows?.monitor?.stateMachine,
    });
    this.#addOutputs(api.url, table.tableName, dashboard.dashboardName);
    const tags = { ...environment.tags, application: "sign-on", environment: environment.name };
    for (const [tag, value] of Object.entries(tags)) Tags.of(this).add(tag, value);
  }

  /**
   * Named by the region itself when it deploys: CDK would look a known account's zones up,
   * and so need credentials.
   */
  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }

  /**
   * What becomes of keys and secrets when the stack is deleted. A first deployment that fails keeps none, for
   * they have protected nothing yet.
   */
  get #removalPolicy(): RemovalPolicy {
    return this.#environment.deletionProtection
      ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
      : RemovalPolicy.DESTROY;
  }

  #addWorkflowKey(): WorkflowKey | undefined {
    const { name, workflows } = this.#environment;
    return workflows && new WorkflowKey(this, "WorkflowKey", name, this.#removalPolicy);
  }

  #addTable(): FlowTable {
    const { deletionProtection, logRetentionDays, egress } = this.#environment;
    const removalPolicy = this.#removalPolicy;
    const encryptionKey = new TableKey(this, "TableKey", removalPolicy);
    const table = new FlowTable(this, "Flows", { encryptionKey, deletionProtection });
    const network =
      egress === "static" ? new Egress(this, "Egress", { table, logRetention: logRetentionDays }) : undefined;
    for (const name of operationNames) this.#functions.set(name, this.#addFunction(name, table, network));
    encryptionKey.grantThroughDynamoDb([...this.#functions.values()].map(({ role }) => role));
    const secrets = new ClientSecrets(this, "ClientSecrets", this.#environment, removalPolicy);
    secrets.grantRead(this.#rolesOf(provingFunctions));
    this.#hashKey.grantHashing(this.#rolesOf(hashingFunctions));
    this.#signingKeys.grantSigning(this.#rolesOf(signingFunctions));
    return table;
  }

  #rolesOf(names: readonly OperationName[]): Role[] {
    return names.flatMap((name) => this.#functions.get(name)?.role ?? []);
  }

  #addFunction(name: OperationName, table: FlowTable, network: Egress | undefined): AuthFunction {
    const { limits, memoryMb, logRetentionDays, tracing, pingOne, gradualDeployment } = this.#environment;
    const added = new AuthFunction(this, `Function-${name}`, {
      name,
      description: `Sign-on: ${name}`,
      environment: functionVariables(this.#environment, {
        tableName: table.tableName,
        hashKeyArn: this.#hashKey.keyArn,
        workflowKeyArn: this.#workflowKey?.keyArn,
        signingKeyArn: this.#signingKeys.arns[0],
      }),
      upstreamMs: pingOne.timeoutMs,
      memoryMb,
      logRetention: logRetentionDays,
      tracing,
      reservedConcurrency: limits.reservedConcurrency[name],
      network,
    });
    const actions = tableActions(name);
    if (actions.length > 0) added.role.addToPolicy(rightsOnRows(table, "flow#*", actions));
    if (hashingFunctions.some((one) => one === name)) {
      added.role.addToPolicy(rightsOnRows(table, "limit#*", limitActions));
    }
    if (gradualDeployment) this.#aliases.set(name, added.lambda.addAlias("live"));
    return added;
  }

  #addWorkflows(): Workflows | undefined {
    const environment = this.#environment;
    const { name, workflows } = environment;
    const key = this.#workflowKey;
    if (workflows === undefined || key === undefined) return undefined;
    const roles = new Map([...this.#functions].map(([step, { role }]) => [step, role]));
    key.grantFunctions(roles);
    grantWorkflowRights(name, secretNamesOf(workflows), roles);
    return new Workflows(this, "Workflows", {
      ...{ environment, workflows, key },
      target: (step) => this.#target(step),
    });
  }

  #addApi(): SignOnApi {
    const environment = this.#environment;
    const api = new SignOnApi(this, "Api", { environment, target: (name) => this.#target(name) });
    if (environment.firewall !== undefined) {
      new WebAcl(this, "WebAcl", {
        stage: api.rest.deploymentStage,
        firewall: environment.firewall,
        logRetention: environment.logRetentionDays,
        environmentName: environment.name,
        allowedOrigins: environment.allowedOrigins,
        cookieDelivery: environment.cookieDelivery,
      });
    }
    return api;
  }

  #addAlarms({ rest }: SignOnApi, made: Workflows | undefined): Alarms | undefined {
    const { name, alarms, pingOne, workflows } = this.#environment;
    const functions = new Map([...this.#functions].map(([key, { lambda }]) => [key, lambda]));
    const watched = { environmentName: name, api: rest, functions, upstreamMs: pingOne.timeoutMs };
    const monitor = made?.monitor &&
      made.schedule &&
      workflows?.monitor && {
        ...workflows.monitor,
        stateMachine: made.monitor.stateMachine,
        starts: made.schedule.group,
      };
    return alarms && new Alarms(this, "Alarms", { ...alarms, ...watched, monitor });
  }

  #target(name: OperationName): IFunction {
    const found = this.#aliases.get(name) ?? this.#functions.get(name)?.lambda;
    if (found === undefined) throw new Error(`There is no function ${name}.`);
    return asFunction(found);
  }

  #addOutputs(url: string, tableName: string, dashboardName: string): void {
    const dashboardUrl = `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards:name=${dashboardName}`;
    new CfnOutput(this, "ApiUrl", { value: url });
    new CfnOutput(this, "DashboardUrl", { value: dashboardUrl });
    new CfnOutput(this, "TableName", { value: tableName });
    new CfnOutput(this, "FirstCall", { value: firstCall(url) });
    const { arns } = this.#signingKeys;
    if (arns.length > 0) new CfnOutput(this, "SigningKeyArns", { value: arns.join(",") });
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
function rightsOnRows(
  { tableArn }: FlowTable,
  keys: string,
  actions: readonly TableAction[],
): PolicyStatement {
  return new PolicyStatement({
    actions: [...actions],
    resources: [tableArn],
    conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [keys] } },
  });
}
