import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { OnLoadResult, Plugin } from "esbuild";
import { root } from "./folders.ts";

/**
 * Modules of the AWS SDK that every client imports, and of which no function of ours ever runs a line. In a
 * bundle each of them has its exports as empty classes, so that whatever would use one fails at once and is
 * found by the tests, which run the bundles.
 */
const unused = [
  // The rules for endpoints, which lib/aws/endpoint.ts names, and a cache for those that are asked for.
  ...["dynamodb", "kms", "secrets-manager", "sfn"].map(
    (service) => `@aws-sdk/client-${service}/dist-es/endpoint/endpointResolver`,
  ),
  "@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions",
  "@aws-sdk/endpoint-cache/dist-es/EndpointCache",
  // What S3 wants besides.
  "@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/service-customizations/s3",
  // For signed streams of events.
  "@smithy/signature-v4/dist-es/HeaderFormatter",
  // For machines that have to ask EC2 where they are; a function is told.
  "@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion",
  // For runtimes without Node's own SHA-256.
  "@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js",
  // The mode `adaptive`, which nobody chooses.
  "@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy",
  "@smithy/core/dist-es/submodules/retry/util-retry/DefaultRateLimiter",
  // For answers that are streams of bytes.
  "@smithy/core/dist-es/submodules/serde/util-stream/sdk-stream-mixin",
  "@smithy/core/dist-es/submodules/serde/util-stream/sdk-stream-mixin.browser",
  // A table is read by its keys.
  "@aws-sdk/lib-dynamodb/dist-es/pagination/QueryPaginator",
  "@aws-sdk/lib-dynamodb/dist-es/pagination/ScanPaginator",
];

const unusedPath = new RegExp(`/node_modules/(?:${unused.join("|").replaceAll(".", "\\.")})\\.js$`);

/** The models of DynamoDB's errors; code names those in {@link namedErrors}. */
const errorModels = /\/@aws-sdk\/client-dynamodb\/dist-es\/models\/errors\.js$/;

const namedErrors: readonly string[] = ["ConditionalCheckFailedException", "TransactionCanceledException"];

/**
 * Where the SDK looks for credentials: Lambda's are in its environment.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const credentialChain = /\/@aws-sdk\/credential-provider-node\/dist-es\/defaultProvider\.js$/;

const packageFile = /\/node_modules\/@aws-sdk\/[^/]+\/package\.json$/;

/** Leaves out of a bundle what no function uses. */
export const leavingOut: Plugin = {
  name: "leaving-out",
  setup: (build) => {
    const moved = unused.filter((name) => !existsSync(join(root, "node_modules", `${name}.js`)));
    if (moved.length > 0) throw new Error(`No longer where they were: ${moved.join(", ")}`);
    build.onLoad({ filter: unusedPath }, ({ path }) => emptied(path));
    build.onLoad({ filter: errorModels }, ({ path }) => withoutUnnamed(path));
    build.onLoad({ filter: credentialChain }, ({ path }) => fromEnvironment(path));
    build.onLoad({ filter: packageFile }, ({ path }) => versionOf(path));
  },
};

/** The names that a module exports, as the SDK's compiler writes them. */
function exportsOf(text: string): string[] {
  const declared = [...text.matchAll(/^export (?:async )?(?:class|const|function) (\w+)/gm)];
  const listed = [...text.matchAll(/^export \{([^}]+)\}/gm)].flatMap(([, names = ""]) => names.split(","));
  return [
    ...declared.flatMap(([, name]) => (name === undefined ? [] : [name])),
    ...listed.map((name) => name.trim().split(" as ").at(-1) ?? "").filter((name) => name !== ""),
  ];
}

function emptied(path: string): OnLoadResult {
  const names = exportsOf(readFileSync(path, "utf8"));
  // A CommonJS module has a default export alone.
  const contents =
    names.length === 0 ? "export default class {}" : names.map((name) => `export class ${name} {}`);
  return { contents: [contents].flat().join("\n"), loader: "js" };
}

/** An error that no code names needs its name: retries, and what counts as an outage, go by that. */
function withoutUnnamed(path: string): OnLoadResult {
  const text = readFileSync(path, "utf8");
  const kept = namedErrors.map((name) => {
    const model = new RegExp(`^export class ${name} .*?^\\}`, "ms").exec(text)?.[0];
    if (model === undefined) throw new Error(`${basename(path)} has no ${name}.`);
    return model;
  });
  const others = exportsOf(text)
    .filter((name) => !namedErrors.includes(name))
    .map((name) => `export const ${name} = named("${name}");`);
  const frame = `import { DynamoDBServiceException as Base } from "./DynamoDBServiceException";
const named = (name) => class extends Base { constructor(options) { super({ name, ...options }); } };`;
  const models = kept.join("\n").replaceAll("__BaseException", "Base");
  return { contents: [frame, models, ...others].join("\n"), loader: "js" };
}

function fromEnvironment(path: string): OnLoadResult {
  const others = exportsOf(readFileSync(path, "utf8")).filter((name) => name !== "defaultProvider");
  const provider = 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";';
  return {
    contents: [provider, ...others.map((name) => `export class ${name} {}`)].join("\n"),
    loader: "js",
  };
}

/** A client tells its version; scripts and lists of files are for nobody. */
function versionOf(path: string): OnLoadResult {
  const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(readFileSync(path, "utf8"));
  return { contents: JSON.stringify({ name, version }), loader: "json" };
}
