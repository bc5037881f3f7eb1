import { App } from "aws-cdk-lib";
import { AccountRootPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { checkEnvironment } from "../../../infra/environment-check.ts";
import { environmentNamed } from "../../../infra/environments.ts";
import { addEnvironment } from "../../../infra/sign-on-app.ts";
import { nextRelease, statement } from "./next-release.ts";

// The release that `npm run prove:emulator -- --update` puts in the place of the one before.
const app = new App();
const environment = environmentNamed("emulator", (name) => app.node.tryGetContext(name));
const stack = addEnvironment(app, checkEnvironment(nextRelease(environment)));
for (const key of stack.node.findAll()) {
  if (!(key instanceof Key)) continue;
  key.addToResourcePolicy(
    new PolicyStatement({
      ...{ sid: statement, actions: ["kms:DescribeKey"], resources: ["*"] },
      principals: [new AccountRootPrincipal()],
    }),
  );
}
app.synth();
