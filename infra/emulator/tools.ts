import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tools } from "./deploy.ts";
import type { Variables } from "./surroundings.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The project's own `cdk`, for whoever has these variables. */
export function toolsFor(variables: Variables): Tools {
  return {
    variables,
    none: join(root, "cdk.out", "no-such-file"),
    cdk: async (args, env) => {
      const command = [join(root, "node_modules/aws-cdk/bin/cdk"), ...args];
      const child = spawn(process.execPath, command, { cwd: root, env, stdio: "inherit" });
      await once(child, "exit");
      return child.exitCode ?? 1;
    },
  };
}
