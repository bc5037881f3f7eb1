import { people } from "./people.ts";
import type { SimulatorOptions } from "./simulator.ts";
import { DEFAULT_ENVIRONMENT_ID, startSimulator } from "./simulator.ts";
import type { Switches } from "./switches.ts";
import { lenientSwitches, strictSwitches, switchesSchema } from "./switches.ts";

const DEFAULT_PORT = 9031;

/** Options from the environment: `SIMULATOR_PORT`, `SIMULATOR_ENVIRONMENT_ID` and `SIMULATOR_SWITCHES`. */
function readOptions(): SimulatorOptions {
  const port = Number(process.env["SIMULATOR_PORT"] ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error("SIMULATOR_PORT is not a port number.");
  }
  return {
    port,
    environmentId: readEnvironmentId(process.env["SIMULATOR_ENVIRONMENT_ID"]),
    switches: readSwitches(process.env["SIMULATOR_SWITCHES"] ?? "lenient"),
    onCode: ({ username, channel, code }) => console.log(`code for ${username} by ${channel}: ${code}`),
  };
}

/** An id of one's own, so that a client can keep the one in its configuration. */
function readEnvironmentId(text: string | undefined): string {
  if (text === undefined || text === "") return DEFAULT_ENVIRONMENT_ID;
  if (/^[\w-]+$/.test(text)) return text;
  throw new Error("SIMULATOR_ENVIRONMENT_ID is not an environment's id.");
}

/** A set by its name, or switches as JSON that differ from the lenient set. */
function readSwitches(text: string): Readonly<Switches> {
  if (text === "strict") return strictSwitches;
  if (text === "lenient") return lenientSwitches;
  return switchesSchema.parse({ ...lenientSwitches, ...JSON.parse(text) });
}

/** One line on what kept the stand-in from starting. */
function explain(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    return "the port is taken: set SIMULATOR_PORT to a free one.";
  }
  if (error instanceof SyntaxError) return "SIMULATOR_SWITCHES is neither strict, nor lenient, nor JSON.";
  if (error instanceof Error && error.name === "ZodError") {
    return "SIMULATOR_SWITCHES names an unknown switch or value: see test/simulator/README.md.";
  }
  return error instanceof Error ? error.message : String(error);
}

try {
  const simulator = await startSimulator(readOptions());
  console.log(`PingOne simulator at ${simulator.baseUrl}`);
  for (const [scenario, person] of Object.entries(people)) {
    const password = "password" in person ? person.password : "(no password)";
    console.log(`  ${person.username.padEnd(18)} ${password.padEnd(17)} ${scenario}`);
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void simulator.close());
  }
} catch (error) {
  console.error(`Simulator: ${explain(error)}`);
  process.exitCode = 1;
}
