import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../flow/clock.ts";
import { connect, type Resolve, resolveHost } from "./connect.ts";
import { type IdleSocket, idle } from "./idle.ts";
import type { Line } from "./send.ts";

/** How long a connection that nothing has come on may be trusted, at most: milliseconds. */
const longestTrustMs = 2000;

/** Early connections in a row that nobody used before there are no more. */
const mostUnused = 3;

/** The connections of a process to PingOne. */
export interface Connections {
  /**
   * Begins a connection for a call that may follow, while it is still being found out whether it does.
   * There is one at a time, and none after three that went unused until {@link Connections.won}: who has
   * no right to a call can't make us open many.
   *
   * @returns lets go of the connection, unless a call has taken it
   */
  prepare(): () => void;
  /** Somebody has proved a right to call. */
  won(): void;
  /** For every call: the connection that was begun for it, or else a new one. Nothing was ever sent on it. */
  readonly own: Line;
  /** For calls that spend nothing: the connection that the last call left, or nothing. */
  readonly kept: Line;
}

interface Early {
  readonly budget: AbortController;
  readonly socket: Promise<IdleSocket | undefined>;
}

/**
 * Connections that are begun early, and one that is kept. Either is trusted for so long after its last
 * byte as the least of two seconds and half of what PingOne says (`Keep-Alive: timeout`), and only where
 * a turn of the event loop has brought nothing on it: not its end, and not an answer to what nobody has
 * asked. A process that was frozen hears of both in that turn.
 */
export function createConnections(url: URL, clock: Clock, resolve: Resolve = resolveHost): Connections {
  const early = earlyConnections(url, clock, resolve);
  let kept: IdleSocket | undefined;

  const keep: Line["keep"] = (socket, timeoutMs) => {
    kept?.close();
    kept = idle(socket, clock, Math.min(longestTrustMs, timeoutMs / 2));
  };
  const takeKept = async () => {
    const taken = kept;
    kept = undefined;
    return sound(taken);
  };
  return {
    prepare: early.begin,
    won: early.won,
    own: {
      open: async (to, budget) => (await sound(await early.take(budget))) ?? connect(to, budget, resolve),
      keep,
    },
    kept: { open: takeKept, keep },
  };
}

function earlyConnections(url: URL, clock: Clock, resolve: Resolve) {
  let current: Early | undefined;
  let unused = 0;

  const begin = () => {
    if (current !== undefined || unused >= mostUnused) return nothing;
    const budget = new AbortController();
    const socket = connect(url, budget.signal, resolve).then(
      (ready) => ready && idle(ready, clock, longestTrustMs),
      // A name that isn't resolved: the call will find out by itself.
      () => undefined,
    );
    const begun: Early = { budget, socket };
    current = begun;
    return () => {
      if (current !== begun) return;
      current = undefined;
      unused += 1;
      budget.abort();
    };
  };
  const take = async (budget: AbortSignal) => {
    const taken = current;
    current = undefined;
    if (taken === undefined) return undefined;
    const end = () => taken.budget.abort();
    budget.addEventListener("abort", end, { once: true });
    const socket = await taken.socket;
    budget.removeEventListener("abort", end);
    return socket;
  };
  const won = () => {
    unused = 0;
  };
  return { begin, take, won };
}

/**
 * The socket where it may still be trusted after a whole turn of the event loop: a phase that reads,
 * and all others.
 */
async function sound(waiting: IdleSocket | undefined): Promise<Socket | undefined> {
  if (waiting === undefined) return undefined;
  await turn();
  await turn();
  if (waiting.isTrusted()) return waiting.take();
  waiting.close();
  return undefined;
}

function nothing(): void {}
