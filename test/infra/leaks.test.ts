import { Stack } from "aws-cdk-lib";
import { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { JsonPath } from "aws-cdk-lib/aws-stepfunctions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Payload } from "../../infra/workflow/payload.ts";
import { SignOnTask, SignOnWait } from "../../infra/workflow/sign-on-task.ts";
import type { OperationName } from "../../lib/operation/names.ts";

const target = () => LambdaFunction.fromFunctionName(new Stack(), "Function", "any");

function call<Name extends OperationName>(step: Name, payload: Payload<Name>): SignOnTask<Name> {
  return new SignOnTask(new Stack(), "Leak", { step, target, payload, seconds: 30 });
}

function wait(flowId: string): SignOnWait {
  const paths = { resultPath: "$.report", secondsPath: "$.flow.expiresIn" };
  return new SignOnWait(new Stack(), "Leak", { target, flowId, ...paths });
}

const Rendered = z.looseObject({ Parameters: z.looseObject({ Payload: z.unknown() }) });

function payloadOf(task: SignOnTask | SignOnWait): unknown {
  return Rendered.parse(Stack.of(task).resolve(task.toStateJson())).Parameters.Payload;
}

const secret = "a member of this name is a secret; name its secret in Secrets Manager as credentialSecret.";
const strange =
  "the function takes no such member; it takes flowId, sealedFlowToken, username, credentialSecret.";
const noText = "it is no text and no number; give one, or JsonPath.stringAt.";
const wholeState = "it passes the whole state; name what the member is filled from.";

function named(path: string): string {
  return `it is filled from ${path}, which has the name of a secret; rename the path if it holds none.`;
}

function ofContext(path: string): string {
  return `it passes ${path} of the context; give a text, or a path into the state.`;
}

/** What a member may not be filled from. */
const leaking: readonly (readonly [what: string, value: string, because: string])[] = [
  ["a secret", JsonPath.stringAt("$.login.password"), named("$.login.password")],
  [
    "a secret by a name in brackets",
    JsonPath.stringAt("$['login']['session_token'][0]"),
    named("$['login']['session_token'][0]"),
  ],
  ["a secret wherever it is", JsonPath.stringAt("$..otp"), named("$..otp")],
  ["a part of a secret", JsonPath.stringAt("$.code.value"), named("$.code.value")],
  ["a variable with a secret", JsonPath.stringAt("$password"), named("$password")],
  [
    "a secret within a function",
    JsonPath.format("{}, ('{}')", JsonPath.stringAt("$.name"), JsonPath.stringAt("$.tokens.idToken")),
    named("$.tokens.idToken"),
  ],
  [
    "a function that CDK can't read",
    JsonPath.stringAt("States.Format('{}', $.refresh_token)"),
    "States.Format('{}', $.refresh_token) can't be read; put it together in a state before.",
  ],
  ["the whole state", JsonPath.entirePayload, wholeState],
  ["all of the state", JsonPath.stringAt("$[*]"), wholeState],
  ["the whole state as a text", JsonPath.jsonToString(JsonPath.objectAt("$")), wholeState],
  ["the whole context", JsonPath.entireContext, ofContext("$$")],
  [
    "the execution as a text",
    JsonPath.jsonToString(JsonPath.objectAt("$$.Execution")),
    ofContext("$$.Execution"),
  ],
  ["the task token", JsonPath.taskToken, ofContext("$$.Task.Token")],
];

/** What a member may be filled from. */
const harmless: readonly string[] = [
  "$.password.sealedFlowToken",
  "$.person['name']",
  "$.devices[?(@.type == 'otp')].id",
  "States.Format('password {}', $.person.name)",
];

describe("a call of a sign-on function", () => {
  it("passes the members that the function takes", () => {
    const flow = {
      flowId: JsonPath.stringAt("$.flow.flowId"),
      sealedFlowToken: JsonPath.stringAt("$.sealed"),
    };
    expect(payloadOf(call("password", { ...flow, credentialSecret: "sign-on/dev/credentials/one" }))).toEqual(
      {
        "flowId.$": "$.flow.flowId",
        "sealedFlowToken.$": "$.sealed",
        credentialSecret: "sign-on/dev/credentials/one",
      },
    );
  });

  it.each(harmless)("may be filled from %s", (path) => {
    expect(payloadOf(call("lookup", { username: JsonPath.stringAt(path) }))).toEqual({ "username.$": path });
  });

  it.each(leaking)("is refused for %s", (_what, username, because) => {
    expect(() => call("password", { username })).toThrow(new TypeError(`State "Leak", username: ${because}`));
  });

  it("is refused for a secret as such, in any spelling", () => {
    // @ts-expect-error A secret has no member.
    expect(() => call("password", { password: "correct horse" })).toThrow(`"Leak", password: ${secret}`);
    // @ts-expect-error A secret has no member.
    expect(() => call("otp", { "Set-Cookie": "ST" })).toThrow(`State "Leak", Set-Cookie: ${secret}`);
    // @ts-expect-error A secret has no member.
    expect(() => call("otp", { "otp.$": "$.x" })).toThrow(`State "Leak", otp.$: ${secret}`);
  });

  it("is refused for a member of another's: of a gateway's event, whose reply has secrets, or of a wait", () => {
    // @ts-expect-error The function doesn't take it.
    expect(() => call("password", { requestContext: "" })).toThrow(`"Leak", requestContext: ${strange}`);
    // @ts-expect-error The function doesn't take it.
    expect(() => call("password", { taskToken: "AQC" })).toThrow(`"Leak", taskToken: ${strange}`);
    // @ts-expect-error A device is no credential.
    expect(() => call("device", { credentialSecret: "one" })).toThrow(
      "takes no such member; it takes flowId",
    );
    // @ts-expect-error Only a state that waits passes it.
    expect(() => call("status", { taskToken: "AQC" })).toThrow("the function takes no such member");
  });

  it("is refused for a value with members of its own", () => {
    // @ts-expect-error It is no text.
    expect(() => call("password", { username: [{ pin: "1234" }] })).toThrow(`"Leak", username: ${noText}`);
    // @ts-expect-error It is no text.
    expect(() => call("password", { username: JsonPath.objectAt("$.a") })).toThrow(noText);
  });

  it("is refused for a payload that isn't written member by member", () => {
    // @ts-expect-error It has no members.
    expect(() => call("password", JsonPath.entirePayload)).toThrow(strange);
    // @ts-expect-error It has none of the members.
    expect(() => call("password", JsonPath.objectAt("$.login"))).toThrow(strange);
  });

  it("stays as it was when somebody changes the payload afterwards", () => {
    const payload = { username: "one" };
    const task = call("lookup", payload);
    Object.assign(payload, { otp: "1234" });
    expect(payloadOf(task)).toEqual({ username: "one" });
  });

  it("is called again after no other errors", () => {
    const sentence =
      'State "Leak" may have spent something: it is called again after RateLimited and UpstreamUnavailable only.';
    // @ts-expect-error It takes no retries.
    expect(() => call("otp", {}).addRetry({ errors: ["States.ALL"] })).toThrow(sentence);
    // @ts-expect-error It takes no retries.
    expect(() => wait("one").addRetry({ errors: ["Lambda.ServiceException"] })).toThrow(sentence);
  });
});

describe("a wait for a sign-on", () => {
  it("passes the task token, as no other call does", () => {
    const task = wait(JsonPath.stringAt("$.flow.flowId"));
    expect(payloadOf(task)).toEqual({ "flowId.$": "$.flow.flowId", "taskToken.$": "$$.Task.Token" });
    expect(payloadOf(call("status", { flowId: "one" }))).toEqual({ flowId: "one" });
  });

  it("is refused for what a call is refused for", () => {
    expect(() => wait(JsonPath.entirePayload)).toThrow(`State "Leak", flowId: ${wholeState}`);
  });
});
