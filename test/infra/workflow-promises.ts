import { readFileSync } from "node:fs";
import aslValidator from "asl-validator";
import { Aspects } from "aws-cdk-lib";
import { Match } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { environmentNamed } from "../../infra/environments.ts";
import { rejections, retryable, settledErrors } from "../../infra/workflow/errors.ts";
import { LeakAspect } from "../../infra/workflow/leak-aspect.ts";
import { budgetsFor } from "../../lib/flow/budgets.ts";
import { problems } from "../../lib/flow/problems.ts";
import { errorNameOf } from "../../lib/workflow/errors.ts";
import { invokedBy } from "./references.ts";
import { definitionOf } from "./state-retries.ts";
import { propertiesOf, type Synthesis, synthesize, withWorkflows } from "./synthesis.ts";

const State = z.looseObject({
  Type: z.string(),
  Parameters: z.looseObject({ FunctionName: z.string().optional() }).optional(),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z.string().optional(),
  Seconds: z.number().optional(),
  Retry: z.array(z.unknown()).optional(),
  Catch: z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() })).optional(),
  Choices: z.array(z.looseObject({ Next: z.string() })).optional(),
  Default: z.string().optional(),
  Next: z.string().optional(),
  Error: z.string().optional(),
  ErrorPath: z.string().optional(),
});

const Definition = z.looseObject({
  StartAt: z.string(),
  TimeoutSeconds: z.number(),
  States: z.record(z.string(), State),
});

interface Machine {
  readonly name: unknown;
  readonly definition: z.output<typeof Definition>;
}

function machinesOf(synthesis: Synthesis): Machine[] {
  return propertiesOf(synthesis, "AWS::StepFunctions::StateMachine").map((properties) => {
    const text = JSON.stringify(definitionOf(properties)).replaceAll("<AWS::Partition>", "aws");
    return { name: properties["StateMachineName"], definition: Definition.parse(JSON.parse(text)) };
  });
}

/** The sign-on function that a state calls, by its description. */
function calledBy({ Parameters }: State, { resources }: Synthesis): string[] {
  const [, id = ""] = /^<(\w+)>$/.exec(Parameters?.FunctionName ?? "") ?? [];
  return invokedBy(resources, id).map((invoked) =>
    String(resources.get(invoked.id)?.Properties["Description"]),
  );
}

type State = z.output<typeof State>;

function waysOut({ Next, Default, Choices = [], Catch = [] }: State): string[] {
  return [Next, Default, ...[...Choices, ...Catch].map(({ Next: next }) => next)].filter(
    (next) => next !== undefined,
  );
}

/** Whether a state leads on whatever happens in it, or ends the execution by a name. */
function isClosed({ Type, Next, Default, Error: error, ErrorPath, Catch = [] }: State): boolean {
  const everything = Catch.at(-1)?.ErrorEquals.join() === "States.ALL";
  const closed: Record<string, boolean> = {
    Choice: Default !== undefined,
    Fail: (error ?? ErrorPath) !== undefined,
    Succeed: true,
    Task: everything && Next !== undefined,
  };
  return closed[Type] ?? Next !== undefined;
}

