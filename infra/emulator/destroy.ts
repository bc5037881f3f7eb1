import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { environmentNamed } from "../environments.ts";
import { listeningEndpoint } from "./deploy.ts";
import { EmulatorRefused, emulatedCredentials, saidBy, type Variables } from "./surroundings.ts";

/** How long an emulator may take over a deletion: seconds. */
const maxWaitTime = 300;

/**
 * Takes the `emulator` environment away again from an emulator on this machine. It names the stack by its
 * name: `cdk destroy` says its ARN, which not every emulator knows.
 *
 * @returns the stack's name
 * @throws EmulatorRefused when no emulator listens on this machine, it has no such stack, or keeps it
 */
export async function destroyOnEmulator(variables: Variables): Promise<string> {
  const endpoint = await listeningEndpoint(variables);
  const { name, region = "" } = environmentNamed("emulator", saidBy(variables));
  const client = new CloudFormationClient({ endpoint, region, credentials: emulatedCredentials });
  const stack = { StackName: `sign-on-${name}` };
  try {
    await client.send(new DescribeStacksCommand(stack));
  } catch {
    throw new EmulatorRefused(`${endpoint} has no stack ${stack.StackName}.`);
  }
  await client.send(new DeleteStackCommand(stack));
  try {
    await waitUntilStackDeleteComplete({ client, maxWaitTime, minDelay: 1, maxDelay: 5 }, stack);
  } catch {
    throw new EmulatorRefused(`${endpoint} has kept the stack ${stack.StackName}: its own log says why.`);
  }
  return stack.StackName;
}
