import { type OperationName, operationNames } from "../../../lib/operation/names.ts";
import { type FoundState, isFields } from "./states.ts";

/** A state that calls a sign-on function. */
export interface Call {
  readonly state: FoundState;
  readonly target: OperationName;
  /** Where in the state the payload is. */
  readonly field: string;
  /** The payload, or what stands in its place; absent, the function gets the whole state. */
  readonly payload: unknown;
  /** The path that the whole payload is taken from. */
  readonly payloadPath: unknown;
  /** Whether the state waits until somebody sends its task token back. */
  readonly waits: boolean;
}

/** A state that may call a sign-on function in a way that can't be checked. */
export interface Unchecked {
  readonly state: FoundState;
  readonly field: string;
  readonly because: string;
}

/** What stands in a definition for a reference to a function of ours, its aliases and versions included. */
export function placeholderOf(name: OperationName): string {
  return `{{sign-on function ${name}}}`;
}

/** The function that a text refers to. */
export function functionIn(text: string): OperationName | undefined {
  return operationNames.find((name) => text.includes(placeholderOf(name)));
}

/** How a state calls a sign-on function, if it does. */
export function callOf(state: FoundState): Call | Unchecked | undefined {
  const { Type, Resource, Parameters, Arguments } = state.fields;
  if (Type !== "Task" || typeof Resource !== "string") return undefined;
  if (state.isJsonata) return jsonataCall(state, Resource, Arguments);
  const direct = functionIn(Resource);
  if (direct !== undefined) return plainCall(state, direct, Parameters);
  const integration = /:::(?:aws-sdk:)?lambda:invoke(\.waitForTaskToken)?$/.exec(Resource);
  if (integration !== null) return invocation(state, Parameters, integration[1] !== undefined);
  if (functionIn(JSON.stringify(Parameters ?? "")) === undefined) return undefined;
  return { state, field: "Resource", because: "a sign-on function is called by lambda:invoke only" };
}

/** The state's parameters are all that the function gets. */
function plainCall(state: FoundState, target: OperationName, payload: unknown): Call {
  return { state, target, field: "Parameters", payload, payloadPath: undefined, waits: false };
}

function invocation(state: FoundState, parameters: unknown, waits: boolean): Call | Unchecked | undefined {
  if (!isFields(parameters) || typeof parameters["FunctionName"] !== "string") {
    return { state, field: "Parameters.FunctionName", because: "what is called is known only at run time" };
  }
  const target = functionIn(parameters["FunctionName"]);
  if (target === undefined) return undefined;
  const context = ["ClientContext", "ClientContext.$"].find((name) => name in parameters);
  if (context !== undefined) {
    return { state, field: `Parameters.${context}`, because: "what it carries can't be checked" };
  }
  const { Payload: payload, "Payload.$": payloadPath } = parameters;
  return { state, target, field: "Payload", payload, payloadPath, waits };
}

function jsonataCall(state: FoundState, resource: string, args: unknown): Unchecked | undefined {
  const isOurs = functionIn(resource) !== undefined || functionIn(JSON.stringify(args ?? "")) !== undefined;
  const isOpen = /:::(aws-sdk:)?lambda:invoke/.test(resource) && isExpression(args);
  if (!isOurs && !isOpen) return undefined;
  return { state, field: "QueryLanguage", because: "a JSONata expression can't be checked; use JSONPath" };
}

/** Whether the function's name is computed. */
function isExpression(args: unknown): boolean {
  const name = isFields(args) ? args["FunctionName"] : args;
  return typeof name !== "string" || name.startsWith("{%");
}
