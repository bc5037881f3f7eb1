import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { type FunctionName, functionNames } from "./routes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = join(root, "dist");

let built = false;

/**
 * The folder with a function's bundle, `index.mjs`: what is uploaded, and what the tests run.
 *
 * All of them are built in one pass, at the first call in a process, and the same sources give the same bytes; so
 * no stack, environment or test builds again. The source maps lie in `dist/maps` and are not uploaded: those of
 * a release can be built from its commit.
 */
export function bundleOf(name: FunctionName): string {
  if (!built) build();
  built = true;
  return join(output, name);
}

function build(): void {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: functionNames.map((name) => ({ in: `functions/${name}.ts`, out: `${name}/index` })),
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    bundle: true,
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
    write(
      path.endsWith(".map") ? join(output, "maps", `${dirname(path).slice(output.length)}.map`) : path,
      contents,
    );
  }
}

/** Whole or not at all, and only when it differs: another process may be reading. */
function write(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}
