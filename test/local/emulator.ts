import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { environmentNamed } from "../../infra/environments.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { lenientSwitches } from "../simulator/switches.ts";
import { prove } from "./proof.ts";

// Signs people on through the API that `npm run deploy:emulator` has deployed, each until an ID token is
// verified: with a simulator where the emulator's functions look for one.
const { applications, name, pingOne, region = "", endpoint = "" } = environmentNamed("emulator");
const { port, pathname } = new URL(pingOne.baseUrl);

async function deployedUrl(): Promise<string> {
  const credentials = { accessKeyId: "000000000000", secretAccessKey: "test" };
  const client = new CloudFormationClient({ endpoint, region, credentials, maxAttempts: 1 });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: `sign-on-${name}` }));
  const url = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "ApiUrl")?.OutputValue;
  if (url === undefined) throw new Error("The stack has no output ApiUrl.");
  return url.replace(/\/$/, "");
}

try {
  const api = await deployedUrl();
  console.log(`API at ${api}`);
  const simulator = await startSimulator({
    port: Number(port),
    environmentId: pathname.slice(1),
    switches: lenientSwitches,
  });
  try {
    await prove({ api, simulator, known: Object.keys(applications), print: (line) => console.log(line) });
  } finally {
    await simulator.close();
  }
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`No sign-on through the emulator at ${endpoint}: ${reason}`);
  console.error("Start one, run npm run deploy:emulator, and end a simulator that is running.");
  process.exitCode = 1;
}
