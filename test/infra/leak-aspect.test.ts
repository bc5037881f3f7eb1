import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CfnResource, Fn, NestedStack, Stack } from "aws-cdk-lib";
import { CfnAlias, Function as LambdaFunction, Version } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import {
  CfnStateMachine,
  CustomState,
  DefinitionBody,
  JsonPath,
  LogLevel,
  StateMachine,
  TaskInput,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleOf } from "../../infra/bundles.ts";
import { asFunction } from "../../infra/interfaces.ts";
import { SignOnTask } from "../../infra/workflow/sign-on-task.ts";
import { encryptionConfiguration, Product } from "./leak-product.ts";

// Building the bundles, which every app needs, takes the machine's time, not a test's.
beforeAll(() => {
  bundleOf("password");
});

const secret =
  'State "Leak", Payload.otp.$: a member of this name is a secret; name its secret in Secrets Manager as credentialSecret.';

/** CloudFormation's and Step Functions' way to name what is filled in. */
function variable(name: string): string {
  return `\${${name}}`;
}

function oldAlias({ stack, password }: Product): string {
  const { functionName } = password;
  return new CfnAlias(stack, "Old", { name: "old", functionName, functionVersion: "1" }).ref;
}

/** A definition that gives a function a secret. */
function leakingText(functionName: string): string {
  return JSON.stringify({ StartAt: "Leak", States: { Leak: leakingState(functionName) } });
}

function leakingState(functionName: string): object {
  const Parameters = { FunctionName: functionName, Payload: { "otp.$": "$.x" } };
  return { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters, End: true };
}

function written(product: Product, functionName: string): void {
  product.define(DefinitionBody.fromString(leakingText(functionName)));
}

/** What may be done to an app that leaks, by the way in which a function is named or a definition given. */
const named: readonly (readonly [string, (product: Product) => void])[] = [
  [
    "a custom state",
    (product) =>
      product.machine(
        new CustomState(product.stack, "Leak", { stateJson: leakingState(product.password.functionArn) }),
      ),
  ],
  ["an ARN in a text", (product) => written(product, product.password.functionArn)],
  ["a name in a text", (product) => written(product, product.password.functionName)],
  ["an ARN with a qualifier", (product) => written(product, `${product.password.functionArn}:live`)],
  [
    "an ARN put together",
    (product) =>
      written(product, `arn:aws:lambda:eu-west-1:123456789012:function:${product.password.functionName}`),
  ],
  [
    "a part of an ARN",
    (product) => written(product, Fn.select(6, Fn.split(":", product.password.functionArn))),
  ],
  ["an alias", (product) => written(product, product.password.addAlias("live").functionArn)],
  ["an alias beside the function", (product) => written(product, oldAlias(product))],
  [
    "a version of another's making",
    (product) =>
      written(
        product,
        new Version(product.stack, "Version", { lambda: asFunction(product.password) }).functionArn,
      ),
  ],
  [
    "an import by a reference",
    (product) =>
      written(
        product,
        LambdaFunction.fromFunctionArn(product.stack, "Imported", product.password.functionArn).functionArn,
      ),
  ],
  ["a logical id", (product) => written(product, Fn.getAtt(product.logicalId(), "Arn").toString())],
  [
    "a substitution of CloudFormation's",
    (product) => written(product, Fn.sub(variable(`${product.logicalId()}.Arn`))),
  ],
  [
    "a substitution with values",
    (product) => written(product, Fn.sub(variable("one"), { one: product.password.functionArn })),
  ],
  [
    "a definition with substitutions",
    (product) =>
      product.define(DefinitionBody.fromString(leakingText(variable("Password"))), {
        Password: product.password.functionArn,
      }),
  ],
  [
    "a definition as an object",
    (product) =>
      new CfnStateMachine(product.stack, "Machine", {
        roleArn: "arn:aws:iam::123456789012:role/r",
        definition: { StartAt: "Leak", States: { Leak: leakingState(variable("Password")) } },
        definitionSubstitutions: { Password: product.password.functionArn },
        encryptionConfiguration,
      }),
  ],
  [
    "a resource without a class",
    (product) =>
      new CfnResource(product.stack, "Machine", {
        type: "AWS::StepFunctions::StateMachine",
        properties: {
          DefinitionString: leakingText(product.password.functionArn),
          EncryptionConfiguration: { Type: encryptionConfiguration.type },
        },
      }),
  ],
  [
    "an override",
    (product) =>
      new CfnStateMachine(product.stack, "Machine", {
        roleArn: "arn:aws:iam::123456789012:role/r",
        definitionString: "{}",
        encryptionConfiguration,
      }).addPropertyOverride("DefinitionString", leakingText(product.password.functionArn)),
  ],
  [
    "another stack",
    (product) => {
      const other = new Stack(product.app, "other", { env: { region: "eu-west-1" } });
      product.define(DefinitionBody.fromString(leakingText(product.password.functionArn)), {}, other);
    },
  ],
  [
    "a nested stack",
    (product) => {
      const nested = new NestedStack(product.stack, "Nested");
      product.define(DefinitionBody.fromString(leakingText(product.password.functionArn)), {}, nested);
    },
  ],
];

