import { Annotations, type App, AspectPriority, Aspects } from "aws-cdk-lib";
import type { Environment } from "./environment.ts";
import { environmentWarnings } from "./environment-check.ts";
import { checkAsSolution } from "./nag.ts";
import { SignOnStack } from "./stack.ts";
import { LeakAspect } from "./workflow/leak-aspect.ts";

/**
 * Adds the stack of an environment to an app, with the checks that stop its synthesis, and the warnings that
 * don't unless it is strict.
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
  for (const [setting, sentence] of environmentWarnings(environment)) {
    Annotations.of(stack).addWarningV2(`sign-on:${setting.replaceAll(" ", "-")}`, sentence);
  }
  Aspects.of(app).add(new LeakAspect(), { priority: AspectPriority.READONLY });
  checkAsSolution(app, stack, environment);
  return stack;
}
