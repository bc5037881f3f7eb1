import { EnvironmentRefused } from "../environment.ts";
import { deployToEmulator, destroyOnEmulator } from "./deploy.ts";
import { EmulatorRefused } from "./surroundings.ts";
import { toolsFor } from "./tools.ts";

// Without a word it deploys; `destroy` takes the environment away again.
try {
  const [word] = process.argv.slice(2);
  const command = word === "destroy" ? destroyOnEmulator : deployToEmulator;
  process.exitCode = await command(toolsFor(process.env));
} catch (error) {
  if (!(error instanceof EmulatorRefused || error instanceof EnvironmentRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
