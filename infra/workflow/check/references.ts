import {
  type CfnElement,
  CfnResource,
  DefaultTokenResolver,
  type IResolvable,
  Reference,
  Stack,
  Tokenization,
} from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import type { OperationName } from "../../../lib/operation/names.ts";
import { AuthFunction } from "../../auth-function.ts";
import { functionIn, placeholderOf } from "./calls.ts";
import { isFields } from "./states.ts";

/**
 * The sign-on functions of an app, their aliases and versions, wherever in it they are. They are known by what a
 * token points to, and by their logical ids, never by a name's look.
 */
export class OwnFunctions {
  readonly #steps = new Map<IConstruct, OperationName>();

  constructor(root: IConstruct) {
    const constructs = root.node.findAll();
    for (const construct of constructs.filter((one) => one instanceof AuthFunction)) {
      this.#steps.set(construct.lambda.node.findChild("Resource"), construct.step);
    }
    for (const resource of constructs.filter(CfnResource.isCfnResource).filter(isOtherName)) {
      const { FunctionName } = this.read(resource);
      const step = typeof FunctionName === "string" ? functionIn(FunctionName) : undefined;
      if (step !== undefined) this.#steps.set(resource, step);
    }
  }

  /** The properties of a resource as they are deployed, with a placeholder for each reference to one of ours. */
  read(resource: CfnResource): Readonly<Record<string, unknown>> {
    const properties = Object.entries(propertiesOf(resource, this.#resolver));
    return Object.fromEntries(properties.map(([name, value]) => [name, this.#plain(value, resource)]));
  }

  get #resolver(): DefaultTokenResolver {
    return new PlaceholderResolver(this.#steps);
  }

  /** Without an intrinsic function in it. */
  #plain(value: unknown, scope: CfnElement): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#plain(item, scope));
    if (!isFields(value)) return value;
    if (isIntrinsic(value)) return this.#text(value, scope);
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, this.#plain(member, scope)]),
    );
  }

  #text(value: unknown, scope: CfnElement): string {
    if (!isFields(value)) return String(value);
    const { Ref, "Fn::GetAtt": attribute, "Fn::Join": join, "Fn::Sub": substitution } = value;
    if (Ref !== undefined) return this.#named(String(Ref), scope);
    if (attribute !== undefined) return this.#named(String(attribute).split(/[.,]/)[0] ?? "", scope);
    if (Array.isArray(join) && Array.isArray(join[1])) {
      return join[1].map((part) => this.#text(part, scope)).join(String(join[0]));
    }
    if (substitution !== undefined) return this.#substituted(substitution, scope);
    const step = functionIn(JSON.stringify(this.#plain(Object.values(value), scope)));
    return `{{${Object.keys(value).join()}}}${step === undefined ? "" : placeholderOf(step)}`;
  }

  #substituted(substitution: unknown, scope: CfnElement): string {
    const [text, values]: unknown[] = Array.isArray(substitution) ? substitution : [substitution];
    return String(text).replaceAll(/\$\{([\w.:]+)\}/g, (_, name: string) => {
      if (isFields(values) && name in values) return this.#text(values[name], scope);
      return this.#named(name.split(".")[0] ?? "", scope);
    });
  }

  /** What the logical id stands for, if it is of ours. */
  #named(logicalId: string, scope: CfnElement): string {
    const stack = Stack.of(scope);
    for (const [resource, step] of this.#steps) {
      const isIt = CfnResource.isCfnResource(resource) && Stack.of(resource) === stack;
      if (isIt && stack.resolve(resource.logicalId) === logicalId) return placeholderOf(step);
    }
    return `{{${logicalId}}}`;
  }
}

function isOtherName({ cfnResourceType }: CfnResource): boolean {
  return cfnResourceType === "AWS::Lambda::Alias" || cfnResourceType === "AWS::Lambda::Version";
}

function isIntrinsic(value: Readonly<Record<string, unknown>>): boolean {
  const [name = "", ...others] = Object.keys(value);
  return others.length === 0 && /^(Ref|Fn::\w+)$/.test(name);
}

/** The properties with their overrides. CDK renders a resource by a method that its types don't show. */
function propertiesOf(
  resource: CfnResource,
  resolver: DefaultTokenResolver,
): Readonly<Record<string, unknown>> {
  const render: unknown = Reflect.get(resource, "_toCloudFormation");
  if (typeof render !== "function") throw new TypeError("This CDK renders resources in another way.");
  const rendered: unknown = Tokenization.resolve(Reflect.apply(render, resource, []), {
    scope: resource,
    resolver,
  });
  const resources = isFields(rendered) && isFields(rendered["Resources"]) ? rendered["Resources"] : {};
  const [found] = Object.values(resources);
  return isFields(found) && isFields(found["Properties"]) ? found["Properties"] : {};
}

/** Puts a placeholder where a reference to one of ours is, and joins what can't be joined yet as CloudFormation does. */
class PlaceholderResolver extends DefaultTokenResolver {
  readonly #steps: ReadonlyMap<IConstruct, OperationName>;

  constructor(steps: ReadonlyMap<IConstruct, OperationName>) {
    super({ join: (left: unknown, right: unknown) => joined(left, right) });
    this.#steps = steps;
  }

  override resolveToken(
    ...[token, context, after]: Parameters<DefaultTokenResolver["resolveToken"]>
  ): unknown {
    const step = stepBehind(token, this.#steps);
    return step === undefined ? super.resolveToken(token, context, after) : placeholderOf(step);
  }
}

function stepBehind(
  token: IResolvable,
  steps: ReadonlyMap<IConstruct, OperationName>,
): OperationName | undefined {
  return Reference.isReference(token) ? steps.get(token.target) : undefined;
}

function joined(left: unknown, right: unknown): unknown {
  if (left === undefined) return right;
  if (right === undefined) return left;
  return typeof left === "object" || typeof right === "object"
    ? { "Fn::Join": ["", [left, right]] }
    : `${left}${right}`;
}