function invokeAsItComes({ stack, password }: Product): LambdaInvoke {
  return new LambdaInvoke(stack, "Leak", { lambdaFunction: asFunction(password) });
}

function task({ stack, password }: Product): SignOnTask {
  const payload = { flowId: JsonPath.stringAt("$.flow.flowId") };
  return new SignOnTask(stack, "Task", { target: asFunction(password), payload, seconds: 30 });
}

function file(definition: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "definition-")), "definition.json");
  writeFileSync(path, definition);
  return path;
}

const wholeState = "it passes the whole state; name the members.";

/** Other ways to go wrong, and what the synthesis says of each. */
const refused: readonly (readonly [string, (product: Product) => void, readonly unknown[]])[] = [
  [
    "CDK's own task as it comes",
    (product) => product.machine(invokeAsItComes(product)),
    [
      `State "Leak", Payload.$: ${wholeState}`,
      expect.stringMatching(
        /^State "Leak", Retry\[0\]\.ErrorEquals: .*Lambda\.ClientExecutionTimeoutException, /,
      ),
    ],
  ],
  [
    "CDK's own task that gives the output only",
    (product) => {
      const { stack, password } = product;
      product.machine(
        new LambdaInvoke(stack, "Leak", {
          lambdaFunction: asFunction(password),
          payload: TaskInput.fromObject({ pin: JsonPath.stringAt("$.x") }),
          payloadResponseOnly: true,
          retryOnServiceExceptions: false,
        }),
      );
    },
    [
      'State "Leak", Parameters.pin.$: a member of this name is a secret; name its secret in Secrets Manager as credentialSecret.',
    ],
  ],
  [
    "a definition in a file that is given a function",
    (product) =>
      product.define(DefinitionBody.fromFile(file(leakingText(variable("Password")))), {
        Password: product.password.functionArn,
      }),
    ["DefinitionS3Location: a definition in S3 can't be read, and it is given a sign-on function."],
  ],
  [
    "a definition that is no JSON",
    (product) => product.define(DefinitionBody.fromString(`Leak: ${product.password.functionArn}`)),
    ["The definition can't be read, and it refers to a sign-on function."],
  ],
  [
    "a log with the data",
    (product) => {
      const { stack } = product;
      new StateMachine(stack, "Machine", {
        definitionBody: DefinitionBody.fromChainable(task(product)),
        logs: { destination: new LogGroup(stack, "Log"), level: LogLevel.ERROR, includeExecutionData: true },
      });
    },
    [
      "LoggingConfiguration.IncludeExecutionData: what passes through a sign-on is not to be logged.",
      "EncryptionConfiguration: the history of a sign-on is encrypted under a key of your own: set encryptionConfiguration.",
    ],
  ],
];

/** What an app may have. */
const taken: readonly (readonly [string, (product: Product) => void])[] = [
  ["a task of ours", (product) => product.machine(task(product))],
  [
    "a definition in a file that is given none",
    (product) => product.define(DefinitionBody.fromFile(file("{}"))),
  ],
  [
    "a leak into a function that isn't ours",
    (product) => written(product, "arn:aws:lambda:eu-west-1:123456789012:function:another"),
  ],
];

describe("an app that leaks", () => {
  it.each(named)("is refused by way of %s", (_way, attempt) => {
    const product = new Product();
    attempt(product);
    expect(product.refusal()).toEqual([secret]);
  });

  it.each(refused)("is refused for %s", (_what, attempt, sentences) => {
    const product = new Product();
    attempt(product);
    expect(product.refusal()).toEqual(sentences);
  });
});

describe("an app", () => {
  it.each(taken)("may have %s", (_what, attempt) => {
    const product = new Product();
    attempt(product);
    expect(product.refusal()).toEqual([]);
  });
});
