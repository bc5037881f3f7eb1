import { once } from "node:events";
import { Agent, createServer, request } from "node:https";
import { connect, createServer as createProxy, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { setDefaultCACertificates } from "node:tls";
import { createConnections } from "../../lib/pingone/connections.ts";
import { send } from "../../lib/pingone/send.ts";
import { portOf } from "../support/engines.ts";
import { selfSigned } from "../support/self-signed.ts";
import type { Sides } from "./rounds.ts";

const budgetMs = 8_000;

/** Bytes reach the other end after half a round trip. */
function delayed(from: Socket, to: Socket, ms: number): void {
  from.on("error", () => to.destroy());
  from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), ms));
  from.once("close", () => setTimeout(() => to.destroy(), ms));
}

/** A stand-in over TLS, so many milliseconds away. */
async function startPeer(roundTripMs: number) {
  const identity = selfSigned();
  setDefaultCACertificates([identity.cert]);
  const server = createServer(identity, (incoming, outgoing) => {
    incoming.resume().once("end", () => outgoing.end("{}"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  const proxy = createProxy({ noDelay: true }, (near) => {
    const far = connect({ port, host: "127.0.0.1", noDelay: true });
    // A connection takes a round trip before its first byte.
    const held = pause(roundTripMs);
    near.pause();
    held.then(() => {
      delayed(near, far, roundTripMs / 2);
      delayed(far, near, roundTripMs / 2);
      near.resume();
    });
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: new URL(`https://localhost:${portOf(proxy.address())}/`),
    stop: () => {
      proxy.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/**
 * One call to PingOne over TLS, by each kind of connection. `kept` is Node's own client on a connection
 * that it keeps: as fast as a call can be. `claimMs` is what the claim takes beside which a connection is
 * begun.
 */
export async function callSides(
  roundTripMs: number,
  claimMs: number,
): Promise<{ sides: Sides; stop: () => void }> {
  const { url, stop } = await startPeer(roundTripMs);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const outgoing = { method: "GET", url: url.href, headers: {} } as const;
  const connections = createConnections(url, { now: () => Date.now() });
  const kept = async () => {
    const message = request(url, { agent }).end();
    const [incoming] = await once(message, "response");
    await once(incoming.resume(), "end");
  };
  return {
    sides: {
      kept: () => timed(kept),
      "a connection of its own": () => timed(() => send(outgoing, budgetMs)),
      "begun early": async () => {
        connections.won();
        connections.prepare();
        await pause(claimMs);
        return timed(() => send(outgoing, budgetMs, connections.own));
      },
      "a start after another": async () => timed(() => send(outgoing, budgetMs, connections.kept)),
    },
    stop: () => {
      agent.destroy();
      stop();
    },
  };
}
