import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AccountRootPrincipal, type IRole, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/** Managing a key, without any right to use it: each action by name. */
const management = [
  "kms:CancelKeyDeletion",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateKeyDescription",
];

/** What DynamoDB needs of whoever makes the table. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
const tableMaking = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/**
 * The key of the flow table. House defaults: it rotates every year, its policy leaves nothing to IAM but management,
 * and only the functions' roles can decrypt with it, only through DynamoDB.
 */
export class TableKey extends Key {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: "Encrypts the rows of sign-on flows",
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.DESTROY,
      policy: new PolicyDocument({ statements: [] }),
    });
    const { account } = Stack.of(this);
    const root = new AccountRootPrincipal();
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "AdministratorsManage",
        principals: [root],
        actions: management,
        resources: ["*"],
      }),
      false,
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "DeploymentMakesTheTable",
        principals: [root],
        actions: tableMaking,
        resources: ["*"],
        conditions: {
          StringEquals: { "kms:ViaService": this.#dynamoDb(), "kms:CallerAccount": account },
          ArnLike: {
            "aws:PrincipalArn": `arn:${Stack.of(this).partition}:iam::${account}:role/cdk-*-cfn-exec-role-*`,
          },
        },
      }),
      false,
    );
  }

  /** Lets these roles read and write encrypted rows. */
  grantThroughDynamoDb(roles: readonly IRole[]): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "FunctionsUseItThroughDynamoDb",
        principals: [...roles],
        actions: ["kms:Decrypt"],
        resources: ["*"],
        conditions: { StringEquals: { "kms:ViaService": this.#dynamoDb() } },
      }),
      false,
    );
  }

  #dynamoDb(): string {
    return `dynamodb.${Stack.of(this).region}.amazonaws.com`;
  }
}
