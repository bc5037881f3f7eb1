import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { type WorkflowRights, workflowRights } from "../../infra/permissions.ts";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import {
  functionOfRole,
  logicalId,
  type PolicyStatement,
  propertiesOf,
  type Synthesis,
  statementsOf,
  synthesize,
  withWorkflows,
} from "./synthesis.ts";

const Principal = z.looseObject({
  Principal: z.looseObject({ AWS: z.unknown(), Service: z.string().optional() }),
});

/** The logical ids of the roles that a statement is about. */
function rolesOf(statement: PolicyStatement): string[] {
  const { AWS } = Principal.parse(statement).Principal;
  return [...JSON.stringify(AWS ?? "").matchAll(/"Fn::GetAtt":\["(\w+)"/g)].map(([, id]) => id ?? "");
}

function machineArn(stateMachineName: string): object {
  const parts = ["arn:aws:states:eu-west-1:", { Ref: "AWS::AccountId" }, `:stateMachine:${stateMachineName}`];
  return { "Fn::Join": ["", parts] };
}

/** What a statement lets whom do: each function's right in one line. */
function rightsIn(statement: PolicyStatement): string[] {
  const purpose = statement.Sid?.endsWith("FlowTokens") ? "flow-token" : "task-token";
  return rolesOf(statement).flatMap((role) =>
    statement.Action.map((action) => `${functionOfRole(role) ?? role}: ${action} ${purpose}`),
  );
}

function wantedRights(step: OperationName): string[] {
  const { encrypts, decrypts }: WorkflowRights = workflowRights(step);
  const all = [
    ...encrypts.map((one) => `kms:Encrypt ${one}`),
    ...decrypts.map((one) => `kms:Decrypt ${one}`),
  ];
  return all.map((right) => `${step}: ${right}`);
}

/** What the key of the workflows and the roles around it promise. */
export function workflowKeyPromises(): void {
  describe.each(withWorkflows)("the workflow key of %s", (name) => {
    let synthesis: Synthesis;
    let policy: PolicyStatement[];
    beforeAll(() => {
      synthesis = synthesize(name);
      policy = statementsOf(synthesis).filter(({ owner }) => owner.startsWith("WorkflowKey"));
    });
    const forFunctions = () => policy.filter(({ Sid = "" }) => Sid.startsWith("Functions"));

    it("lets each function seal and open what it needs, under the three members of its context", () => {
      for (const { Sid = "", Condition } of forFunctions()) {
        expect(Condition).toEqual({
          StringEquals: {
            "kms:EncryptionContext:purpose": Sid.endsWith("FlowTokens") ? "flow-token" : "task-token",
            "kms:EncryptionContext:environment": name,
          },
          Null: { "kms:EncryptionContext:flowId": "false" },
          "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["purpose", "environment", "flowId"] },
        });
      }
      expect(forFunctions().flatMap(rightsIn).toSorted()).toEqual(
        operationNames.flatMap(wantedRights).toSorted(),
      );
    });

    it("gives the state machines and the deployment the use of what they keep, and nobody else", () => {
      const using = policy.filter(({ Effect, Action }) => {
        return Effect === "Allow" && Action.some((one) => /crypt|DataKey|CreateGrant|Sign|Mac/.test(one));
      });
      const others = using.filter((statement) => !forFunctions().includes(statement));
      const title = name.slice(0, 1).toUpperCase() + name.slice(1);
      const [signOn, monitor] = [`SignOn${title}`, `SignOnMonitor${title}`];
      expect(others.map(({ Sid, Action }) => [Sid, Action])).toEqual([
        ["DeploymentMakesTheStateMachines", ["kms:Decrypt", "kms:GenerateDataKey"]],
        ["LogLinesAreDelivered", ["kms:Decrypt"]],
        [`${signOn}ExecutionsUseIt`, ["kms:Decrypt", "kms:GenerateDataKey"]],
        [`${signOn}LogsUseIt`, ["kms:GenerateDataKey"]],
        [`${monitor}ExecutionsUseIt`, ["kms:Decrypt", "kms:GenerateDataKey"]],
        [`${monitor}LogsUseIt`, ["kms:GenerateDataKey"]],
      ]);
      for (const [sid, machine] of [
        [`${signOn}ExecutionsUseIt`, `sign-on-${name}`],
        [`${monitor}ExecutionsUseIt`, `sign-on-monitor-${name}`],
      ] as const) {
        const statement = others.find(({ Sid }) => Sid === sid);
        expect(statement?.Condition).toEqual({
          StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": machineArn(machine) },
        });
        expect(statement && rolesOf(statement)).toEqual([expect.stringMatching(/^Workflows\w+Role/)]);
      }
      expect(JSON.stringify(others[0])).toMatch(
        /states\.eu-west-1\.amazonaws\.com.*:role\/cdk-\*-cfn-exec-role-\*/,
      );
    });

    it("rotates, and is used by no right from IAM", () => {
      const keys = propertiesOf(synthesis, "AWS::KMS::Key");
      const others = keys.filter(({ EnableKeyRotation }) => EnableKeyRotation !== true);
      // KMS can rotate no key for hashes.
      expect(others.map(({ KeySpec }) => KeySpec)).toEqual(["HMAC_256"]);
      const fromIam = statementsOf(synthesis).filter(
        ({ ownerType, Action }) =>
          ownerType === "AWS::IAM::Policy" && Action.some((one) => one.startsWith("kms:")),
      );
      expect(fromIam).toEqual([]);
    });
  });

  describe.each(withWorkflows)("the roles around the workflows of %s", (name) => {
    const statements = (prefix: string, action: string) =>
      statementsOf(synthesize(name)).filter(
        ({ owner, Action }) => owner.startsWith(prefix) && Action.includes(action),
      );

    it.each(operationNames)("let %s tell who waits if it has to, and nobody else", (step) => {
      const { reports, replaces } = workflowRights(step);
      const toldBy = (action: string) =>
        statements(`${logicalId(step)}Role`, `states:${action}`).map(({ Resource }) => Resource);
      const waiting = [machineArn(`sign-on-${name}`)];
      expect(toldBy("SendTaskSuccess")).toEqual(reports ? waiting : []);
      expect(toldBy("SendTaskFailure")).toEqual(replaces ? waiting : []);
    });

    it.each(operationNames)("let %s read credentials if it has to, and no further", (step) => {
      const { readsCredentials } = workflowRights(step);
      const read = statements(`${logicalId(step)}Role`, "secretsmanager:GetSecretValue");
      expect(read).toHaveLength(readsCredentials ? 1 : 0);
      if (readsCredentials) {
        expect(JSON.stringify(read[0]?.Resource)).toContain(
          `:secret:sign-on/${name}/credentials/monitor-??????"`,
        );
      }
    });

    it("let a state machine call the functions of its definition, and be it itself", () => {
      const called = (prefix: string) =>
        JSON.stringify(statements(prefix, "lambda:InvokeFunction").map(({ Resource }) => Resource))
          .match(/(?<=Function)[a-z]+(?=Function)|(?<=:function:)[\w-]+/g)
          ?.toSorted();
      const customers = [`after-sign-on-${name}`, `hand-over-${name}`];
      expect(called("WorkflowsSignOn")).toEqual([...customers, "start", "status"]);
      expect(called("WorkflowsMonitor")).toEqual(["lookup", "password", "resume", "start", "status"]);
      const trusts = statements("Workflows", "sts:AssumeRole").map(({ Condition }) => Condition);
      expect(trusts).toEqual(
        [`sign-on-${name}`, `sign-on-monitor-${name}`].map((machine) => ({
          StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
          ArnEquals: { "aws:SourceArn": machineArn(machine) },
        })),
      );
    });
  });
}
