import { parseArgs } from "node:util";
import { EmulatorRefused } from "../../infra/emulator/surroundings.ts";
import { toolsFor } from "../../infra/emulator/tools.ts";
import { EnvironmentRefused } from "../../infra/environment.ts";
import { NoProof, proveOnEmulator } from "./emulated/prove.ts";

// Signs people on through the API that `npm run deploy:emulator` has deployed, each until an ID token is
// verified: with a simulator where the emulator's functions look for one.
try {
  const { values } = parseArgs({ options: { update: { type: "boolean", default: false } } });
  const print = (line: string) => console.log(line);
  await proveOnEmulator(toolsFor(process.env), { ...values, print });
} catch (error) {
  const isSaid = [EmulatorRefused, EnvironmentRefused, NoProof].some((known) => error instanceof known);
  if (!(error instanceof Error && isSaid)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
