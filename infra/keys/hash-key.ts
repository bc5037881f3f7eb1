import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { type IRole, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { keyManagement } from "./key-management.ts";

/**
 * The key that names and networks are hashed under, so that whoever reads the table can't try names
 * out. House defaults: HMAC-SHA256 and nothing else, for the functions that are given a name;
 * administrators can manage it and not use it. KMS rotates no HMAC keys; a new key makes every limit
 * unused again, and nothing more.
 *
 * https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
 */
export class HashKey extends Key {
  constructor(scope: Construct, id: string, removalPolicy: RemovalPolicy) {
    super(scope, id, {
      description: "Hashes the names and networks that sign-on limits count",
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      pendingWindow: Duration.days(removalPolicy === RemovalPolicy.DESTROY ? 7 : 30),
      removalPolicy,
      policy: new PolicyDocument({ statements: keyManagement() }),
    });
  }

  /** Lets these roles derive what they hash under. */
  grantHashing(roles: readonly IRole[]): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "FunctionsHashNames",
        principals: [...roles],
        actions: ["kms:GenerateMac"],
        resources: ["*"],
        conditions: { StringEquals: { "kms:MacAlgorithm": "HMAC_SHA_256" } },
      }),
    );
  }
}
