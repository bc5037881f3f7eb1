// Synthesizes each environment that is deployed, as `cdk deploy` would, with no credentials and no network:
// an assembly a folder, so that one environment's doesn't replace another's.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

async function synthesize(name) {
  const chosen = ["-c", `env=${name}`, "-c", "placeholders=allowed", "--output", `cdk.out/${name}`];
  try {
    await run("cdk", ["synth", "--quiet", "--strict", "--no-lookups", ...chosen]);
  } catch (error) {
    process.stderr.write(`${name} can't be synthesized.\n${error.stdout}${error.stderr}`);
    process.exitCode = 1;
  }
}

const started = performance.now();
await Promise.all(["dev", "staging", "prod"].map(synthesize));
process.stdout.write(`synthesized in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
