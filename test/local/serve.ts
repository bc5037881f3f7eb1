import { parseArgs } from "node:util";
import { ProofFailed } from "./proof.ts";
import { startSandbox } from "./sandbox.ts";

const { values } = parseArgs({
  options: { once: { type: "boolean", default: false }, log: { type: "boolean", default: false } },
});

try {
  const sandbox = await startSandbox({ log: values.log, print: (line) => console.log(line) });
  if (values.once) {
    await sandbox.close();
  } else {
    sandbox.introduce();
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        console.log("\nStopping: the gateway, the PingOne simulator and the DynamoDB engine.");
        sandbox.close().then(
          () => console.log("Stopped. Nothing is left running."),
          () => process.exit(1),
        );
      });
    }
  }
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}

function sentence(error: unknown): string {
  if (error instanceof ProofFailed) return `The proof failed. ${error.message}`;
  return error instanceof Error ? error.message : "Something went wrong.";
}
