import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { RawReply, Transport } from "./api.ts";
import { type ChildSetup, FromChild } from "./child-protocol.ts";

/** A process with the real handlers in it. */
export interface Child {
  readonly transport: Transport;
  /** Resolves when the process has come to where it was told to hang. */
  readonly reached: Promise<void>;
  /** What is in its heap once all that can be collected has been: bytes. */
  heap(): Promise<number>;
  /** Kills it at once (SIGKILL) and waits until it is gone; what it was asked is never answered. */
  kill(): Promise<void>;
  /** Stops the process in its tracks, as Lambda does between two requests. */
  freeze(): void;
  thaw(): void;
}

const program = fileURLToPath(new URL("child.ts", import.meta.url));

// Processes start by the hundred: what the first one compiled serves the others.
const compiled = fileURLToPath(new URL("../../../node_modules/.cache/prove", import.meta.url));

// Collections make V8 throw away code that has not run for a while: a heap would shrink by it,
// and hide what grows.
const flags = ["--expose-gc", "--no-flush-bytecode"];

/** Starts a process and waits until it can be asked. */
export async function startChild(setup: ChildSetup): Promise<Child> {
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const child = fork(program, {
    env,
    execArgv: flags,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const ready = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let heap = Promise.withResolvers<number>();
  const waiting = new Map<number, PromiseWithResolvers<RawReply>>();
  child.on("message", (message) => {
    const said = FromChild.parse(message);
    if (said.kind === "ready") ready.resolve();
    else if (said.kind === "reached") reached.resolve();
    else if (said.kind === "heap") heap.resolve(said.bytes);
    else waiting.get(said.id)?.resolve(said.reply);
  });
  const gone = () => {
    ready.reject(new Error("The process ended while starting."));
    for (const one of waiting.values()) one.reject(new Error("The process is gone."));
  };
  child.once("exit", gone);
  child.send({ kind: "setup", ...setup });
  await ready.promise;
  let asked = 0;
  return {
    transport: (call) => {
      asked += 1;
      const reply = Promise.withResolvers<RawReply>();
      waiting.set(asked, reply);
      child.send({ kind: "call", id: asked, call });
      return reply.promise;
    },
    reached: reached.promise,
    heap: () => {
      heap = Promise.withResolvers();
      child.send({ kind: "heap?" });
      return heap.promise;
    },
    kill: () => killed(child, exited),
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
  };
}

async function killed(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await exited;
  }
}
