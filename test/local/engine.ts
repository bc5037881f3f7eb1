import { dynaliteEngine, dynoxideEngine, type Engine } from "../support/engines.ts";

/**
 * The DynamoDB-compatible engine of the sandbox: the one already running at `endpoint`, or dynoxide, or,
 * where that has no binary, dynalite.
 */
export async function startLocalEngine(
  endpoint: string | undefined,
  print: (line: string) => void,
): Promise<Engine> {
  if (endpoint !== undefined && endpoint !== "") {
    print(`DynamoDB: the server that DYNAMODB_ENDPOINT names.`);
    return { name: "given", endpoint, stop: () => Promise.resolve() };
  }
  if (dynoxideEngine !== undefined) return dynoxideEngine.start();
  print("DynamoDB: dynalite, in this process, because dynoxide has no binary for this machine.");
  return dynaliteEngine.start();
}
