import type { Socket } from "node:net";
import type { Clock } from "../flow/clock.ts";

/** A connection between two exchanges, or before the first. */
export interface IdleSocket {
  /** Whether nothing has come on it, neither bytes nor an end, and its time is not over. */
  isTrusted(): boolean;
  /** Hands it on: from now on it is whoever's exchange is on it. */
  take(): Socket;
  close(): void;
}

/**
 * Listens to a connection that nobody uses. It keeps no process alive, and is closed once its time is over.
 *
 * @param trustMs how long it may be used from now on: milliseconds
 */
export function idle(socket: Socket, clock: Clock, trustMs: number): IdleSocket {
  const since = clock.now();
  const isInTime = () => {
    const age = clock.now() - since;
    return age >= 0 && age < trustMs;
  };
  // Whatever comes now answers nothing: a reply to a request that was not made, a notice that it ends,
  // its end.
  const close = () => {
    socket.destroy();
  };
  const ends = ["data", "end", "timeout"] as const;
  for (const event of ends) socket.on(event, close);
  socket.setTimeout(Math.max(1, trustMs)).unref();
  return {
    isTrusted: () => !socket.destroyed && socket.writable && isInTime(),
    take: () => {
      for (const event of ends) socket.off(event, close);
      return socket.setTimeout(0).ref();
    },
    close,
  };
}
