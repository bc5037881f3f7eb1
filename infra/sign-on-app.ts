import type { App } from "aws-cdk-lib";
import { environmentNamed } from "./environments.ts";
import { checkAsSolution } from "./nag.ts";
import { SignOnStack } from "./stack.ts";

/**
 * Adds the stack of an environment to an app, with the checks that stop its synthesis.
 *
 * @throws EnvironmentRefused when there is no such environment, or when its settings can't be used
 */
export function addEnvironment(app: App, environmentName: unknown): SignOnStack {
  const environment = environmentNamed(environmentName);
  const { name, region, account, production } = environment;
  const stack = new SignOnStack(app, `sign-on-${name}`, environment, {
    description: `Sign people on with PingOne, step by step: ${name}`,
    env: { region, ...(account === undefined ? {} : { account }) },
    terminationProtection: production,
  });
  checkAsSolution(app, stack, environment);
  return stack;
}
