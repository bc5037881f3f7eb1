import { connect } from "node:net";
import { environmentNamed } from "../environments.ts";
import {
  contextOf,
  EmulatorRefused,
  emulatedVariables,
  endpointOf,
  saidBy,
  type Variables,
} from "./surroundings.ts";

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
export async function deployToEmulator(tools: Tools): Promise<number> {
  const { variables } = tools;
  await listeningEndpoint(variables);
  const { account, region } = environmentNamed("emulator", saidBy(variables));
  // Told of an app, it would synthesize that first, for nothing.
  const code = await run(tools, ["bootstrap", `aws://${account}/${region}`, "--app", ""]);
  return code === 0 ? releaseToEmulator(tools) : code;
}

/**
 * Deploys the `emulator` environment into an emulator that is bootstrapped.
 *
 * @param app the command of an app that takes the place of the project's own
 * @returns the exit code of `cdk`
 */
export function releaseToEmulator(tools: Tools, app?: string): Promise<number> {
  const instead = app === undefined ? [] : ["--app", app];
  const context = ["-c", "env=emulator", ...contextOf(tools.variables)];
  return run(tools, ["deploy", "--require-approval", "never", ...instead, ...context]);
}

/**
 * Where an emulator listens on this machine.
 *
 * @throws EmulatorRefused when none does, or the variables name another place
 */
export async function listeningEndpoint(variables: Variables): Promise<string> {
  const endpoint = endpointOf(variables);
  if (await listens(endpoint)) return endpoint;
  throw new EmulatorRefused(`Nothing listens at ${endpoint}: start an AWS emulator there.`);
}

function run({ variables, cdk, none }: Tools, args: readonly string[]): Promise<number> {
  return cdk(args, emulatedVariables(variables, endpointOf(variables), none));
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
