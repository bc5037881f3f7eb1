import type { Application } from "../../lib/flow/application.ts";
import { budgetsFor } from "../../lib/flow/budgets.ts";
import type { FlowSettings } from "../../lib/flow/context.ts";
import type { Upstream } from "./pingone/upstream.ts";
import { type FlowRow, keyOf } from "./table/flow-row.ts";
import type { LimitRow } from "./table/limiter.ts";

/** Everything outside the functions: the table, PingOne, whoever waits, and the time. */
export interface World {
  readonly flows: Map<string, FlowRow>;
  readonly limits: Map<string, LimitRow>;
  /** The flow at PingOne; absent until one has begun. */
  upstream: Upstream | undefined;
  /** Epoch milliseconds. */
  now: number;
  /** What a defect of all functions remembers. */
  readonly memory: Map<string, string>;
  /** The one flow that everything is about; empty until one has begun. */
  flowId: string;
}

/** When everything begins: epoch milliseconds. */
const beginning = 1_790_000_000_000;

/** An empty world. */
export function emptyWorld(): World {
  return {
    flows: new Map(),
    limits: new Map(),
    upstream: undefined,
    now: beginning,
    memory: new Map(),
    flowId: "",
  };
}

/** The same world, to go another way in. Rows are never changed, so they can be shared. */
export function copyOf({ flows, limits, memory, ...rest }: World): World {
  return { ...rest, flows: new Map(flows), limits: new Map(limits), memory: new Map(memory) };
}

/** Makes a world what another was, and leaves that one alone. */
export function become(world: World, { flows, limits, memory, upstream, now, flowId }: World): void {
  refill(world.flows, flows);
  refill(world.limits, limits);
  refill(world.memory, memory);
  Object.assign(world, { upstream, now, flowId });
}

/** Gives a map the entries of another, and no others. */
export function refill<Value>(map: Map<string, Value>, entries: Iterable<readonly [string, Value]>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

/** The row of the one flow. */
export function rowIn({ flows, flowId }: World): FlowRow | undefined {
  return flows.get(keyOf(flowId));
}

/** The environment of every row. */
export const environment = "explored";

/** What clients call the one application. */
export const applicationName = "mobile";

/** An application that does most of it by itself. */
export const application = {
  clientId: "client",
  redirectUri: "https://app.example.com/callback",
  scopes: ["openid"],
  policies: ["Single_Factor"],
  passkeyOrigins: ["https://app.example.com"],
} as const;

/** One whose codes are redeemed here, whose people are stepped up, and whose sessions end with its flows. */
const fullApplication: Application = {
  ...application,
  ...{ clientAuthentication: "basic", stepUp: ["Multi_Factor"], session: "end" },
};

/** The application of a flow. */
export type Serving = "all" | "little";

/** The application that is served so much. */
export function applicationOf(serving: Serving): Application {
  return serving === "all" ? fullApplication : application;
}

/** What is configured: small numbers, so that limits are met. */
export function settingsWith(
  disclosure: FlowSettings["disclosure"],
  serving: Serving = "little",
): FlowSettings {
  return {
    budgets: budgetsFor(8_000),
    nameLimits: { perName: 2, perNetwork: 3, windowMs: 60_000 },
    messageLimits: { perPerson: 2, windowMs: 60_000 },
    ...{ attemptLimit: 4, credentialLimit: 3, disclosure },
    applications: { [applicationName]: applicationOf(serving) },
  };
}
