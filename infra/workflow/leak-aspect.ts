import { CfnResource, type IAspect, Stack } from "aws-cdk-lib";
import { CfnAlias, CfnFunction, CfnVersion } from "aws-cdk-lib/aws-lambda";
import { CfnStateMachine, MapBase, Parallel, State } from "aws-cdk-lib/aws-stepfunctions";
import type { IConstruct } from "constructs";
import { AuthFunction } from "../auth-function.ts";
import { Machine } from "./machine.ts";
import { SignOnTask, SignOnWait } from "./sign-on-task.ts";

/**
 * Stops the synthesis of an app in which a state machine could put a secret into its history, or call a
 * sign-on function again that may have spent a credential. The rule: only `SignOnTask` and `SignOnWait` may
 * name a sign-on function, and only in a state machine that `Machine` makes. Their constructors let nothing
 * unsafe through. So of all other definitions it is enough to know whether they name one. To judge
 * definitions of any make took several times the code and a private method of CDK, and what it couldn't read,
 * it had to refuse all the same.
 *
 * It can't see an ARN or a name that is typed by hand, nor what a property override or another escape hatch
 * changes. There the functions refuse a secret (`SecretInPayload`), but by then it is in the history.
 *
 * https://docs.aws.amazon.com/cdk/v2/guide/aspects.html
 */
export class LeakAspect implements IAspect {
  visit(node: IConstruct): void {
    const fault = faultOf(node);
    if (fault !== undefined) node.node.addValidation({ validate: () => [fault] });
  }
}

// While aspects visit, a reference to another stack still shows the function. CDK puts an import there later.
function faultOf(node: IConstruct): string | undefined {
  if (node instanceof State) return stateFault(node);
  const isMachine =
    CfnResource.isCfnResource(node) && node.cfnResourceType === CfnStateMachine.CFN_RESOURCE_TYPE_NAME;
  return isMachine ? machineFault(node) : undefined;
}

function stateFault(state: State): string | undefined {
  if (state instanceof SignOnTask || state instanceof SignOnWait) return undefined;
  const json: Readonly<Record<string, unknown>> = { ...state.toStateJson() };
  const { Branches, Iterator, ItemProcessor, Retry, ...own } = json;
  // The states in a group are visited by themselves.
  const isGroup = state instanceof Parallel || state instanceof MapBase;
  const how = mention(state, isGroup ? own : json);
  if (how !== undefined) return `State "${state.stateId}" ${how}: use SignOnTask or SignOnWait.`;
  if (!isGroup || Retry === undefined || mention(state, json) === undefined) return undefined;
  return `State "${state.stateId}" would call the sign-on function in it again: take its retries out.`;
}

function machineFault(resource: CfnResource): string | undefined {
  const name = `State machine "${resource.node.path}"`;
  const isOurs = resource.node.scopes.some(
    (scope) => scope instanceof Machine && scope.stateMachine.node.defaultChild === resource,
  );
  if (isOurs) return undefined;
  if (!(resource instanceof CfnStateMachine)) return `${name} can't be read: make it by CfnStateMachine.`;
  const { definition, definitionString, definitionSubstitutions } = resource;
  const how = mention(resource, [definition, definitionString, definitionSubstitutions]);
  return how && `${name} ${how}: make it by Machine.`;
}

/** A function's name, or all arguments of a call, that are a path or an expression. */
const atRunTime = /FunctionName\.\$|(FunctionName|Arguments)[\\"]*\s*:\s*[\\"]*\{%/;

/** How a part of a definition refers to a sign-on function, if it does. */
function mention(scope: IConstruct, value: unknown): string | undefined {
  const text = textOf(scope, value);
  if (ownIds(scope.node.root).some((id) => text.includes(id))) return "names a sign-on function";
  return /lambda:invoke/.test(text) && atRunTime.test(text) ? "chooses a function at run time" : undefined;
}

/** The logical ids of an app's sign-on functions, and of their aliases and versions, wherever these are. */
function ownIds(root: IConstruct): string[] {
  const all = root.node.findAll();
  const functions = all
    .filter((one) => one instanceof CfnFunction)
    .filter(({ node }) => node.scopes.some((scope) => scope instanceof AuthFunction))
    .map((one) => textOf(one, one.logicalId));
  const others = all
    .filter((one) => one instanceof CfnAlias || one instanceof CfnVersion)
    .filter((one) => functions.some((id) => textOf(one, one.functionName).includes(id)))
    .map((one) => textOf(one, one.logicalId));
  return [...functions, ...others];
}

/** What a value is in the template of its stack. */
function textOf(scope: IConstruct, value: unknown): string {
  const resolved: unknown = Stack.of(scope).resolve(value);
  return typeof resolved === "string" ? resolved : JSON.stringify(resolved ?? "");
}
