import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";

/** What a tied process is given, and how it ends. */
export interface TiedOptions {
  /** Nothing of this process's own environment unless given. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stdout?: "ignore" | "inherit" | "pipe";
  readonly stderr?: "ignore" | "inherit" | "pipe";
  readonly signal: "KILL" | "TERM";
  /** How long the signal may take before the process is killed: milliseconds. */
  readonly graceMs?: number;
}

/** A child process that doesn't outlive this one, however this one ends. */
export interface TiedProcess {
  readonly child: ChildProcess;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  /** Ends the process and waits until it is gone; may be called again. */
  stop(): Promise<void>;
}

// The watcher ends the process when our end of its standard input closes: on stop, and when this process
// dies, however it dies.
const watched =
  'exec 3<&0; signal=$1; shift; (read -r _ <&3; kill -s "$signal" $$) >/dev/null 2>&1 & exec "$@" 3<&- </dev/null';

/** Starts a command that is tied to this process. */
export function spawnTied(command: string, args: readonly string[], options: TiedOptions): TiedProcess {
  const { env, cwd, stdout = "ignore", stderr = "ignore", signal, graceMs = 2_000 } = options;
  const stdio: StdioOptions = ["pipe", stdout, stderr];
  const child = spawn("/bin/sh", ["-c", watched, "sh", signal, command, ...args], {
    stdio,
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  const stdin = child.stdin?.on("error", () => undefined);
  // The watcher has nothing left to watch, and its number may soon be another process's.
  const exited = once(child, "exit").then(() => void stdin?.end());
  const stop = async () => {
    stdin?.end();
    const forced = setTimeout(() => child.kill("SIGKILL"), graceMs);
    await exited;
    clearTimeout(forced);
  };
  return { child, exited, stop };
}
