import { App } from "aws-cdk-lib";
import { type Environment, EnvironmentRefused } from "./environment.ts";
import { environmentNamed } from "./environments.ts";
import { nobodysAccount, placeholderFaults } from "./placeholders.ts";
import { addEnvironment } from "./sign-on-app.ts";

const app = new App();
try {
  addEnvironment(app, chosen());
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/**
 * The environment that `-c env=` names. With `-c placeholders=allowed`, for a synthesis to look at, it may
 * have placeholders: then it is pinned to an account that nobody has.
 *
 * @throws EnvironmentRefused when there is none, or when its settings can't be used
 */
function chosen(): Environment {
  const named = environmentNamed(app.node.tryGetContext("env"), (name) => app.node.tryGetContext(name));
  const allowed = app.node.tryGetContext("placeholders") === "allowed";
  const environment = allowed ? { ...named, account: nobodysAccount } : named;
  const faults = placeholderFaults(environment);
  if (faults.length > 0) throw new EnvironmentRefused(faults.join("\n"));
  return environment;
}
