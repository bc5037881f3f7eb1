import type { App } from "aws-cdk-lib";
import type { Environment } from "./environment.ts";
import { checkAsSolution } from "./nag.ts";
import { SignOnStack } from "./stack.ts";

/**
 * Adds the stack of an environment to an app, with the checks that stop its synthesis.
 *
 * @param environment checked settings
 */
export function addEnvironment(app: App, environment: Environment): SignOnStack {
  const { name, region, account, production } = environment;
  const stack = new SignOnStack(app, `sign-on-${name}`, environment, {
    description: `Sign people on with PingOne, step by step: ${name}`,
    env: { region, ...(account === undefined ? {} : { account }) },
    terminationProtection: production,
  });
  checkAsSolution(app, stack, environment);
  return stack;
}