/** What the state machines promise. */
export function workflowPromises(): void {
  describe.each(withWorkflows)("the workflows of %s", (name) => {
    const settings = environmentNamed(name);
    const { leaseMs, functionMs } = budgetsFor(settings.pingOne.timeoutMs);
    let synthesis: Synthesis;
    let machines: Machine[];
    beforeAll(() => {
      synthesis = synthesize(name);
      machines = machinesOf(synthesis);
    });
    const states = () => machines.flatMap(({ definition }) => Object.entries(definition.States));
    const tasks = () => states().filter(([, { Type }]) => Type === "Task");
    const calls = () =>
      tasks().flatMap(([state, fields]) => calledBy(fields, synthesis).map((called) => [state, called]));

    it("are two: standard, traced, under our key, with a log that has no data", () => {
      expect(machines.map((machine) => machine.name)).toEqual([`sign-on-${name}`, `sign-on-monitor-${name}`]);
      synthesis.template.resourcePropertiesCountIs(
        "AWS::StepFunctions::StateMachine",
        {
          StateMachineType: "STANDARD",
          TracingConfiguration: { Enabled: true },
          LoggingConfiguration: Match.objectLike({ Level: "ALL", IncludeExecutionData: false }),
          EncryptionConfiguration: Match.objectLike({
            Type: "CUSTOMER_MANAGED_KMS_KEY",
            KmsKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^WorkflowKey"), "Arn"] },
          }),
        },
        2,
      );
    });

    it("are valid in the Amazon States Language", () => {
      for (const { definition } of machines) {
        const { isValid, errorsText } = aslValidator(structuredClone(definition));
        expect(isValid ? "" : errorsText("\n")).toBe("");
      }
    });

    it("reach every state, and end on every path in one with a name", () => {
      for (const { definition } of machines) {
        const { StartAt, States } = definition;
        const reached = new Set([StartAt, ...Object.values(States).flatMap(waysOut)]);
        expect([...reached].toSorted()).toEqual(Object.keys(States).toSorted());
      }
      expect(states().filter(([, state]) => !isClosed(state))).toEqual([]);
    });

    it("call each function by name, and are watched for leaks", () => {
      expect(Aspects.of(synthesis.app).all).toContainEqual(expect.any(LeakAspect));
      expect(Object.fromEntries(calls())).toEqual({
        ...{ Start: "Sign-on: start", AwaitSignOn: "Sign-on: status", Verify: "Sign-on: status" },
        ...{ Lookup: "Sign-on: lookup", Password: "Sign-on: password", Resume: "Sign-on: resume" },
        Settle: "Sign-on: status",
      });
    });

    it("invoke what the API invokes: the alias where releases are gradual", () => {
      const invoked = propertiesOf(synthesis, "AWS::StepFunctions::StateMachine").map((properties) =>
        JSON.stringify(properties["DefinitionString"]),
      );
      const text = invoked.join();
      expect(text).toMatch(
        settings.gradualDeployment ? /"Ref":"Function\w+Aliaslive/ : /Function\w+Function\w+","Arn"/,
      );
      expect(text).not.toMatch(settings.gradualDeployment ? /Function\w+Function\w+","Arn"/ : /Alias/);
    });

    it("retry a sign-on function where nothing was spent, and no other function at all", () => {
      const ours = new Set(calls().map(([state]) => state));
      for (const [state, { Retry }] of tasks()) {
        expect(Retry, state).toEqual(
          ours.has(state)
            ? [
                expect.objectContaining({
                  ErrorEquals: [...retryable],
                  JitterStrategy: "FULL",
                  BackoffRate: 2,
                }),
              ]
            : undefined,
        );
      }
    });

    it("give a function the time that it has, and a lost one the time to lose its lease", () => {
      const ours = tasks().filter(([state]) => !["HandOver", "AfterSignOn", "AwaitSignOn"].includes(state));
      for (const [, { TimeoutSeconds = 0 }] of ours)
        expect(TimeoutSeconds * 1_000).toBeGreaterThan(functionMs);
      const waits = states().filter(([, { Type }]) => Type === "Wait");
      expect(waits.map(([state]) => state)).toEqual(["Let the lease end", "Let the lease end"]);
      for (const [, { Seconds = 0 }] of waits) expect(Seconds * 1_000).toBeGreaterThanOrEqual(leaseMs);
      const waiting = states().find(([state]) => state === "AwaitSignOn")?.[1];
      expect(waiting?.TimeoutSecondsPath).toBe("$.flow.expiresIn");
    });

    it("start the monitor on a schedule, never a second one beside it", () => {
      const { everyMinutes } = z.object({ everyMinutes: z.number() }).parse(settings.workflows?.monitor);
      expect(machines[1]?.definition.TimeoutSeconds).toBeLessThan(everyMinutes * 60);
      synthesis.template.hasResourceProperties("AWS::Scheduler::Schedule", {
        ScheduleExpression: `rate(${everyMinutes} minutes)`,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: Match.objectLike({
          Input: "{}",
          RetryPolicy: Match.objectLike({ MaximumRetryAttempts: 0 }),
          Arn: { Ref: Match.stringLikeRegexp("^WorkflowsMonitor") },
        }),
      });
    });
  });

  describe("the workflows", () => {
    it("are in docs/workflows.md: every end, every error, and how long to wait", () => {
      const manual = readFileSync("docs/workflows.md", "utf8");
      const all = machinesOf(synthesize("prod")).flatMap(({ definition }) =>
        Object.entries(definition.States),
      );
      const ends = all.filter(([, { Type }]) => Type === "Fail" || Type === "Succeed");
      const named = [...settledErrors, "OutcomeUnknown", "StepInProgress", ...ends.map(([name]) => name)];
      expect(named.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
      expect(manual).toContain(`wait for ${all.find(([, { Type }]) => Type === "Wait")?.[1].Seconds} s`);
      expect(manual).toContain(
        `"TimeoutSeconds": ${all.find(([name]) => name === "Password")?.[1].TimeoutSeconds},`,
      );
    });

    it("end by these names, and by what was thrown or put out", () => {
      const ends = machinesOf(synthesize("prod")).map(({ definition }) =>
        Object.entries(definition.States).flatMap(([name, { Type, Error: error, ErrorPath }]) =>
          Type === "Fail" ? [`${name}: ${error ?? ErrorPath}`] : [],
        ),
      );
      expect(ends.map((names) => names.toSorted())).toEqual([
        [
          "ApplicationUnknown: RequestInvalid",
          "InputIncomplete: RequestInvalid",
          "ReportRefused: ReportRefused",
          "SignOnFailed: $.error.Error",
          "UserUnknown: UserUnknown",
        ],
        [
          ...rejections.map(errorNameOf).map((name) => `${name}: ${name}`),
          "MonitorFailed: $.error.Error",
          "NoProgress: NoProgress",
          "StepRejected: $.flow.error",
          "UnexpectedStep: UnexpectedStep",
        ].toSorted(),
      ]);
    });

    it("know every error that a function throws, and settle the open ones", () => {
      const thrown = Object.keys(problems).map((code) => code.replaceAll("-", ""));
      const known = settledErrors.map((error) => error.toLowerCase());
      expect(thrown.filter((code) => !known.includes(code))).toEqual(["stepinprogress", "outcomeunknown"]);
      expect(settledErrors).toEqual(
        expect.arrayContaining([
          "FlowExpired",
          "SecretInPayload",
          "WorkflowsDisabled",
          "Internal",
          "WaitReplaced",
        ]),
      );
    });

    it.each(["dev", "emulator"] as const)("are off in %s, with all that is made for them", (name) => {
      const { template, resources } = synthesize(name);
      for (const type of ["AWS::StepFunctions::StateMachine", "AWS::Scheduler::Schedule"]) {
        template.resourceCountIs(type, 0);
      }
      // The table's, and the one that names are hashed under.
      template.resourceCountIs("AWS::KMS::Key", 2);
      expect(JSON.stringify([...resources.values()])).not.toMatch(/SendTask|GetSecretValue/);
      for (const lambda of propertiesOf(synthesize(name), "AWS::Lambda::Function")) {
        expect(lambda).toMatchObject({
          Environment: { Variables: { WORKFLOW_KEY_ARN: "", CREDENTIAL_SECRET_PREFIX: "" } },
        });
      }
    });
  });
}
