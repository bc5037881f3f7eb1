import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EnvironmentRefused } from "../environment.ts";
import { deployToEmulator } from "./deploy.ts";
import { EmulatorRefused } from "./surroundings.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

try {
  process.exitCode = await deployToEmulator({
    variables: process.env,
    none: join(root, "cdk.out", "no-such-file"),
    cdk: async (args, env) => {
      const command = [join(root, "node_modules/aws-cdk/bin/cdk"), ...args];
      const child = spawn(process.execPath, command, { cwd: root, env, stdio: "inherit" });
      await once(child, "exit");
      return child.exitCode ?? 1;
    },
  });
} catch (error) {
  if (!(error instanceof EmulatorRefused || error instanceof EnvironmentRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
