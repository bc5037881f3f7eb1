import { ArnFormat, Stack } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * What an environment's two state machines are called. Others name them before they are made, so
 * the names are fixed.
 */
export function machineNames(environmentName: string) {
  return { signOn: `sign-on-${environmentName}`, monitor: `sign-on-monitor-${environmentName}` } as const;
}

/** What the name of every secret begins with that a workflow may name. */
export function credentialSecretPrefix(environmentName: string): string {
  return `sign-on/${environmentName}/credentials/`;
}

/**
 * The ARN of the secret of that name: it ends in a hyphen and six characters that Secrets Manager draws.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export function credentialSecretArn(scope: IConstruct, secretName: string): string {
  return Stack.of(scope).formatArn({
    service: "secretsmanager",
    resource: "secret",
    resourceName: `${secretName}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The ARN that a state machine of that name has in a construct's stack. */
export function machineArn(scope: IConstruct, stateMachineName: string): string {
  return Stack.of(scope).formatArn({
    service: "states",
    resource: "stateMachine",
    resourceName: stateMachineName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
