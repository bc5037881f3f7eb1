import { placeholderOf } from "../../infra/workflow/check/calls.ts";

export const invoke = "arn:aws:states:::lambda:invoke";

/** A definition whose one task calls `password`, or what the fields say. */
export function task(fields: object, machine: object = {}): object {
  return { StartAt: "Leak", States: { Leak: { Type: "Task", End: true, ...fields } }, ...machine };
}

export function call(parameters: object, fields: object = {}): object {
  const Parameters = { FunctionName: placeholderOf("password"), ...parameters };
  return task({ Resource: invoke, Parameters, ...fields });
}

export function given(payload: unknown, fields: object = {}): object {
  return call({ Payload: payload }, fields);
}

export const sound = { "flowId.$": "$.flow.flowId", credentialSecret: "sign-on/dev/credentials/monitor" };

function says(field: string, because: string): string {
  return `State "Leak", ${field}: ${because}.`;
}

function filledFrom(path: string): string {
  const because = `it is filled from ${path}, which has the name of a secret; rename the path if it holds none`;
  return says("Payload.username.$", because);
}

const namedSecret =
  "a member of this name is a secret; name its secret in Secrets Manager as credentialSecret";
const wholeState = "it passes the whole state; name the members";
const byPath = "it is taken from a path, so that nobody can tell what is in it; name the members";
const taskToken = "only $$.Task.Token goes there, into status, from a state that waits for it";
const jsonata = "a JSONata expression can't be checked; use JSONPath";
const again = "password is not to be called again after";

const onlyThen =
  "only after RateLimited and UpstreamUnavailable is nothing spent: set retryOnServiceExceptions to false, or use SignOnTask";

