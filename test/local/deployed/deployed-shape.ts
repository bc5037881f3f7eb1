import { type RestApi, serveRestApi } from "../rest-api.ts";
import type { Shape, Surroundings } from "../shape.ts";
import { readAssembly } from "./assembly.ts";
import { type Deployed, deploy, type Overrides } from "./deployed.ts";
import { tableOf } from "./flow-table.ts";
import { environmentOf, keyArnsOf } from "./keys.ts";
import { awsRuntime, ownRuntime, type Runtime } from "./runtimes.ts";
import { currentAssembly } from "./synthesis.ts";

/** What a deployment would upload, each function in processes of its own. */
export interface DeployedShape extends Shape, Pick<Deployed, "behind"> {}

/**
 * The bundles, variables, routes and answers of the template as it would be deployed, synthesized first
 * where the sources have changed. The functions talk the Lambda Runtime API, through AWS's own client
 * where that is installed.
 */
export async function deployedShape(log: boolean, wrapped = (api: RestApi) => api): Promise<DeployedShape> {
  return shapeOf(await currentAssembly(), log, undefined, wrapped);
}

/**
 * The same for the assembly in a folder, whichever environment's it is, by that runtime or one made of it.
 */
export function shapeOf(
  folder: string,
  log: boolean,
  adapted = (same: Runtime) => same,
  wrapped = (api: RestApi) => api,
): DeployedShape {
  const assembly = readAssembly(folder);
  const runtime = adapted(awsRuntime ?? ownRuntime);
  const { api, configure, behind, close } = deploy(assembly, { runtime, log });
  return {
    description: `the template's bundles, on the Lambda Runtime API through ${runtime.name}`,
    table: tableOf(assembly),
    environment: environmentOf(assembly),
    keyArns: keyArnsOf(assembly),
    listen: (port) => serveRestApi(wrapped(api), port),
    configure: (surroundings) => configure(overridesFor(surroundings)),
    behind,
    close,
  };
}

function overridesFor(surroundings: Surroundings): Overrides {
  const {
    pingOneBaseUrl,
    applications,
    dynamoDbEndpoint,
    kmsEndpoint,
    secretsEndpoint,
    variables = {},
  } = surroundings;
  return {
    replaced: { PINGONE_BASE_URL: pingOneBaseUrl, APPLICATIONS: applications, ...variables },
    added: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
      AWS_ENDPOINT_URL_KMS: kmsEndpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsEndpoint,
    },
  };
}
