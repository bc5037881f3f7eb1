import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AccountRootPrincipal, type IRole, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { keyManagement } from "./key-management.ts";

/**
 * What DynamoDB does with the key on its caller's behalf.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms-authz
 */
const use = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/**
 * The key of the flow table. House defaults: it rotates every year; only the functions' roles can use
 * it, and only through DynamoDB; the role that CDK deploys with can make the table; administrators can
 * manage it and not use it. No right to use it comes from IAM, so a wide policy elsewhere in the
 * account opens nothing here.
 */
export class TableKey extends Key {
  readonly #throughDynamoDb: Record<string, string>;

  constructor(scope: Construct, id: string, removalPolicy: RemovalPolicy) {
    const { account, partition, region } = Stack.of(scope);
    super(scope, id, {
      description: "Encrypts the rows of sign-on flows",
      enableKeyRotation: true,
      pendingWindow: Duration.days(removalPolicy === RemovalPolicy.DESTROY ? 7 : 30),
      removalPolicy,
      policy: new PolicyDocument({ statements: keyManagement() }),
    });
    this.#throughDynamoDb = { "kms:ViaService": `dynamodb.${region}.amazonaws.com` };
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "DeploymentMakesTheTable",
        principals: [new AccountRootPrincipal()],
        actions: [...use, "kms:CreateGrant"],
        resources: ["*"],
        conditions: {
          StringEquals: this.#throughDynamoDb,
          ArnLike: { "aws:PrincipalArn": `arn:${partition}:iam::${account}:role/cdk-*-cfn-exec-role-*` },
        },
      }),
    );
  }

  /** Lets these roles read and write rows. */
  grantThroughDynamoDb(roles: readonly IRole[]): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "FunctionsUseItThroughDynamoDb",
        principals: [...roles],
        actions: use,
        resources: ["*"],
        conditions: { StringEquals: this.#throughDynamoDb },
      }),
    );
  }
}
