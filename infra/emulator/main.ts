import { EnvironmentRefused } from "../environment.ts";
import { deployToEmulator } from "./deploy.ts";
import { EmulatorRefused } from "./surroundings.ts";
import { toolsFor } from "./tools.ts";

try {
  process.exitCode = await deployToEmulator(toolsFor(process.env));
} catch (error) {
  if (!(error instanceof EmulatorRefused || error instanceof EnvironmentRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
