import {
  CustomState,
  type IChainable,
  JsonPath,
  Map as MapState,
  Parallel,
  Pass,
  TaskInput,
} from "aws-cdk-lib/aws-stepfunctions";
import { CallAwsService, LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Product } from "./leak-product.ts";

const invoke = "arn:aws:states:::lambda:invoke";

/** A state that is written in the language of states. */
export function custom({ stack }: Product, stateJson: Record<string, unknown>): CustomState {
  return new CustomState(stack, "Leak", { stateJson });
}

/** A state that calls a function, in the language of states. */
export function calling(functionName: unknown): Record<string, unknown> {
  return { Type: "Task", Resource: invoke, Parameters: { FunctionName: functionName }, End: true };
}

const named = 'State "Leak" names a sign-on function: use SignOnTask or SignOnWait.';
const chosen = 'State "Leak" chooses a function at run time: use SignOnTask or SignOnWait.';

/** States that may not stand in a state machine, even in one of ours. */
export const leakingStates: readonly (readonly [string, (product: Product) => IChainable, string])[] = [
  [
    "CDK's own task",
    ({ stack, target }) => new LambdaInvoke(stack, "Leak", { lambdaFunction: target() }),
    named,
  ],
  [
    "CDK's own task that gives the output only",
    ({ stack, target }) =>
      new LambdaInvoke(stack, "Leak", {
        lambdaFunction: target(),
        payload: TaskInput.fromObject({ pin: JsonPath.stringAt("$.x") }),
        payloadResponseOnly: true,
      }),
    named,
  ],
  [
    "CDK's own task in JSONata",
    ({ stack, target }) => LambdaInvoke.jsonata(stack, "Leak", { lambdaFunction: target() }),
    named,
  ],
  [
    "a call of Lambda by the SDK",
    ({ stack, password }) =>
      new CallAwsService(stack, "Leak", {
        service: "lambda",
        action: "invokeAsync",
        parameters: { FunctionName: password.functionName, InvokeArgs: JsonPath.objectAt("$") },
        iamResources: [password.functionArn],
      }),
    named,
  ],
  ["a state as it is written", (product) => custom(product, calling(product.password.functionArn)), named],
  [
    "a written group of states",
    (product) =>
      custom(product, {
        Type: "Map",
        ItemProcessor: { StartAt: "In", States: { In: calling(product.password.functionArn) } },
      }),
    named,
  ],
  [
    "data for a later state",
    ({ stack, password }) => new Pass(stack, "Leak", { parameters: { of: password.functionArn } }),
    named,
  ],
  [
    "a task within a group within a group",
    (product) => {
      const { stack, target } = product;
      const leak = new LambdaInvoke(stack, "Leak", { lambdaFunction: target() });
      return new Parallel(stack, "Both").branch(new MapState(stack, "Each").itemProcessor(leak));
    },
    named,
  ],
  [
    "a function whose name is a path",
    (product) => custom(product, { Type: "Task", Resource: invoke, Parameters: { "FunctionName.$": "$.x" } }),
    chosen,
  ],
  [
    "a function whose name is an expression",
    (product) =>
      custom(product, {
        Type: "Task",
        QueryLanguage: "JSONata",
        Resource: invoke,
        Arguments: { FunctionName: "{% $x %}" },
      }),
    chosen,
  ],
  [
    "arguments that are an expression",
    (product) =>
      custom(product, { Type: "Task", QueryLanguage: "JSONata", Resource: invoke, Arguments: "{% $x %}" }),
    chosen,
  ],
  [
    "a group that is taken again",
    (product) => new Parallel(product.stack, "Both").branch(product.task()).addRetry(),
    'State "Both" would call the sign-on function in it again: take its retries out.',
  ],
  [
    "a loop that is taken again",
    (product) => {
      const each = new MapState(product.stack, "Each");
      return each.itemProcessor(product.task()).addRetry({ errors: ["RateLimited"] });
    },
    'State "Each" would call the sign-on function in it again: take its retries out.',
  ],
];
