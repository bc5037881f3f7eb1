import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { type Check, unlessMissing } from "./check.ts";

/**
 * What CDK's templates ask for.
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
const leastVersion = 6;

const parameter = "/cdk-bootstrap/hnb659fds/version";

/** Whether CDK has been set up in the account and region. */
export const bootstrapCheck: Check = {
  about: "CDK's bootstrap version",
  run: async ({ environment, clients: { ssm }, account }) => {
    const asked = ssm.send(new GetParameterCommand({ Name: parameter }));
    const found = await unlessMissing(asked, "ParameterNotFound");
    const version = Number(found?.Parameter?.Value ?? 0);
    if (version >= leastVersion) return [];
    const what =
      found === undefined
        ? `CDK was never set up in ${account}, ${environment.region}.`
        : `CDK was set up here by version ${version}, and its templates need ${leastVersion}.`;
    return [{ kind: "bootstrap", what, mend: `npx cdk bootstrap -c env=${environment.name}` }];
  },
};
