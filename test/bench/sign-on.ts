import { join } from "node:path";
import { bundleOf } from "../../infra/bundles.ts";
import { tableName } from "../support/composition.ts";
import { earlierFunction } from "./earlier.ts";
import type { Sides } from "./rounds.ts";
import { type Server, signOns, startServer } from "./server.ts";
import { application, type Surroundings } from "./surroundings.ts";

const used = ["start", "password", "resume"] as const;
const functionsServer = "test/bench/servers/functions.ts";

/** Serves our functions, as they are deployed. */
export function startOurs({ variables }: Surroundings): Promise<Server> {
  const files = used.map((name) => `${name}=${join(bundleOf(name), "index.mjs")}`);
  return startServer([functionsServer, ...files], variables);
}

async function startEarlier(commit: string, { variables }: Surroundings): Promise<Server> {
  const files: string[] = [];
  for (const name of used) files.push(`${name}=${await earlierFunction(commit, name)}`);
  return startServer([functionsServer, ...files], variables);
}

function startBaseline({ variables, pingOneBaseUrl }: Surroundings, kept: "memory" | "table") {
  return startServer(["test/bench/baseline/main.ts"], {
    ...variables,
    NODE_ENV: "production",
    BASELINE_CLIENT: JSON.stringify({ baseUrl: pingOneBaseUrl, ...application }),
    ...(kept === "memory" ? {} : { BASELINE_TABLE: tableName }),
  });
}

/** What sign-ons took. */
export interface SignOnFigure {
  /** Of the server's process, for each: milliseconds. */
  readonly cpuMs: number;
  readonly perSecond: number;
}

/** How a round is measured. */
export interface SignOnLoad {
  /** Sign-ons in each round, and before the first. */
  readonly each: number;
  readonly atOnce: number;
}

/** Whole sign-ons by password at our functions, those of an earlier commit, and servers with Express. */
export async function signOnSides(
  surroundings: Surroundings,
  before: string | undefined,
  load: SignOnLoad,
): Promise<{ readonly sides: Sides<SignOnFigure>; readonly stop: () => Promise<void> }> {
  const servers: Record<string, Server> = {
    ours: await startOurs(surroundings),
    ...(before === undefined ? {} : { "the commit before": await startEarlier(before, surroundings) }),
    "Express, the same writes": await startBaseline(surroundings, "table"),
    "Express, in memory": await startBaseline(surroundings, "memory"),
  };
  const measured = Object.entries(servers).map(
    ([name, server]) => [name, () => measure(server, load)] as const,
  );
  return {
    sides: Object.fromEntries(measured),
    stop: async () => {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
    },
  };
}

async function measure(server: Server, { each, atOnce }: SignOnLoad): Promise<SignOnFigure> {
  const before = await server.read();
  const from = performance.now();
  await signOns(server, each, atOnce);
  const tookMs = performance.now() - from;
  const after = await server.read();
  return { cpuMs: (after.cpuMs - before.cpuMs) / each, perSecond: (each * 1000) / tookMs };
}