/** Definitions that may not be deployed: what each does, the definition, and the sentence that refuses it. */
export const leaking: readonly (readonly [what: string, definition: object, sentence: string])[] = [
  ["a password as such", given({ password: "correct horse" }), says("Payload.password", namedSecret)],
  [
    "a secret further in, by another spelling",
    given({ ...sound, given: [{ "Set-Cookie.$": "$.jar" }] }),
    says("Payload.given[0].Set-Cookie.$", namedSecret),
  ],
  [
    "a gateway's event, which a client's reply would answer",
    given({ ...sound, requestContext: {} }),
    says(
      "Payload.requestContext",
      "password takes no such member; it takes flowId, sealedFlowToken, username, credentialSecret",
    ),
  ],
  [
    "a secret under another name",
    given({ "username.$": "$.login.password" }),
    filledFrom("$.login.password"),
  ],
  [
    "a secret by a name in brackets",
    given({ "username.$": "$['login']['session_token'][0]" }),
    filledFrom("$['login']['session_token'][0]"),
  ],
  ["a secret wherever it is", given({ "username.$": "$..otp" }), filledFrom("$..otp")],
  ["a part of a secret", given({ "username.$": "$.code.value" }), filledFrom("$.code.value")],
  ["a variable with a secret", given({ "username.$": "$password" }), filledFrom("$password")],
  [
    "a secret within an intrinsic function",
    given({
      "username.$": "States.Format('{}, (\\'{}\\')', $.name, States.Base64Encode($.tokens.refresh_token))",
    }),
    filledFrom("$.tokens.refresh_token"),
  ],
  [
    "a secret by way of the input path",
    given({ "username.$": "$" }, { InputPath: "$.login.password" }),
    filledFrom("$"),
  ],
  ["the whole state as the payload", call({ "Payload.$": "$" }), says("Payload.$", wholeState)],
  [
    "no payload",
    call({}),
    'State "Leak", Payload: it is missing, which passes the whole state; name the members.',
  ],
  ["a part of the state as the payload", call({ "Payload.$": "$.login" }), says("Payload.$", byPath)],
  [
    "a payload put together",
    call({ "Payload.$": "States.JsonMerge($.flow, $.login, false)" }),
    says("Payload.$", byPath),
  ],
  [
    "the execution's input as the payload",
    call({ "Payload.$": "$$.Execution.Input" }),
    says(
      "Payload.$",
      "it passes $$.Execution.Input of the context; nothing goes from there but the task token, into status",
    ),
  ],
  [
    "a payload that is no object",
    given("$.login"),
    says("Payload", "it is not written as an object, member by member"),
  ],
  ["the whole state as a member", given({ "username.$": "$" }), says("Payload.username.$", wholeState)],
  [
    "the whole state as a text",
    given({ "username.$": "States.JsonToString($)" }),
    says("Payload.username.$", wholeState),
  ],
  [
    "the whole context",
    given({ "username.$": "$$" }),
    says(
      "Payload.username.$",
      "it passes $$ of the context; nothing goes from there but the task token, into status",
    ),
  ],
  [
    "the execution as a text",
    given({ "username.$": "States.JsonToString($$.Execution)" }),
    says(
      "Payload.username.$",
      "it passes $$.Execution of the context; nothing goes from there but the task token, into status",
    ),
  ],
  [
    "the task token under another name",
    given({ "username.$": "$$.Task.Token" }, { Resource: `${invoke}.waitForTaskToken` }),
    says(
      "Payload.username.$",
      "it passes $$.Task.Token of the context; nothing goes from there but the task token, into status",
    ),
  ],
  [
    "the task token to a step",
    given({ "taskToken.$": "$$.Task.Token" }, { Resource: `${invoke}.waitForTaskToken` }),
    says("Payload.taskToken.$", taskToken),
  ],
  [
    "the task token of a state that doesn't wait",
    call({ FunctionName: placeholderOf("status"), Payload: { "taskToken.$": "$$.Task.Token" } }),
    says("Payload.taskToken.$", taskToken),
  ],
  [
    "the whole state to a function that is the resource",
    task({ Resource: placeholderOf("password") }),
    says("Parameters", "it is missing, which passes the whole state; name the members"),
  ],
  [
    "a secret to a function that is the resource",
    task({ Resource: placeholderOf("otp"), Parameters: { "otp.$": "$.otp" } }),
    says("Parameters.otp.$", namedSecret),
  ],
  [
    "a secret by the SDK integration",
    given({ pin: "1234" }, { Resource: "arn:aws-cn:states:::aws-sdk:lambda:invoke" }),
    says("Payload.pin", namedSecret),
  ],
  [
    "a function called in a way of its own",
    task({
      Resource: "arn:aws:states:::aws-sdk:lambda:invokeAsync",
      Parameters: { FunctionName: placeholderOf("password"), "InvokeArgs.$": "$" },
    }),
    says("Resource", "a sign-on function is called by lambda:invoke only"),
  ],
  [
    "a function that is chosen at run time",
    task({ Resource: invoke, Parameters: { "FunctionName.$": "$.function", "Payload.$": "$" } }),
    says("Parameters.FunctionName", "what is called is known only at run time"),
  ],
  [
    "the client's context",
    call({ Payload: sound, "ClientContext.$": "$.context" }),
    says("Parameters.ClientContext.$", "what it carries can't be checked"),
  ],
  [
    "JSONata in one state",
    task({
      QueryLanguage: "JSONata",
      Resource: invoke,
      Arguments: { FunctionName: placeholderOf("password"), Payload: "{% $states.input %}" },
    }),
    says("QueryLanguage", jsonata),
  ],
  [
    "JSONata in all of them",
    task(
      { Resource: invoke, Arguments: { FunctionName: "{% $states.input.function %}" } },
      { QueryLanguage: "JSONata" },
    ),
    says("QueryLanguage", jsonata),
  ],
  [
    "retries after what Lambda says",
    given(sound, { Retry: [{ ErrorEquals: ["Lambda.ServiceException", "Lambda.SdkClientException"] }] }),
    says("Retry[0].ErrorEquals", `${again} Lambda.ServiceException, Lambda.SdkClientException; ${onlyThen}`),
  ],
  [
    "retries after whatever it was",
    given(sound, { Retry: [{ ErrorEquals: ["RateLimited"] }, { ErrorEquals: ["States.ALL"] }] }),
    says("Retry[1].ErrorEquals", `${again} States.ALL; ${onlyThen}`),
  ],
  [
    "retries of a state around it",
    {
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          End: true,
          Branches: [given(sound)],
          Retry: [{ ErrorEquals: ["States.TaskFailed"] }],
        },
      },
    },
    `State "Both", Retry[0].ErrorEquals: ${again} States.TaskFailed; ${onlyThen}.`,
  ],
  [
    "a secret within a Map within a Parallel",
    {
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          End: true,
          Branches: [
            {
              StartAt: "Each",
              States: { Each: { Type: "Map", End: true, ItemProcessor: given({ token: "" }) } },
            },
          ],
        },
      },
    },
    says("Payload.token", namedSecret),
  ],
  [
    "a secret within a Map of the old kind",
    {
      StartAt: "Each",
      States: { Each: { Type: "Map", End: true, Iterator: call({ "Payload.$": "$$.Map.Item.Value" }) } },
    },
    says(
      "Payload.$",
      "it passes $$.Map.Item.Value of the context; nothing goes from there but the task token, into status",
    ),
  ],
];
