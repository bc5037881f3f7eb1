import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { AccountRootPrincipal, type IRole, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { Environment } from "../environment.ts";
import { keyManagement } from "./key-management.ts";
import { signingKeyAlias } from "./signing-key-alias.ts";

/** The keys by which an environment signs for applications. Those that are listed exist, and no others. */
export class SigningKeys extends Construct {
  readonly arns: readonly string[];
  readonly #keys: readonly SigningKey[];

  constructor(
    scope: Construct,
    id: string,
    { name, signingKeys = [] }: Pick<Environment, "name" | "signingKeys">,
    removalPolicy: RemovalPolicy,
  ) {
    super(scope, id);
    this.#keys = signingKeys.map((label) => {
      const key = new SigningKey(this, `Key-${label}`, label, removalPolicy);
      key.addAlias(signingKeyAlias(name, label));
      return key;
    });
    this.arns = this.#keys.map(({ keyArn }) => keyArn);
  }

  /** Lets these roles sign by any of them: while a release is taken up, old code signs by the key before. */
  grantSigning(roles: readonly IRole[]): void {
    for (const key of this.#keys) key.grantSigning(roles);
  }
}

/**
 * A key by which PingOne knows that a request is an application's own. House defaults: RS256 and nothing
 * else, for the functions that begin flows; administrators can manage it and read its public half, and not
 * sign. KMS rotates no such keys: a new one is listed before it signs (docs/operations.md).
 *
 * https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
 */
class SigningKey extends Key {
  constructor(scope: Construct, id: string, label: string, removalPolicy: RemovalPolicy) {
    super(scope, id, {
      description: `Signs what applications tell PingOne: ${label}`,
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(removalPolicy === RemovalPolicy.DESTROY ? 7 : 30),
      removalPolicy,
      policy: new PolicyDocument({ statements: [...keyManagement(), publication()] }),
    });
  }

  grantSigning(roles: readonly IRole[]): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "FunctionsSignRequests",
        principals: [...roles],
        actions: ["kms:Sign"],
        resources: ["*"],
        conditions: { StringEquals: { "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256" } },
      }),
    );
  }
}

/** What the deployment needs for the alias, and `npm run jwks` for the public half. */
function publication(): PolicyStatement {
  return new PolicyStatement({
    sid: "AdministratorsPublish",
    principals: [new AccountRootPrincipal()],
    actions: ["kms:CreateAlias", "kms:DeleteAlias", "kms:GetPublicKey", "kms:UpdateAlias"],
    resources: ["*"],
  });
}
