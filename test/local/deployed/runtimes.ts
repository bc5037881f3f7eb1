import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What runs in a function's process and talks to the Runtime API. */
export interface Runtime {
  readonly name: string;
  /** Arguments for `node` that run a handler. */
  args(handler: string): readonly string[];
}

const patience = new URL("./patience-preload.ts", import.meta.url).href;
const ownClient = fileURLToPath(new URL("./runtime-client.ts", import.meta.url));
const ricFolder = fileURLToPath(new URL("../../../node_modules/aws-lambda-ric/", import.meta.url));

const demanded = [
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
] as const;

/** Ours: nothing to install, any system. */
export const ownRuntime: Runtime = { name: "a client of its own", args: () => [ownClient] };

/** AWS's own, where somebody installed it and its native part loads on this machine; else nothing. */
export const awsRuntime: Runtime | undefined = runs()
  ? { name: "aws-lambda-ric", args: (handler) => [`${ricFolder}index.mjs`, handler] }
  : undefined;

/** The same for functions that give nothing up before a machine with much else to do gets round to it. */
export function patient({ name, args }: Runtime): Runtime {
  return { name, args: (handler) => ["--import", patience, ...args(handler)] };
}

function runs(): boolean {
  const native = `${ricFolder}rapid-client.node`;
  if (!existsSync(native)) return false;
  const load = "process.dlopen({ exports: {} }, process.argv[1])";
  // It aborts where Lambda's variables are missing.
  const env = Object.fromEntries(demanded.map((name) => [name, "none"]));
  return spawnSync(process.execPath, ["-e", load, native], { env, stdio: "ignore" }).status === 0;
}
