import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { DefinitionBody, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Resources } from "./references.ts";
import { retriesIn } from "./retries.ts";

const Planted = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) });
type Planted = z.output<typeof Planted>;

const lambda = (Description: string, more: object = {}): Planted => ({
  Type: "AWS::Lambda::Function",
  Properties: { Description, ...more },
});
const passwordArn = { "Fn::GetAtt": ["Password", "Arn"] };
const statusArn = { "Fn::GetAtt": ["Status", "Arn"] };

/** A template with one resource more than there should be. */
function templateWith(Type: string, Properties: Record<string, unknown>, more: object = {}): Resources {
  const template: Record<string, Planted> = {
    Password: lambda("Sign-on: password"),
    Status: lambda("Sign-on: status"),
    Live: { Type: "AWS::Lambda::Alias", Properties: { FunctionName: { Ref: "Password" }, Name: "live" } },
    Planted: { Type, Properties },
    ...more,
  };
  return new Map(Object.entries(template));
}

function findings(Type: string, Properties: Record<string, unknown>, more?: object): string[] {
  return retriesIn(templateWith(Type, Properties, more));
}

const events = { Action: "lambda:InvokeFunction", Principal: "events.amazonaws.com" };
const once = {
  FunctionName: { Ref: "Password" },
  Qualifier: "live",
  MaximumRetryAttempts: 0,
  MaximumEventAgeInSeconds: 60,
};

