import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { keyManagement } from "./key-management.ts";

/**
 * The key of the alarms' topic: AWS's own key for SNS can't be used by CloudWatch. House defaults: it
 * rotates, and only CloudWatch's alarms of this account can use it.
 *
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class TopicKey extends Key {
  constructor(scope: Construct, id: string) {
    const stack = Stack.of(scope);
    super(scope, id, {
      description: "Encrypts the sign-on alarms on their way",
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy: RemovalPolicy.DESTROY,
      policy: new PolicyDocument({
        statements: [
          ...keyManagement(),
          new PolicyStatement({
            sid: "AlarmsAreSent",
            principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
            actions: ["kms:Decrypt", "kms:GenerateDataKey"],
            resources: ["*"],
            conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
          }),
        ],
      }),
    });
  }
}
