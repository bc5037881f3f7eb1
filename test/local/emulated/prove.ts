import { listeningEndpoint, releaseToEmulator, type Tools } from "../../../infra/emulator/deploy.ts";
import { saidBy } from "../../../infra/emulator/surroundings.ts";
import { environmentNamed } from "../../../infra/environments.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { lenientSwitches } from "../../simulator/switches.ts";
import { ProofFailed, type Proving, prove } from "../proof.ts";
import { EmulatedStack } from "./stack.ts";
import { proveUpdates, UpdateFailed } from "./updates.ts";

/** No proof came about. The message says why, and what to do. */
export class NoProof extends Error {
  override readonly name = "NoProof";
}

/** What to prove. */
export interface Asked {
  readonly print: Proving["print"];
  /** Whether what is deployed is updated while sign-ons are under way, and the update taken back. */
  readonly update: boolean;
}

/**
 * Signs people on through what an emulator has deployed, with a simulator of its own.
 *
 * @throws EmulatorRefused when no emulator listens on this machine
 * @throws NoProof when nothing is deployed, the simulator's port is taken, or a sign-on gets stuck
 */
export async function proveOnEmulator(tools: Tools, { print, update }: Asked): Promise<void> {
  const endpoint = await listeningEndpoint(tools.variables);
  const environment = environmentNamed("emulator", saidBy(tools.variables));
  const { applications, pingOne } = environment;
  const stack = new EmulatedStack(endpoint, environment);
  const api = (await stack.output("ApiUrl"))?.replace(/\/$/, "");
  if (api === undefined) {
    throw new NoProof(`${endpoint} has no stack ${stack.name}: run npm run deploy:emulator first.`);
  }
  print(`API at ${api}`);
  const simulator = await simulatorAt(pingOne.baseUrl);
  const proving = { api, simulator, known: Object.keys(applications), print };
  try {
    await (update
      ? proveUpdates({ proving, stack, release: (which) => release(tools, which) })
      : prove(proving));
  } catch (error) {
    if (!(error instanceof ProofFailed || error instanceof UpdateFailed)) throw error;
    throw new NoProof(`The proof through ${api} failed. ${error.message}`);
  } finally {
    await simulator.close();
  }
}

async function release(tools: Tools, which: "next" | "own"): Promise<void> {
  const app = which === "next" ? "node test/local/emulated/next-release-app.ts" : undefined;
  const code = await releaseToEmulator(tools, app);
  if (code !== 0) throw new NoProof(`The update failed: cdk deploy ended with ${code}.`);
}

async function simulatorAt(baseUrl: string): Promise<Simulator> {
  const { port, pathname } = new URL(baseUrl);
  const environmentId = pathname.slice(1);
  try {
    return await startSimulator({ port: Number(port), environmentId, switches: lenientSwitches });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    const other = `SIMULATOR_PORT=${Number(port) + 1}`;
    throw new NoProof(
      `Port ${port} is taken, where the functions look for the simulator. End what listens there, such as npm start; or set ${other} for npm run deploy:emulator and npm run prove:emulator.`,
    );
  }
}
