import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { type OperationName, operationNames } from "../lib/operation/names.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = join(root, "dist");

/**
 * What the AWS SDK imports only where a function never gets. Where it would look for credentials next: a
 * developer's files, a login, a pod; Lambda's are in its environment, where it looks first. And what reads
 * a browser's user agent.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const unreachable = [
  ...["ini", "process", "sso", "web-identity"].map((kind) => `@aws-sdk/credential-provider-${kind}`),
  "bowser",
];

let built = false;

/**
 * The folder with a function's bundle, `index.mjs` and what that loads: what is uploaded, and
 * what the tests run.
 *
 * All of them are built at the first call in a process, and the same sources give the same bytes; so no
 * stack, environment or test builds again. What a function imports only when it is needed, such as the AWS
 * clients of a workflow's call, is a file of its own, so that a cold start doesn't read it. The source maps
 * lie in `dist/maps` and are not uploaded: those of a release can be built from its commit.
 */
export function bundleOf(name: OperationName): string {
  if (!built) operationNames.forEach(build);
  built = true;
  return join(output, name);
}

function build(name: OperationName): void {
  const folder = join(output, name);
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [{ in: `functions/${name}.ts`, out: "index" }],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    external: unreachable,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // ECMAScript modules first: half the size, because only they can be shaken.
    mainFields: ["module", "main"],
    sourcemap: "external",
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  for (const { path, contents } of outputFiles) {
    write(path.endsWith(".map") ? join(output, "maps", name, basename(path)) : path, contents);
  }
  const current = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const file of readdirSync(folder)) if (!current.has(file)) rmSync(join(folder, file), { force: true });
}

/** Whole or not at all, and only when it differs: another process may be reading. */
function write(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = join(output, `${basename(path)}.${process.pid}`);
  writeFileSync(draft, contents);
  renameSync(draft, path);
}
