import { handler as cancel } from "../../functions/cancel.ts";
import { handler as device } from "../../functions/device.ts";
import { handler as lookup } from "../../functions/lookup.ts";
import { handler as otp } from "../../functions/otp.ts";
import { handler as password } from "../../functions/password.ts";
import { handler as resume } from "../../functions/resume.ts";
import { handler as start } from "../../functions/start.ts";
import { handler as status } from "../../functions/status.ts";
import type { FunctionEnvironment } from "../../lib/config.ts";
import { standInHashKey } from "../support/stand-in.ts";
import { flowTable } from "../support/table.ts";
import { startGateway } from "./gateway.ts";
import type { Shape, Surroundings } from "./shape.ts";

const handlers = { cancel, device, lookup, otp, password, resume, start, status };
const tableName = "flows";

/** The handlers of the sources, in this process. */
export function sourceShape(log: boolean): Shape {
  return {
    description: "the sources, in this process",
    table: { name: tableName, ...flowTable },
    keyArns: [standInHashKey],
    listen: (port) => startGateway(handlers, port),
    configure: (surroundings) => configure(surroundings, log),
    close: () => Promise.resolve(),
  };
}

/** The handlers read their environment when they are first called, as they do in Lambda. */
function configure(surroundings: Surroundings, log: boolean): void {
  const { pingOneBaseUrl, applications, dynamoDbEndpoint, kmsEndpoint, variables } = surroundings;
  const environment: FunctionEnvironment = {
    ENVIRONMENT: "local",
    TABLE_NAME: tableName,
    PINGONE_BASE_URL: pingOneBaseUrl,
    APPLICATIONS: applications,
    HASH_KEY_ARN: standInHashKey,
  };
  Object.assign(process.env, environment, variables, {
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
    AWS_ENDPOINT_URL_KMS: kmsEndpoint,
    POWERTOOLS_LOG_LEVEL: log ? "INFO" : "SILENT",
  });
}
