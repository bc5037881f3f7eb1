import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { OperationName } from "../lib/operation/names.ts";
import { output, root } from "./bundling/folders.ts";

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
  if (!built) {
    execFileSync(process.execPath, [join(root, "infra/bundling/main.ts")], { cwd: root, stdio: "inherit" });
  }
  built = true;
  return join(output, name);
}
