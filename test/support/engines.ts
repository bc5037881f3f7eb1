import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import dynalite from "dynalite";
import { withTransactions } from "./dynalite-transactions.ts";
import { spawnTied } from "./tied-process.ts";

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
  start(): Promise<Engine>;
}

const host = "127.0.0.1";
const readyMs = 5000;
const probeMs = 10;

/**
 * dynalite: JavaScript, in this process, on any system. It brings no item back when a condition fails, and has only the
 * transactions that we give it.
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
  if (platform !== "linux" || arch !== "x64") {
    return undefined;
  }
  const binary = fileURLToPath(new URL("../../node_modules/@dynoxide/linux-x64/dynoxide", import.meta.url));
  return { name: "dynoxide", start: () => startDynoxide(binary) };
}

async function startDynoxide(binary: string): Promise<Engine> {
  const port = await freePort();
  const { exited, stop } = spawnTied(binary, ["--host", host, "--port", `${port}`], { signal: "TERM" });
  const ended = exited.then(() => {
    throw new Error("dynoxide ended while starting.");
  });
  try {
    await Promise.race([answering(port), ended]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: "dynoxide", endpoint: `http://${host}:${port}`, stop };
}

async function startDynalite(): Promise<Engine> {
  const server = withTransactions(dynalite({ createTableMs: 0 }));
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

async function answering(port: number): Promise<void> {
  for (let waited = 0; waited < readyMs; waited += probeMs) {
    if (await accepts(port)) {
      return;
    }
    await pause(probeMs);
  }
  throw new Error(`Nothing answers on port ${port} after ${readyMs} ms.`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
