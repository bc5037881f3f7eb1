import { readFileSync } from "node:fs";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { limitActions, tableActions } from "../../infra/permissions.ts";
import { StartBody } from "../../lib/operation/bodies/start.ts";
import { operationNames } from "../../lib/operation/names.ts";
import { deployed, propertiesOf, type Synthesis, statementsOf, synthesize } from "./synthesis.ts";

const Alarm = z.looseObject({ AlarmName: z.string(), AlarmDescription: z.string() });

/** The first call that a deployment tells of: a text, or one around the API's URL. */
const FirstCall = z.object({
  Outputs: z.object({
    FirstCall: z.object({
      Value: z.union([z.string(), z.object({ "Fn::Join": z.tuple([z.string(), z.array(z.unknown())]) })]),
    }),
  }),
});

/** What alarms, releases, dashboard and outputs promise. */
export function operationsPromises(): void {
  describe("operations", () => {
    it.each(["staging", "prod"] as const)(
      "tell somebody in %s of what is wrong, with a line in the runbook",
      (name) => {
        const { template } = synthesize(name);
        const alarms = propertiesOf(synthesize(name), "AWS::CloudWatch::Alarm");
        expect(alarms).toHaveLength(5 + operationNames.length + 3);
        const runbook = readFileSync("docs/operations.md", "utf8");
        for (const alarm of alarms) {
          const { AlarmName, AlarmDescription } = Alarm.parse(alarm);
          expect(alarm).toMatchObject({
            AlarmActions: [expect.anything()],
            TreatMissingData: AlarmName.endsWith("-monitor-silent") ? "missing" : "notBreaching",
          });
          const line = /"([a-z-]+)"$/.exec(AlarmDescription)?.[1];
          expect(runbook).toContain(`\n| \`${line}\` |`);
        }
        template.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email" });
        template.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
        const publish = statementsOf(synthesize(name)).filter(({ Action }) => Action.includes("sns:Publish"));
        expect(JSON.stringify(publish)).toContain("cloudwatch.amazonaws.com");
      },
    );

    it.each(["staging", "prod"] as const)(
      "tell in %s of a monitor that falls silent or can't start",
      (name) => {
        const alarms = propertiesOf(synthesize(name), "AWS::CloudWatch::Alarm").map((alarm) =>
          Alarm.parse(alarm),
        );
        const ending = (end: string) => alarms.find(({ AlarmName }) => AlarmName.endsWith(end));
        expect(ending("-monitor-silent")).toMatchObject({
          InsufficientDataActions: [expect.anything()],
          EvaluationPeriods: 3,
        });
        const [{ Name }] = z
          .tuple([z.looseObject({ Name: z.string() })])
          .parse(propertiesOf(synthesize(name), "AWS::Scheduler::ScheduleGroup"));
        const counted = JSON.stringify(ending("-monitor-failed"));
        expect(counted).toContain(`{"Name":"ScheduleGroup","Value":"${Name}"}`);
        for (const metric of ["TargetErrorCount", "InvocationDroppedCount", "ExecutionsFailed"])
          expect(counted).toContain(`"MetricName":"${metric}"`);
        synthesize(name).template.hasResource("AWS::Scheduler::Schedule", {
          Properties: { GroupName: Name },
          DependsOn: Match.arrayWith([Match.stringLikeRegexp("^WorkflowsScheduleGroup")]),
        });
      },
    );

    it.each(["staging", "prod"] as const)("take new code back in %s when an alarm rings", (name) => {
      synthesize(name).template.resourcePropertiesCountIs(
        "AWS::CodeDeploy::DeploymentGroup",
        {
          AlarmConfiguration: { Enabled: true, Alarms: Match.anyValue() },
          AutoRollbackConfiguration: { Enabled: true, Events: Match.arrayWith(["DEPLOYMENT_STOP_ON_ALARM"]) },
          DeploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent10Minutes",
        },
        operationNames.length,
      );
    });

    it.each(deployed)("show each step of %s, and say where everything is", (name) => {
      const { template } = synthesize(name);
      const dashboard = JSON.stringify(propertiesOf(synthesize(name), "AWS::CloudWatch::Dashboard"));
      for (const metric of ["requests", "totalMs", "upstreamMs", "step-in-progress", "outcome-unknown"]) {
        expect(dashboard).toContain(`\\"${metric}\\"`);
      }
      for (const output of ["ApiUrl", "DashboardUrl", "TableName", "FirstCall"])
        template.hasOutput(output, {});
      expect(StartBody.safeParse(firstBody(synthesize(name))).error?.issues ?? []).toEqual([]);
      template.hasResourceProperties("AWS::DynamoDB::Table", {
        Tags: Match.arrayWith([{ Key: "environment", Value: name }]),
      });
    });
  });
}

/** What the switches promise. */
export function switchPromises(): void {
  describe("the switches", () => {
    const exotic = [
      "AWS::WAFv2::WebACL",
      "AWS::EC2::VPC",
      "AWS::CodeDeploy::DeploymentGroup",
      "AWS::CloudWatch::Alarm",
      "AWS::Lambda::Alias",
    ];

    it.each(["dev", "emulator"] as const)("are off in %s", (name) => {
      for (const type of exotic) synthesize(name).template.resourceCountIs(type, 0);
    });

    it("leave an emulator nothing that it can't make", () => {
      const { resources } = synthesize("emulator");
      const types = [...resources.values()].map(({ Type }) => Type);
      expect(
        types.filter((type) => /^Custom::|CustomResource|SecretsManager|ApiGateway::Account/.test(type)),
      ).toEqual([]);
      expect(JSON.stringify([...resources.values()])).not.toContain("ImageUri");
    });

    it("give production calls that leave from elastic addresses, with a way to the one table inside AWS", () => {
      const { template } = synthesize("prod");
      template.resourceCountIs("AWS::EC2::EIP", 2);
      template.resourceCountIs("AWS::EC2::NatGateway", 2);
      expect(propertiesOf(synthesize("prod"), "AWS::EC2::FlowLog")).toEqual([
        expect.objectContaining({ TrafficType: "REJECT" }),
      ]);
      template.hasResourceProperties("AWS::EC2::VPCEndpoint", {
        VpcEndpointType: "Gateway",
        ServiceName: { "Fn::Join": ["", ["com.amazonaws.", { Ref: "AWS::Region" }, ".dynamodb"]] },
      });
      const throughEndpoint = statementsOf(synthesize("prod")).filter(
        ({ ownerType }) => ownerType === "AWS::EC2::VPCEndpoint",
      );
      const used = operationNames.flatMap(tableActions);
      expect(throughEndpoint).toMatchObject([
        {
          Effect: "Allow",
          Action: [...new Set([...used, ...limitActions])].toSorted(),
          Resource: { "Fn::GetAtt": [expect.stringMatching(/^Flows/), "Arn"] },
        },
      ]);
      template.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        { VpcConfig: Match.anyValue() },
        operationNames.length,
      );
      template.hasOutput("*", { Description: "Register these at PingOne: calls to it leave from them" });
    });
  });
}

/** The body of the first call. */
function firstBody({ templateFile }: Synthesis): unknown {
  const { Value } = FirstCall.parse(JSON.parse(readFileSync(templateFile, "utf8"))).Outputs.FirstCall;
  const text = typeof Value === "string" ? Value : Value["Fn::Join"][1].join("");
  return JSON.parse(/ -d '(.*)'$/.exec(text)?.[1] ?? "");
}
