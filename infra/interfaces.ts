import type { IVpc } from "aws-cdk-lib/aws-ec2";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IConstruct } from "constructs";

// CDK is compiled without `exactOptionalPropertyTypes`. Under it, TypeScript finds that some of CDK's
// classes do not fit CDK's own interfaces, over members that are never missing. Here they are recognised
// by what they have.

/**
 * A function, version or alias as what CDK calls a function.
 *
 * @throws TypeError when it is none
 */
export function asFunction(construct: IConstruct): IFunction {
  if (isFunction(construct)) return construct;
  throw new TypeError(`${construct.node.path} is no function.`);
}

/**
 * A network as what CDK calls one.
 *
 * @throws TypeError when it is none
 */
export function asVpc(construct: IConstruct): IVpc {
  if (isVpc(construct)) return construct;
  throw new TypeError(`${construct.node.path} is no network.`);
}

function isFunction(construct: IConstruct): construct is IFunction {
  return "functionArn" in construct;
}

function isVpc(construct: IConstruct): construct is IVpc {
  return "vpcId" in construct;
}
