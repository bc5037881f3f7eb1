import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { listeningEndpoint } from "../../../infra/emulator/deploy.ts";
import { saidBy, type Variables } from "../../../infra/emulator/surroundings.ts";
import { environmentNamed } from "../../../infra/environments.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { lenientSwitches } from "../../simulator/switches.ts";
import { ProofFailed, type Proving, prove } from "../proof.ts";

/** No proof came about. The message says why, and what to do. */
export class NoProof extends Error {
  override readonly name = "NoProof";
}

/**
 * Signs people on through what an emulator has deployed, with a simulator of its own.
 *
 * @throws EmulatorRefused when no emulator listens on this machine
 * @throws NoProof when nothing is deployed, the simulator's port is taken, or a sign-on gets stuck
 */
export async function proveOnEmulator(variables: Variables, print: Proving["print"]): Promise<void> {
  const endpoint = await listeningEndpoint(variables);
  const { applications, name, pingOne, region = "" } = environmentNamed("emulator", saidBy(variables));
  const api = await deployedUrl(endpoint, region, `sign-on-${name}`);
  print(`API at ${api}`);
  const simulator = await simulatorAt(pingOne.baseUrl);
  try {
    await prove({ api, simulator, known: Object.keys(applications), print });
  } catch (error) {
    if (!(error instanceof ProofFailed)) throw error;
    throw new NoProof(`A sign-on through ${api} got stuck. ${error.message}`);
  } finally {
    await simulator.close();
  }
}

async function deployedUrl(endpoint: string, region: string, stack: string): Promise<string> {
  const credentials = { accessKeyId: "000000000000", secretAccessKey: "test" };
  const client = new CloudFormationClient({ endpoint, region, credentials, maxAttempts: 1 });
  const asked = client.send(new DescribeStacksCommand({ StackName: stack }));
  const { Stacks = [] } = await asked.catch(() => ({ Stacks: [] }));
  const url = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "ApiUrl")?.OutputValue;
  if (url !== undefined) return url.replace(/\/$/, "");
  throw new NoProof(`${endpoint} has no stack ${stack}: run npm run deploy:emulator first.`);
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
