import { readFileSync } from "node:fs";
import { CfnGuardValidator } from "@cdklabs/cdk-validator-cfnguard";
import { describe, expect, it } from "vitest";
import { suppressions } from "../../infra/nag.ts";
import { deployed, statementsOf, synthesize } from "./synthesis.ts";

/** Every action that is allowed on `*` in a policy of IAM, where AWS allows no other way. */
const withoutResource = [
  "cloudwatch:DescribeAlarms",
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** The findings of AWS's Control Tower rules that stay; docs/operations.md says why. */
const remaining: Record<(typeof deployed)[number], readonly string[]> = {
  dev: [
    "CT.APIGATEWAY.PR.1",
    "CT.CLOUDWATCH.PR.2",
    "CT.CLOUDWATCH.PR.3",
    "CT.DYNAMODB.PR.1",
    "CT.LAMBDA.PR.2",
    "CT.LAMBDA.PR.3",
  ],
  staging: [
    "CT.APIGATEWAY.PR.1",
    "CT.CLOUDWATCH.PR.2",
    "CT.CLOUDWATCH.PR.3",
    "CT.DYNAMODB.PR.1",
    "CT.LAMBDA.PR.2",
    "CT.LAMBDA.PR.3",
  ],
  prod: [
    "CT.APIGATEWAY.PR.1",
    "CT.APIGATEWAY.PR.6",
    "CT.CLOUDWATCH.PR.3",
    "CT.DYNAMODB.PR.1",
    "CT.LAMBDA.PR.2",
  ],
};

/** What third parties' checks find, and that all of it is answered for. */
export function checkPromises(): void {
  describe("cdk-nag", () => {
    it.each([...deployed, "emulator"] as const)("finds nothing in %s that nobody answers for", (name) => {
      expect(synthesize(name).findings).toEqual([]);
    });

    it("is silenced at most nine times, with a reason each", () => {
      expect(suppressions.length).toBeLessThanOrEqual(9);
      expect(suppressions.filter(({ reason }) => reason.split(" ").length < 8)).toEqual([]);
    });
  });

  describe.each([...deployed, "emulator"] as const)("the policies of %s", (name) => {
    it("have no wildcard among their actions", () => {
      const wild = statementsOf(synthesize(name)).flatMap(({ Action }) =>
        Action.filter((one) => one.includes("*")),
      );
      expect(wild).toEqual([]);
    });

    it("speak of every resource only where AWS allows no other way", () => {
      const ownPolicy = ["AWS::KMS::Key"];
      const everywhere = statementsOf(synthesize(name)).filter(
        ({ Resource, ownerType }) =>
          /"\*"/.test(JSON.stringify(Resource ?? [])) && !ownPolicy.includes(ownerType),
      );
      const actions = new Set(everywhere.flatMap(({ Action }) => Action));
      expect([...actions].filter((action) => !withoutResource.includes(action))).toEqual([]);
    });
  });

  describe("cfn-guard, with AWS's Control Tower rules", () => {
    it.each(deployed)("finds in %s what docs/operations.md lists, and no more", (name) => {
      const { app, templateFile } = synthesize(name);
      const context = { templatePaths: [templateFile], appConstruct: app };
      const { violations } = new CfnGuardValidator().validate(context);
      const found = violations.map(
        ({ description }) => /\[(CT\.[A-Z0-9.]+)\]/.exec(description ?? "")?.[1] ?? "?",
      );
      expect(found.toSorted()).toEqual(remaining[name]);
      const listed = readFileSync("docs/operations.md", "utf8");
      expect(found.filter((rule) => !listed.includes(`\`${rule}\``))).toEqual([]);
    });
  });
}
