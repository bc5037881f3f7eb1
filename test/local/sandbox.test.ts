import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { stepNames } from "../../lib/flow/steps.ts";
import { folderVariable } from "../contract/replies/run.ts";
import { lenientSwitches } from "../simulator/switches.ts";

interface Run {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly output: () => string;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
}

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function sandbox(args: readonly string[], env: Readonly<Record<string, string>>): Run {
  return sandboxOf(process.execPath, ["test/local/serve.ts", ...args], env);
}

function sandboxOf(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Run {
  const child = spawn(command, args, {
    env: {
      ...{ PATH: "/usr/bin:/bin", PORT: "0", SIMULATOR_PORT: "0" },
      // Its replies are counted with those of the tests.
      [folderVariable]: process.env[folderVariable],
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exit = once(child, "close").then(() => child.exitCode);
  return { child, output: () => output, exit };
}

async function printed(run: Run, text: string): Promise<void> {
  while (!run.output().includes(text)) {
    const more = run.child.stdout === null ? run.exit : once(run.child.stdout, "data");
    const ended = await Promise.race([more.then(() => false), run.exit.then(() => true)]);
    if (ended) throw new Error(`The sandbox ended: ${run.output()}`);
  }
}

function urlsIn(output: string): string[] {
  const found = output.matchAll(/(?:API|PingOne|DynamoDB) +(http:\/\/127\.0\.0\.1:\d+)/g);
  return [...found].map(([, url]) => url ?? "");
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe("npm start -- --once", () => {
  it.each([
    ["by the sources", []],
    ["by what would be deployed", ["--deployed"]],
  ])("signs people on by every step %s, and exits 0", async (_, args) => {
    const run = sandbox(["--once", ...args], {});
    expect(await run.exit).toBe(0);
    expect(run.output().includes("Lambda Runtime API")).toBe(args.length > 0);
    const proofs = run
      .output()
      .split("\n")
      .filter((line) => line.includes("✔"));
    const ways = proofs.map(
      (line) => /^ {2}✔ start → (.*) → token: ID token verified for \S+$/.exec(line)?.[1],
    );
    const [, password] = ways;
    expect(password).toBe("password → resume");
    expect(ways).toContain("lookup → device → device → otp → resume");
    // Every way ends in tokens.
    expect(new Set([...ways.flatMap((way) => way?.split(" → ")), "token"])).toEqual(new Set(stepNames));
  });
});

describe("npm itself, ended from outside", () => {
  it("leaves nothing running", async () => {
    const run = sandboxOf("npm", ["start"], { PATH: process.env["PATH"] ?? "" });
    await printed(run, "Ctrl-C stops it.");
    const urls = urlsIn(run.output());
    run.child.kill("SIGTERM");
    await run.exit;
    expect(await Promise.all(urls.map(answers))).toEqual([false, false, false]);
  });
});

describe("npm start", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "stays up until %s, then leaves nothing running",
    async (signal) => {
      const run = sandbox([], {});
      await printed(run, "Ctrl-C stops it.");
      const urls = [...run.output().matchAll(/(?:API|PingOne|DynamoDB) +(http:\/\/127\.0\.0\.1:\d+)/g)].map(
        ([, url]) => url ?? "",
      );
      expect(urls).toHaveLength(3);
      expect(await Promise.all(urls.map(answers))).toEqual([true, true, true]);
      const switches = await fetch(`${urls[1]}/_simulator/switches`);
      expect(await switches.json()).toEqual(lenientSwitches);
      run.child.kill(signal);
      expect(await run.exit).toBe(0);
      expect(run.output().trimEnd().split("\n").slice(-2)).toEqual([
        "Stopping: the gateway, the PingOne simulator and the DynamoDB engine.",
        "Stopped. Nothing is left running.",
      ]);
      expect(await Promise.all(urls.map(answers))).toEqual([false, false, false]);
    },
  );

  it.each(["PORT", "SIMULATOR_PORT"])(
    "on a taken %s says so in one line and leaves nothing running",
    async (name) => {
      const holder = createServer().listen(0, "127.0.0.1");
      await once(holder, "listening");
      const address = holder.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      try {
        const run = sandbox([], { [name]: String(port) });
        expect(await run.exit).toBe(1);
        const others = { PORT: 1, SIMULATOR_PORT: 1, [name]: port + 1 };
        expect(run.output()).toBe(
          `Port ${port} is taken. Choose others: PORT=${others.PORT} SIMULATOR_PORT=${others.SIMULATOR_PORT} npm start\n`,
        );
      } finally {
        holder.close();
      }
    },
  );

  it("refuses an option it doesn't know", async () => {
    const run = sandbox(["--help"], {});
    expect(await run.exit).toBe(1);
    expect(run.output()).toBe("Usage: npm start -- [--once] [--log] [--deployed]\n");
  });

  it("refuses a port that is none", async () => {
    const run = sandbox([], { PORT: "http" });
    expect(await run.exit).toBe(1);
    expect(run.output()).toBe("PORT is not a port number.\n");
  });
});
