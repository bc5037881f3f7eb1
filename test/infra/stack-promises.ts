import { Match } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { environmentNamed } from "../../infra/environments.ts";
import { loadConfig } from "../../lib/config.ts";
import { budgetsFor } from "../../lib/flow/budgets.ts";
import { operationNames } from "../../lib/operation/names.ts";
import { deployed, logicalId, propertiesOf, type Synthesis, statementsOf, synthesize } from "./synthesis.ts";

const LambdaProperties = z.looseObject({
  Description: z.string(),
  Timeout: z.number(),
  Role: z.unknown(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.unknown()) }),
  ReservedConcurrentExecutions: z.number().optional(),
});

/** What a deployment would put in place of a reference. */
function standIn(variable: string): string {
  return variable.endsWith("_KEY_ARN")
    ? "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000000"
    : "a-resource";
}

/** What the functions promise. */
export function functionPromises(): void {
  describe.each(deployed)("the functions of %s", (name) => {
    const settings = environmentNamed(name);
    let synthesis: Synthesis;
    beforeAll(() => {
      synthesis = synthesize(name);
    });
    const functions = () =>
      propertiesOf(synthesis, "AWS::Lambda::Function").map((properties) =>
        LambdaProperties.parse(properties),
      );

    it("are one a step: arm64, Node 24, traced, with a log that ends", () => {
      synthesis.template.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        {
          Architectures: ["arm64"],
          Runtime: "nodejs24.x",
          TracingConfig: { Mode: "Active" },
          LoggingConfig: Match.anyValue(),
        },
        operationNames.length,
      );
      const retentions = propertiesOf(synthesis, "AWS::Logs::LogGroup").map(
        ({ RetentionInDays }) => RetentionInDays,
      );
      expect(new Set(retentions)).toEqual(new Set([settings.logRetentionDays]));
    });

    it("time out after the step's lease and before the gateway", () => {
      const { leaseMs, functionMs } = budgetsFor(settings.pingOne.timeoutMs);
      for (const { Timeout } of functions()) {
        expect(Timeout * 1_000).toBeGreaterThan(leaseMs);
        expect(Timeout).toBe(Math.ceil(functionMs / 1_000));
        expect(Timeout).toBeLessThan(29);
      }
    });

    it("take the variables they are given", () => {
      for (const { Environment } of functions()) {
        const variables = Object.entries(Environment.Variables).map(([key, value]) => [
          key,
          typeof value === "string" ? value : standIn(key),
        ]);
        const config = loadConfig(Object.fromEntries(variables));
        expect(config.environment).toBe(name);
        expect(config.allowedOrigins).toEqual(settings.allowedOrigins);
      }
    });

    it("have a role each, that may write their own log only", () => {
      expect(new Set(functions().map(({ Role }) => JSON.stringify(Role))).size).toBe(operationNames.length);
      const writes = statementsOf(synthesis).filter(
        ({ Action, owner }) => owner.startsWith("Function") && Action.includes("logs:PutLogEvents"),
      );
      expect(writes.map(({ owner, Resource }) => [owner, Resource])).toEqual(
        operationNames.map((step) => [
          expect.stringMatching(`^${logicalId(step)}Role`),
          { "Fn::GetAtt": [expect.stringMatching(`^${logicalId(step)}Log`), "Arn"] },
        ]),
      );
    });

    it("keep the concurrency that the settings say", () => {
      const reserved = functions().map((each) => [each.Description, each.ReservedConcurrentExecutions ?? 0]);
      const wanted = operationNames.map((step) => [
        `Sign-on: ${step}`,
        settings.limits.reservedConcurrency[step] ?? 0,
      ]);
      expect(Object.fromEntries(reserved)).toEqual(Object.fromEntries(wanted));
    });
  });
}

/** What the table and its key promise. */
export function dataPromises(): void {
  describe.each(deployed)("the data of %s", (name) => {
    const settings = environmentNamed(name);
    let synthesis: Synthesis;
    beforeAll(() => {
      synthesis = synthesize(name);
    });

    it("is one table: on demand, with TTL and our key, without backups", () => {
      synthesis.template.hasResourceProperties("AWS::DynamoDB::Table", {
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
        TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
        SSESpecification: {
          SSEType: "KMS",
          KMSMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^TableKey"), "Arn"] },
        },
        PointInTimeRecoverySpecification: Match.absent(),
        DeletionProtectionEnabled: settings.deletionProtection,
      });
      const isKept = settings.deletionProtection;
      synthesis.template.hasResource("AWS::DynamoDB::Table", {
        DeletionPolicy: isKept ? "Retain" : "Delete",
      });
      synthesis.template.hasResource("AWS::KMS::Key", {
        DeletionPolicy: isKept ? "RetainExceptOnCreate" : "Delete",
        UpdateReplacePolicy: isKept ? "Retain" : "Delete",
        Properties: { EnableKeyRotation: true },
      });
    });

    it("opens to the functions' roles only, and only through DynamoDB", () => {
      const policy = statementsOf(synthesis).filter(({ owner }) => owner.startsWith("TableKey"));
      const opening = policy.filter(
        ({ Effect, Action }) => Effect === "Allow" && Action.includes("kms:Decrypt"),
      );
      expect(opening.map(({ Sid }) => Sid)).toEqual([
        "DeploymentMakesTheTable",
        "FunctionsUseItThroughDynamoDb",
      ]);
      for (const { Condition } of opening) {
        expect(Condition).toMatchObject({
          StringEquals: { "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com" },
        });
      }
      const functions = z
        .looseObject({ Principal: z.strictObject({ AWS: z.array(z.unknown()) }) })
        .parse(opening[1]);
      expect(functions.Principal.AWS).toHaveLength(operationNames.length);
      expect(JSON.stringify(opening[0])).toContain(":role/cdk-*-cfn-exec-role-*");
    });

    it("can be managed by administrators, who can't use it", () => {
      const [management] = statementsOf(synthesis).filter(
        ({ owner, Sid }) => owner.startsWith("TableKey") && Sid === "AdministratorsManage",
      );
      expect(management?.Action).toContain("kms:PutKeyPolicy");
      expect(
        management?.Action.filter((action) => /crypt|DataKey|CreateGrant|Sign|Mac/.test(action)),
      ).toEqual([]);
    });

    it("comes with no secret: what nobody reads is not made, and what is read is put there by hand", () => {
      synthesis.template.resourceCountIs("AWS::SecretsManager::Secret", 0);
    });
  });
}
