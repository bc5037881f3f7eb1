import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { bundleOf } from "../../infra/bundles.ts";
import { cache, earlierFunction } from "./earlier.ts";
import type { Sides } from "./rounds.ts";

const root = process.cwd();

const loading = `
  const from = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - from));
`;

/** How long a fresh process takes to load a module: milliseconds. */
async function loadMs(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "-e",
    loading,
    file,
  ]);
  return Number(stdout);
}

function handler(name: string, code: string): string {
  const file = join(cache, `${name}.mjs`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, code);
  return file;
}

/** The two clients of DynamoDB and nothing else, bundled as ours are. */
async function tunedPair(): Promise<string> {
  const outfile = join(cache, "pair.mjs");
  const contents = `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
    import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
    export const handler = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "eu-west-1" }));
    export { UpdateCommand };`;
  await build({
    stdin: { contents, resolveDir: root },
    ...{ outfile, bundle: true, minify: true, format: "esm", platform: "node", target: "node24" },
    mainFields: ["module", "main"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return outfile;
}

/** Loading a function in a fresh process, beside a handler that imports nothing and the AWS SDK alone. */
export async function loadSides(name: "otp", before: string | undefined): Promise<Sides> {
  const bare = handler("bare", "export const handler = async () => ({ statusCode: 200 });");
  const pair = await tunedPair();
  const ours = join(bundleOf(name), "index.mjs");
  const earlier = before === undefined ? undefined : await earlierFunction(before, name);
  return {
    ours: () => loadMs(ours),
    "a bare handler": () => loadMs(bare),
    "the SDK's pair, tuned": () => loadMs(pair),
    ...(earlier === undefined ? {} : { "the commit before, bundled naively": () => loadMs(earlier) }),
  };
}
