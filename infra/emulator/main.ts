import { EnvironmentRefused } from "../environment.ts";
import { deployToEmulator } from "./deploy.ts";
import { destroyOnEmulator } from "./destroy.ts";
import { EmulatorRefused } from "./surroundings.ts";
import { toolsFor } from "./tools.ts";

// Without a word it deploys; `destroy` takes the environment away again.
try {
  if (process.argv[2] === "destroy") {
    process.stdout.write(`${await destroyOnEmulator(process.env)} is gone.\n`);
  } else {
    process.exitCode = await deployToEmulator(toolsFor(process.env));
  }
} catch (error) {
  if (!(error instanceof EmulatorRefused || error instanceof EnvironmentRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
