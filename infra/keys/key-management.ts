import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";

/** What the policy of each key of ours begins with. */
export function keyManagement(): PolicyStatement[] {
  return [administration(), noGrantsToStrangers()];
}

/**
 * Leaves managing a key to the account's administrators and the deploying role, and using it to nobody: every
 * action by name, none of which encrypts or decrypts. In a key's own policy `*` is that key.
 *
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
 */
function administration(): PolicyStatement {
  return new PolicyStatement({
    sid: "AdministratorsManage",
    principals: [new AccountRootPrincipal()],
    actions: [
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
      "kms:ListKeyRotations",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:RevokeGrant",
      "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateKeyDescription",
    ],
    resources: ["*"],
  });
}

/** A grant is a way around a key policy: AWS services alone may make one, for a resource of theirs. */
function noGrantsToStrangers(): PolicyStatement {
  return new PolicyStatement({
    sid: "OnlyServicesGrant",
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ["kms:CreateGrant"],
    resources: ["*"],
    conditions: {
      BoolIfExists: { "kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false" },
    },
  });
}
