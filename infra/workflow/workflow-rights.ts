import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { OperationName } from "../../lib/operation/names.ts";
import { workflowRights } from "../permissions.ts";
import { credentialSecretArn, machineArn, machineNames } from "./names.ts";

/**
 * Gives each function's role what it needs where workflows are on, save the use of the key, which only the
 * key's own policy gives.
 *
 * @param secretNames the secrets with credentials that may be read
 */
export function grantWorkflowRights(
  environmentName: string,
  secretNames: readonly string[],
  roles: ReadonlyMap<OperationName, Role>,
): void {
  for (const [name, role] of roles) {
    const { reports, replaces, readsCredentials } = workflowRights(name);
    if (reports) {
      const actions = ["states:SendTaskSuccess", ...(replaces ? ["states:SendTaskFailure"] : [])];
      const waiting = machineArn(role, machineNames(environmentName).signOn);
      role.addToPolicy(new PolicyStatement({ actions, resources: [waiting] }));
    }
    if (readsCredentials && secretNames.length > 0) {
      const credentials = secretNames.map((secretName) => credentialSecretArn(role, secretName));
      role.addToPolicy(
        new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: credentials }),
      );
    }
  }
}
