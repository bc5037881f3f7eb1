import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fn, NestedStack, Stack } from "aws-cdk-lib";
import { CfnAlias, Function as LambdaFunction, Version } from "aws-cdk-lib/aws-lambda";
import { CfnStateMachine, DefinitionBody } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { asFunction } from "../../infra/interfaces.ts";
import type { Product } from "./leak-product.ts";
import { calling } from "./leaking-states.ts";

/** CloudFormation's and Step Functions' way to name what is filled in. */
function variable(name: string): string {
  return `\${${name}}`;
}

function oldAlias({ stack, password }: Product): string {
  const { functionName } = password;
  return new CfnAlias(stack, "Old", { name: "old", functionName, functionVersion: "1" }).ref;
}

/** A definition that calls a function, as a text. */
export function text(functionName: string): string {
  return JSON.stringify({ StartAt: "Leak", States: { Leak: calling(functionName) } });
}

/** Adds a state machine of CDK's whose definition is a text that calls a function. */
export function written(product: Product, functionName: string, scope?: Construct): void {
  product.define(DefinitionBody.fromString(text(functionName)), {}, scope);
}

/** A definition that lies in a file. */
export function inFile(definition: string): DefinitionBody {
  const path = join(mkdtempSync(join(tmpdir(), "definition-")), "definition.json");
  writeFileSync(path, definition);
  return DefinitionBody.fromFile(path);
}

/** State machines of another make than `Machine`, by how a function is named or a definition given. */
export const leakingDefinitions: readonly (readonly [string, (product: Product) => void])[] = [
  ["a task of ours", (product) => product.define(DefinitionBody.fromChainable(product.task()))],
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
      product.define(DefinitionBody.fromString(text(variable("Password"))), {
        Password: product.password.functionArn,
      }),
  ],
  [
    "a definition as an object",
    (product) =>
      new CfnStateMachine(product.stack, "Machine", {
        roleArn: "arn:aws:iam::123456789012:role/r",
        definition: { StartAt: "Leak", States: { Leak: calling(product.password.functionArn) } },
      }),
  ],
  [
    "a definition in a file",
    (product) =>
      product.define(inFile(text(variable("Password"))), {
        Password: product.password.functionArn,
      }),
  ],
  [
    "a definition that is no JSON",
    (product) => product.define(DefinitionBody.fromString(`Leak: ${product.password.functionArn}`)),
  ],
  [
    "another stack",
    (product) =>
      written(
        product,
        product.password.functionArn,
        new Stack(product.app, "other", { env: { region: "eu-west-1" } }),
      ),
  ],
  [
    "a nested stack",
    (product) => written(product, product.password.functionArn, new NestedStack(product.stack, "Nested")),
  ],
  [
    "a place beside the one that Machine made",
    (product) => {
      product.machine(product.task());
      const { stack, password } = product;
      written(product, password.functionArn, new Construct(stack.node.findChild("Machine"), "Beside"));
    },
  ],
];
