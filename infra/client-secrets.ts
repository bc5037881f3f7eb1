import type { RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { clientSecretName } from "../lib/client-secret-names.ts";
import { hasClientSecret } from "../lib/flow/application.ts";
import type { Environment } from "./environment.ts";

/**
 * The secrets by which applications prove themselves to PingOne: one for each that has one, made empty. Their
 * values come from PingOne's console, and are put in by hand: no template holds one.
 */
export class ClientSecrets extends Construct {
  readonly #arns: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    { name, applications }: Pick<Environment, "applications" | "name">,
    removalPolicy: RemovalPolicy,
  ) {
    super(scope, id);
    this.#arns = Object.entries(applications)
      .filter(([, application]) => hasClientSecret(application))
      .map(([application]) => {
        const secret = new CfnSecret(this, application, {
          name: clientSecretName(name, application),
          description: `PingOne's client secret of ${application}`,
        });
        secret.applyRemovalPolicy(removalPolicy);
        return secret.ref;
      });
  }

  /** Lets roles read them; nobody else can. */
  grantRead(roles: readonly Role[]): void {
    if (this.#arns.length === 0) return;
    for (const role of roles) {
      role.addToPolicy(
        new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [...this.#arns] }),
      );
    }
  }
}
