import { App } from "aws-cdk-lib";
import { EnvironmentRefused } from "./environment.ts";
import { environmentNamed } from "./environments.ts";
import { addEnvironment } from "./sign-on-app.ts";

const app = new App();
try {
  addEnvironment(app, environmentNamed(app.node.tryGetContext("env")));
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
