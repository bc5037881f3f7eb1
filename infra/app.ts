import { App } from "aws-cdk-lib";
import { EnvironmentRefused } from "./environment.ts";
import { addEnvironment } from "./sign-on-app.ts";

const app = new App();
try {
  addEnvironment(app, app.node.tryGetContext("env"));
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
