import { CfnResource } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { JsonPath, Parallel } from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleOf } from "../../infra/bundles.ts";
import { asFunction } from "../../infra/interfaces.ts";
import { SignOnWait } from "../../infra/workflow/sign-on-task.ts";
import { Product } from "./leak-product.ts";
import { inFile, leakingDefinitions, text, written } from "./leaking-definitions.ts";
import { custom, leakingStates } from "./leaking-states.ts";

// Building the bundles, which every app needs, takes the machine's time, not a test's.
beforeAll(() => {
  bundleOf("password");
});

const anotherArn = "arn:aws:lambda:eu-west-1:123456789012:function:another";

/** A call of a function that is no sign-on function, in the way that CDK makes it. */
function another({ stack }: Product): LambdaInvoke {
  const lambdaFunction = new LambdaFunction(stack, "Other", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromInline("none"),
  });
  return new LambdaInvoke(stack, "Another", { lambdaFunction: asFunction(lambdaFunction) });
}

/** A wait for the function. */
function wait({ stack, target }: Product): SignOnWait {
  const paths = { resultPath: "$.report", secondsPath: "$.flow.expiresIn" };
  return new SignOnWait(stack, "Wait", { target, flowId: JsonPath.stringAt("$.flow.flowId"), ...paths });
}

/** What an app may have. */
const taken: readonly (readonly [string, (product: Product) => void])[] = [
  ["a task and a wait of ours", (product) => product.machine(product.task().next(wait(product)))],
  [
    "a group of tasks of ours",
    (product) =>
      product.machine(new Parallel(product.stack, "Both").branch(product.task(), another(product))),
  ],
  [
    "a group that is taken again with another's function in it",
    (product) => product.machine(new Parallel(product.stack, "Both").branch(another(product)).addRetry()),
  ],
  [
    "arguments of another service that are an expression",
    (product) =>
      product.machine(
        custom(product, {
          Type: "Task",
          QueryLanguage: "JSONata",
          Resource: "arn:aws:states:::dynamodb:getItem",
          Arguments: "{% $x %}",
        }),
      ),
  ],
  ["a definition in a file that is given none", (product) => product.define(inFile("{}"))],
  ["a leak into a function that isn't ours", (product) => written(product, anotherArn)],
];

describe("an app that could leak", () => {
  it.each(leakingStates)("is refused for %s", (_what, state, sentence) => {
    const product = new Product();
    product.machine(state(product));
    expect(product.refusal()).toEqual([sentence]);
  });

  it.each(leakingDefinitions)("is refused for a state machine of another make with %s", (_what, attempt) => {
    const product = new Product();
    attempt(product);
    expect(product.refusal()).toEqual([
      expect.stringMatching(/^State machine "\S+" names a sign-on function: make it by Machine\.$/),
    ]);
  });

  it("is refused for a text that chooses its function at run time", () => {
    const product = new Product();
    written(product, "{% $states.input.x %}");
    expect(product.refusal()).toEqual([
      'State machine "product/Machine/Resource" chooses a function at run time: make it by Machine.',
    ]);
  });

  it("is refused for a state machine that can't be read", () => {
    const product = new Product();
    new CfnResource(product.stack, "Machine", {
      type: "AWS::StepFunctions::StateMachine",
      properties: { DefinitionString: text(product.password.functionArn) },
    });
    expect(product.refusal()).toEqual([
      'State machine "product/Machine" can\'t be read: make it by CfnStateMachine.',
    ]);
  });
});

describe("an app", () => {
  it.each(taken)("may have %s", (_what, attempt) => {
    const product = new Product();
    attempt(product);
    expect(product.refusal()).toEqual([]);
  });
});
