import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = process.cwd();

/** Where measurements keep what they build. */
export const cache = join(root, "node_modules/.cache/bench");

/** A function of an earlier commit, bundled with defaults. The commit lies in a worktree beside this one. */
export async function earlierFunction(commit: string, name: string): Promise<string> {
  const folder = join(cache, commit);
  if (!existsSync(folder)) {
    execFileSync("git", ["worktree", "add", "--detach", folder, commit], { cwd: root });
  }
  if (!existsSync(join(folder, "node_modules"))) {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: "ignore",
    });
  }
  const outfile = join(cache, `naive-${commit}-${name}.cjs`);
  await build({
    ...{ absWorkingDir: folder, entryPoints: [`functions/${name}.ts`], outfile },
    ...{ bundle: true, platform: "node", logLevel: "error" },
  });
  return outfile;
}
