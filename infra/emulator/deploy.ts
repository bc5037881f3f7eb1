import { connect } from "node:net";
import { environmentNamed } from "../environments.ts";
import { EmulatorRefused, emulatedVariables, endpointOf, type Variables } from "./surroundings.ts";

/** How the command reaches the world. */
export interface Tools {
  readonly variables: Variables;
  /** Runs the project's own `cdk`; gives its exit code. */
  readonly cdk: (args: readonly string[], variables: Readonly<Record<string, string>>) => Promise<number>;
  /** A path at which there is nothing. */
  readonly none: string;
}

/** How long a machine may take to say that nothing listens: milliseconds. */
const connectMs = 2_000;

/**
 * Bootstraps an emulator on this machine and deploys the `emulator` environment into it.
 *
 * @returns the exit code: that of the first `cdk` that failed, else 0
 * @throws EmulatorRefused before anything is sent
 */
export async function deployToEmulator({ variables, cdk, none }: Tools): Promise<number> {
  const endpoint = endpointOf(variables);
  if (!(await listens(endpoint))) {
    throw new EmulatorRefused(`Nothing listens at ${endpoint}: start an AWS emulator there.`);
  }
  const told = new Map([["emulator-endpoint", endpoint]]);
  const { SIMULATOR_HOST: simulatorHost } = variables;
  if (simulatorHost !== undefined && simulatorHost !== "") told.set("simulator-host", simulatorHost);
  const { account, region } = environmentNamed("emulator", (name) => told.get(name));
  const context = ["-c", "env=emulator", ...[...told].flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const emulated = emulatedVariables(variables, endpoint, none);
  const code = await cdk(["bootstrap", `aws://${account}/${region}`, ...context], emulated);
  if (code !== 0) return code;
  return cdk(["deploy", "--require-approval", "never", ...context], emulated);
}

/** Whether something accepts connections there. */
function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), timeout: connectMs });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once("connect", () => resolve(true));
  socket.once("error", () => resolve(false));
  socket.once("timeout", () => resolve(false));
  return promise.finally(() => socket.destroy());
}
