import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from "aws-cdk-lib/aws-codedeploy";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Alias } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { OperationName } from "../lib/operation/names.ts";

/** What is released, and what takes it back. */
export interface ReleasesProps {
  readonly aliases: ReadonlyMap<OperationName, Alias>;
  readonly alarms: readonly Alarm[];
}

/**
 * Releases new code by degrees. House defaults: a tenth of the traffic for ten minutes, and back to the old
 * code when an alarm rings or the deployment stops. Old and new code share rows meanwhile: a row's `v` says
 * who can read it.
 */
export class Releases extends Construct {
  constructor(scope: Construct, id: string, { aliases, alarms }: ReleasesProps) {
    super(scope, id);
    const application = new LambdaApplication(this, "Application");
    const role = this.#role([...aliases.values()]);
    for (const [name, alias] of aliases) {
      new LambdaDeploymentGroup(this, `Group-${name}`, {
        application,
        alias,
        // CDK would add AWS's managed policy, which reaches every function of the account.
        role: role.withoutPolicyUpdates(),
        deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
        alarms: [...alarms],
        autoRollback: { deploymentInAlarm: true, failedDeployment: true, stoppedDeployment: true },
      });
    }
  }

  #role(aliases: readonly Alias[]): Role {
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("codedeploy.amazonaws.com") });
    role.addToPolicy(
      new PolicyStatement({
        actions: ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
        resources: aliases.flatMap(({ functionArn, lambda }) => [lambda.functionArn, functionArn]),
      }),
    );
    // DescribeAlarms knows no resources.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    role.addToPolicy(new PolicyStatement({ actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] }));
    return role;
  }
}
