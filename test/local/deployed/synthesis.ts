import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { spawnTied } from "../../support/tied-process.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const shelf = join(root, "cdk.out", "local");
const kept = 6;

/** The environment whose template is run unless another one is named. */
const ownEnvironment = "dev";

/** The environment that exists for tests alone: `dev` with state machines. */
export const withStateMachines = "dev-with-workflows";

const ownApp = "test/local/deployed/workflows-app.ts";

/**
 * The folder with what `cdk synth` makes of an environment, from the sources as they stand. It is kept by
 * their digest, so it is made once for each state of the sources, never stale, and whole even where two
 * processes want it at once.
 *
 * @throws an error with the sentence of a refused synthesis
 */
export async function currentAssembly(environment = ownEnvironment): Promise<string> {
  const folder = join(shelf, `${environment}-${digestOfSources()}`);
  if (existsSync(folder)) return folder;
  mkdirSync(shelf, { recursive: true });
  const draft = mkdtempSync(join(shelf, "draft-"));
  try {
    await synthesize(environment, draft);
    place(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeOld();
  return folder;
}

function digestOfSources(): string {
  const hash = createHash("sha256");
  for (const file of sources())
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Everything that the templates and bundles are made of. */
function sources(): readonly string[] {
  const folders = ["functions", "infra", "lib"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length)),
  );
  return ["cdk.json", "package-lock.json", ownApp, ...folders.sort()];
}

const CdkJson = z.looseObject({ context: z.record(z.string(), z.unknown()) });

/** The CDK app with what the CLI would tell it, and without the CLI: no credentials, no network. */
async function synthesize(environment: string, folder: string): Promise<void> {
  const { context } = CdkJson.parse(JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")));
  const told = {
    ...context,
    env: environment,
    placeholders: "allowed",
    "aws:cdk:enable-asset-metadata": true,
    "aws:cdk:enable-path-metadata": true,
    "aws:cdk:version-reporting": false,
  };
  const app = environment === withStateMachines ? ownApp : "infra/app.ts";
  const { child, exited } = spawnTied(process.execPath, [join(root, app)], {
    cwd: root,
    env: { PATH: process.env["PATH"], CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(told) },
    stderr: "pipe",
    signal: "KILL",
  });
  const said = child.stderr === null ? Promise.resolve("") : text(child.stderr);
  await Promise.all([exited, once(child, "close")]);
  if (child.exitCode !== 0) throw new Error(`The synthesis failed. ${(await said).trim()}`);
}

function place(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function removeOld(): void {
  const folders = readdirSync(shelf).filter((name) => !name.startsWith("draft-"));
  const byAge = folders
    .map((name) => ({ path: join(shelf, name), at: statSync(join(shelf, name)).mtimeMs }))
    .sort((one, other) => other.at - one.at);
  for (const { path } of byAge.slice(kept)) rmSync(path, { recursive: true, force: true });
}
