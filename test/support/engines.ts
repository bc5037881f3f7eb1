import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import dynalite from "dynalite";
import { withTransactions } from "./dynalite-transactions.ts";
import { spawnTied, type TiedProcess } from "./tied-process.ts";

/** A DynamoDB-compatible server on a loopback port, empty when it starts. */
export interface Engine {
  readonly name: string;
  readonly endpoint: string;
  /** Ends the engine and waits until it is gone. */
  stop(): Promise<void>;
}

/** An engine that this machine can run. */
export interface EngineKind {
  readonly name: string;
  /** @param choosePort for an engine that can't choose its port by itself */
  start(choosePort?: () => Promise<number>): Promise<Engine>;
}

const host = "127.0.0.1";
/** So many ports in a row are not taken from us by chance. */
const mostPorts = 10;

/**
 * dynalite: JavaScript, in this process, on any system. It brings no item back when a condition fails, and
 * has only the transactions that we give it.
 */
export const dynaliteEngine: EngineKind = { name: "dynalite", start: startDynalite };

/** dynoxide: a process of its own, 50 ms to start; nothing where its binary doesn't run (Linux x64 only). */
export const dynoxideEngine: EngineKind | undefined = dynoxide(process.platform, process.arch);

/** Every engine that this machine can run. */
export const engineKinds: readonly EngineKind[] = [
  ...(dynoxideEngine === undefined ? [] : [dynoxideEngine]),
  dynaliteEngine,
];

function dynoxide(platform: string, arch: string): EngineKind | undefined {
  if (platform !== "linux" || arch !== "x64") return undefined;
  const binary = fileURLToPath(new URL("../../node_modules/@dynoxide/linux-x64/dynoxide", import.meta.url));
  return { name: "dynoxide", start: (choosePort = freePort) => startDynoxide(binary, choosePort) };
}

/** Somebody may take the port before dynoxide has it, which can't choose one by itself. It ends then. */
async function startDynoxide(binary: string, choosePort: () => Promise<number>): Promise<Engine> {
  for (let ports = 0; ports < mostPorts; ports += 1) {
    const port = await choosePort();
    const args = ["--host", host, "--port", `${port}`];
    const started = spawnTied(binary, args, { signal: "TERM", stderr: "pipe" });
    if (await isListening(started)) {
      return { name: "dynoxide", endpoint: `http://${host}:${port}`, stop: started.stop };
    }
  }
  throw new Error("dynoxide ends while it starts.");
}

/** Whether dynoxide says that it listens. Whoever answers on its port might be somebody else. */
function isListening({ child, exited }: TiedProcess): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.includes("listening on")) resolve(true);
  });
  return Promise.race([promise, exited.then(() => false)]);
}

async function startDynalite(): Promise<Engine> {
  const server = withTransactions(dynalite({ createTableMs: 0 }));
  server.keepAliveTimeout = 0;
  server.listen(0, host);
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { name: "dynalite", endpoint: `http://${host}:${portOf(server.address())}`, stop };
}

/** A loopback port that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const port = portOf(server.address());
  server.close();
  await once(server, "close");
  return port;
}

/** The port in what a listening server calls its address. */
export function portOf(address: string | null | { readonly port: number }): number {
  if (address === null || typeof address === "string") {
    throw new Error("The server doesn't listen on a port.");
  }
  return address.port;
}
