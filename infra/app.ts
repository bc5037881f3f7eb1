import { App } from "aws-cdk-lib";
import { EnvironmentRefused } from "./environment.ts";
import { environmentNamed } from "./environments.ts";
import { SignOnStack } from "./stack.ts";

const app = new App();
try {
  const environment = environmentNamed(app.node.tryGetContext("env"));
  const { name, region, account, production } = environment;
  new SignOnStack(app, `sign-on-${name}`, environment, {
    description: `Sign people on with PingOne, step by step: ${name}`,
    env: { region, ...(account === undefined ? {} : { account }) },
    terminationProtection: production,
  });
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
