import { parseArgs } from "node:util";
import { ProofFailed } from "./proof.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

// Ended from outside, npm takes its shell along and leaves us behind without a word: only another
// parent tells. Read before anything is printed, because whoever waits for our words may end npm at
// the first of them.
const parent = process.ppid;
const usage = "Usage: npm start -- [--once] [--log] [--deployed]";

try {
  const { once, ...options } = readOptions();
  const sandbox = await startSandbox({ ...options, print: (line) => console.log(line) });
  if (once) await sandbox.close();
  else stayUp(sandbox);
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: "boolean", default: false },
        log: { type: "boolean", default: false },
        deployed: { type: "boolean", default: false },
      },
    });
    return values;
  } catch {
    throw new Error(usage);
  }
}

function stayUp(sandbox: Sandbox): void {
  sandbox.introduce();
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    clearInterval(orphaned);
    console.log("\nStopping: the gateway, the PingOne simulator and the DynamoDB engine.");
    sandbox.close().then(
      () => console.log("Stopped. Nothing is left running."),
      () => process.exit(1),
    );
  };
  const orphaned = setInterval(() => process.ppid === parent || stop(), 250);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}

function sentence(error: unknown): string {
  if (error instanceof ProofFailed) return `The proof failed. ${error.message}`;
  return error instanceof Error ? error.message : "Something went wrong.";
}