describe("the scan of a template", () => {
  it.each<[string, string, Record<string, unknown>]>([
    [
      "an event that Lambda runs again",
      "AWS::Lambda::EventInvokeConfig",
      { ...once, MaximumRetryAttempts: 1 },
    ],
    [
      "events of which nothing is said",
      "AWS::Lambda::EventInvokeConfig",
      { ...once, MaximumRetryAttempts: undefined },
    ],
    [
      "an event that is kept for hours",
      "AWS::Lambda::EventInvokeConfig",
      { ...once, MaximumEventAgeInSeconds: undefined },
    ],
    [
      "an event that goes on",
      "AWS::Lambda::EventInvokeConfig",
      { ...once, DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:::again" } } },
    ],
    ["a queue", "AWS::Lambda::EventSourceMapping", { FunctionName: { Ref: "Live" } }],
    ["a pipe", "AWS::Pipes::Pipe", { Target: passwordArn }],
    ["a rule without a policy", "AWS::Events::Rule", { Targets: [{ Arn: { Ref: "Live" } }] }],
    [
      "a rule that tries again",
      "AWS::Events::Rule",
      { Targets: [{ Arn: passwordArn, RetryPolicy: { MaximumRetryAttempts: 2 } }] },
    ],
    ["a schedule", "AWS::Scheduler::Schedule", { Target: { Arn: passwordArn } }],
    ["a topic", "AWS::Lambda::Permission", { FunctionName: passwordArn, Principal: "sns.amazonaws.com" }],
    ["a bucket", "AWS::Lambda::Permission", { FunctionName: { Ref: "Live" }, Principal: "s3.amazonaws.com" }],
    [
      "a call that nobody waits for",
      "AWS::ApiGateway::Method",
      {
        Integration: { RequestParameters: { "integration.request.header.X-Amz-Invocation-Type": "'Event'" } },
      },
    ],
    [
      "tries of the AWS SDK",
      "AWS::Lambda::Function",
      { Description: "Sign-on: otp", Environment: { Variables: { AWS_MAX_ATTEMPTS: "3" } } },
    ],
    [
      "ways of the AWS SDK",
      "AWS::Lambda::Function",
      { Description: "Sign-on: otp", Environment: { Variables: { AWS_RETRY_MODE: "adaptive" } } },
    ],
    ["a definition that is elsewhere", "AWS::StepFunctions::StateMachine", { DefinitionS3Location: {} }],
    ["a definition that is none", "AWS::StepFunctions::StateMachine", { DefinitionString: "{" }],
  ])("finds %s", (_, type, properties) => {
    expect(findings(type, properties)).toEqual([expect.stringMatching(/^Planted: /)]);
  });

  it("finds events for an alias when only the latest code takes each once", () => {
    const properties = { ...events, FunctionName: { Ref: "Live" } };
    const config = (Qualifier: string) => ({
      Once: { Type: "AWS::Lambda::EventInvokeConfig", Properties: { ...once, Qualifier } },
    });
    expect(findings("AWS::Lambda::Permission", properties, config("$LATEST"))).toHaveLength(1);
    expect(findings("AWS::Lambda::Permission", properties, config("live"))).toEqual([]);
  });

  it("finds a schedule that tries once and leaves an event that Lambda tries again", () => {
    const Target = { Arn: { Ref: "Live" }, RetryPolicy: { MaximumRetryAttempts: 0 } };
    const config = { Once: { Type: "AWS::Lambda::EventInvokeConfig", Properties: once } };
    expect(findings("AWS::Scheduler::Schedule", { Target })).toHaveLength(1);
    expect(findings("AWS::Scheduler::Schedule", { Target }, config)).toEqual([]);
  });

  it("leaves alone what happens once, or to others", () => {
    expect(findings("AWS::Events::Rule", { Targets: [{ Arn: "arn:aws:sns:::alarms" }] })).toEqual([]);
    expect(findings("AWS::Events::Rule", { EventPattern: {} })).toEqual([]);
    expect(
      findings("AWS::Lambda::Permission", {
        FunctionName: passwordArn,
        Principal: "apigateway.amazonaws.com",
      }),
    ).toEqual([]);
    expect(findings("AWS::ApiGateway::Method", { HttpMethod: "POST" })).toEqual([]);
  });
});

const invoke = "arn:aws:states:::lambda:invoke";

/** As the CDK writes it: one text, joined from parts. */
function joined(machine: (arn: string) => object, arn: object): Record<string, unknown> {
  const [before = "", ...after] = JSON.stringify(machine("@")).split("@");
  return { DefinitionString: { "Fn::Join": ["", [before, ...after.flatMap((part) => [arn, part])]] } };
}

function oneState(Retry: unknown, arn: object): Record<string, unknown> {
  const task = (FunctionName: string) => ({
    Type: "Task",
    Resource: invoke,
    Parameters: { FunctionName },
    Retry,
    End: true,
  });
  return joined((name) => ({ StartAt: "step", States: { step: task(name) } }), arn);
}

describe("the scan of a state machine", () => {
  it.each([
    ...["States.ALL", "States.TaskFailed", "States.Timeout"],
    ...["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"],
    ...["Lambda.ClientExecutionTimeoutException", "Lambda.TooManyRequestsException"],
    ...["Lambda.Unknown", "OutcomeUnknown"],
  ])("finds a once-only step that is taken again after %s", (error) => {
    const retry = [{ ErrorEquals: ["RateLimited"] }, { ErrorEquals: [error], MaxAttempts: 2 }];
    expect(findings("AWS::StepFunctions::StateMachine", oneState(retry, passwordArn))).toEqual([
      `Planted: step is taken again after ${error}`,
    ]);
    expect(findings("AWS::StepFunctions::StateMachine", oneState(retry, { Ref: "Live" }))).toHaveLength(1);
  });

  it("allows that after what proves that nothing was spent, and none at all", () => {
    const proved = ["RateLimited", "UpstreamUnavailable"];
    const never = { ErrorEquals: ["States.ALL"], MaxAttempts: 0 };
    const retry = [{ ErrorEquals: proved, IntervalSeconds: 1 }, never];
    expect(findings("AWS::StepFunctions::StateMachine", oneState(retry, passwordArn))).toEqual([]);
  });

  it("finds what the CDK puts in unasked", () => {
    const stack = new Stack();
    const lambdaFunction = new LambdaFunction(stack, "Password", {
      description: "Sign-on: password",
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: Code.fromInline("none"),
    });
    const step = new LambdaInvoke(stack, "step", { lambdaFunction });
    new StateMachine(stack, "Planted", { definitionBody: DefinitionBody.fromChainable(step) });
    const { Resources } = z
      .object({ Resources: z.record(z.string(), Planted) })
      .parse(Template.fromStack(stack).toJSON());
    expect(retriesIn(new Map(Object.entries(Resources)))).toEqual([
      expect.stringMatching(
        /^Planted\w+: step is taken again after Lambda.ClientExecutionTimeoutException, /,
      ),
    ]);
  });

  it("lets what spends nothing be taken again", () => {
    const retry = [{ ErrorEquals: ["States.ALL"] }];
    expect(findings("AWS::StepFunctions::StateMachine", oneState(retry, statusArn))).toEqual([]);
  });

  it("finds a group that is taken again with a once-only step in it, and the step", () => {
    const retry = [{ ErrorEquals: ["RateLimited"] }];
    const properties = joined(
      (arn) => ({
        States: {
          both: {
            Type: "Parallel",
            Retry: retry,
            Branches: [
              { States: { step: { Type: "Task", Resource: arn, Retry: [{ ErrorEquals: ["States.ALL"] }] } } },
            ],
          },
        },
      }),
      passwordArn,
    );
    expect(findings("AWS::StepFunctions::StateMachine", properties)).toEqual([
      "Planted: both is taken again after RateLimited",
      "Planted: step is taken again after States.ALL",
    ]);
  });

  it("reads a definition that is plain text or no text, and takes an unknown function for once-only", () => {
    const state = { Type: "Task", Resource: invoke, Retry: [{ ErrorEquals: ["States.ALL"] }] };
    const machine = { States: { step: state } };
    for (const properties of [{ DefinitionString: JSON.stringify(machine) }, { Definition: machine }]) {
      expect(findings("AWS::StepFunctions::StateMachine", properties)).toHaveLength(1);
    }
    const known = { States: { step: { ...state, Resource: statusArn } } };
    expect(findings("AWS::StepFunctions::StateMachine", { Definition: known })).toEqual([]);
  });
});
