import { App } from "aws-cdk-lib";
import { checkEnvironment } from "../../../infra/environment-check.ts";
import { dev } from "../../../infra/environments/dev.ts";
import { nobodysAccount } from "../../../infra/placeholders.ts";
import { addEnvironment } from "../../../infra/sign-on-app.ts";

/**
 * `dev` with state machines, for the tests that run them. Staging has them too, but shares out concurrency
 * and gives each application other policies.
 */
const environment = checkEnvironment({
  ...dev,
  account: nobodysAccount,
  workflows: {
    handOver: "arn:aws:lambda:eu-west-1:123456789012:function:hand-over-dev",
    afterSignOn: "arn:aws:lambda:eu-west-1:123456789012:function:after-sign-on-dev",
    monitor: {
      everyMinutes: 30,
      credentialSecret: "sign-on/dev/credentials/monitor",
      policy: "Single_Factor",
    },
  },
});

const app = new App();
addEnvironment(app, environment);
app.synth();
