import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { type ILogGroup, LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { DeployedEnvironment } from "../lib/config.ts";
import { budgetsFor } from "../lib/flow/budgets.ts";
import type { OperationName } from "../lib/operation/names.ts";
import { bundleOf } from "./bundles.ts";

/** How a function differs from the next. */
export interface AuthFunctionProps {
  readonly name: OperationName;
  readonly description: string;
  /** A missing variable doesn't compile. */
  readonly environment: DeployedEnvironment;
  /** What PingOne may take: milliseconds. The function's timeout derives from it. */
  readonly upstreamMs: number;
  readonly memoryMb: number;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
  readonly reservedConcurrency?: number | undefined;
  /** Where its calls leave from; without it, from wherever Lambda is. */
  readonly network?: { readonly vpc: IVpc; readonly securityGroup: ISecurityGroup } | undefined;
}

const interfaceActions = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/**
 * One function of the API. House defaults: arm64, Node 24, the bundle that the tests run, a role and
 * a log group of its own, and the timeout that the time budgets say. The role may write that log
 * group and nothing else.
 */
export class AuthFunction extends Construct {
  readonly step: OperationName;
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: AuthFunctionProps) {
    super(scope, id);
    this.step = props.name;
    const { name, description, environment, upstreamMs, memoryMb, tracing, network } = props;
    this.logGroup = new LogGroup(this, "Log", {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    // Lambda asks for these of the function's own role, and an interface that is yet to be made has no name.
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
    if (network !== undefined) {
      this.role.addToPolicy(new PolicyStatement({ actions: interfaceActions, resources: ["*"] }));
    }
    this.lambda = new LambdaFunction(this, "Function", {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(bundleOf(name)),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: { ...environment },
      memorySize: memoryMb,
      timeout: Duration.seconds(Math.ceil(budgetsFor(upstreamMs).functionMs / 1000)),
      tracing: tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(network === undefined ? {} : { vpc: network.vpc, securityGroups: [network.securityGroup] }),
    });
  }
}
