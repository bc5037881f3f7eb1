import type { FunctionEnvironment } from "../../lib/config.ts";
import { operationNames } from "../../lib/operation/names.ts";
import { byName } from "../support/by-name.ts";
import { functions } from "../support/functions.ts";
import { standInHashKey } from "../support/stand-in.ts";
import { flowTable } from "../support/table.ts";
import { startGateway } from "./gateway.ts";
import type { Pages, Shape, Surroundings } from "./shape.ts";

const handlers = byName(operationNames, (name) => functions[name].handler);
const tableName = "flows";
const environmentName = "local";

/** The handlers of the sources, in this process. */
export function sourceShape(log: boolean, pages: Pages): Shape {
  return {
    description: "the sources, in this process",
    table: { name: tableName, ...flowTable },
    environment: environmentName,
    keyArns: [standInHashKey],
    listen: (port) => startGateway(handlers, port, pages, pages.wrapped),
    configure: (surroundings) => configure(surroundings, log),
    close: () => Promise.resolve(),
  };
}

/** The handlers read their environment when they are first called, as they do in Lambda. */
function configure(surroundings: Surroundings, log: boolean): void {
  const { pingOneBaseUrl, applications, dynamoDbEndpoint, kmsEndpoint, secretsEndpoint, variables } =
    surroundings;
  const environment: FunctionEnvironment = {
    ENVIRONMENT: environmentName,
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
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsEndpoint,
    POWERTOOLS_LOG_LEVEL: log ? "INFO" : "SILENT",
    AWS_LAMBDA_LOG_LEVEL: log ? "INFO" : "FATAL",
  });
}
