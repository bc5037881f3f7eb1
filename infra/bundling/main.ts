// Builds the bundle of every function. A process of its own: a construct can't wait for a bundler's plugins.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build, type OutputFile } from "esbuild";
import { operationNames } from "../../lib/operation/names.ts";
import { output, root } from "./folders.ts";
import { leavingOut } from "./left-out.ts";

/** What the AWS SDK imports only to read a browser's user agent. */
const unreachable = ["bowser"];

async function bundle(name: string): Promise<void> {
  const folder = join(output, name);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: `functions/${name}.ts`, out: "index" }],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    external: unreachable,
    plugins: [leavingOut],
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
  keep(name, folder, outputFiles);
}

function keep(name: string, folder: string, outputFiles: readonly OutputFile[]): void {
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

// In turn: two builds at once are no faster on two cores, and need twice the memory.
for (const name of operationNames) await bundle(name);
