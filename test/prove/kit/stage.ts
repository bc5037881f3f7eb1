import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { type FunctionEnvironment, loadConfig } from "../../../lib/config.ts";
import type { Clock } from "../../../lib/flow/clock.ts";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { FlowStore } from "../../../lib/flow/store.ts";
import type { RequestLog } from "../../../lib/log.ts";
import { createPingOne } from "../../../lib/pingone/client.ts";
import { createDynamoClient } from "../../../lib/store/client.ts";
import { createFlowStore } from "../../../lib/store/dynamo.ts";
import { createRateLimiter } from "../../../lib/store/limiter.ts";
import type { RecordedCall } from "../../simulator/calls.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import type { Switches } from "../../simulator/switches.ts";
import { bind, defaults, TestClock, tableName } from "../../support/composition.ts";
import { engineKinds } from "../../support/engines.ts";
import { type Hurry, hurriedSettings } from "../../support/hurry.ts";
import { standInHash } from "../../support/keyed-hash.ts";
import { patienceMs, patientStore } from "../../support/patience.ts";
import { standInAws, standInSecrets } from "../../support/stand-in.ts";
import { createFlowTable } from "../../support/table.ts";
import { directTo, type Handlers, type Transport } from "./api.ts";
import type { ChildSetup } from "./child-protocol.ts";
import { namedDefect } from "./defects.ts";
import { type EngineProxy, startEngineProxy } from "./engine-proxy.ts";
import type { Defect } from "./proof.ts";
import { startUpstreamProxy, type UpstreamProxy } from "./upstream-proxy.ts";

/** A row of the table as it lies there. */
export type RawRow = Readonly<Record<string, unknown>>;

/**
 * Everything a proof needs: the real handlers on a real engine and PingOne's stand-in, with
 * ways to break each.
 */
export interface Stage {
  readonly clock: TestClock;
  readonly simulator: Simulator;
  /** The handlers of this process, and the way to them by bearer token. */
  readonly handlers: Handlers;
  readonly transport: Transport;
  readonly engine: EngineProxy;
  /** The engine itself, past its proxy. */
  readonly engineEndpoint: string;
  readonly upstream: UpstreamProxy;
  /** The store as it is, past every proxy and defect. */
  readonly store: FlowStore;
  /** How long a claim lasts: milliseconds. */
  readonly leaseMs: number;
  /**
   * What a process of its own needs to be one more function of this stage, its clock standing
   * as ours does now.
   */
  childSetup(): ChildSetup;
  /** Does work while PingOne has next to no time. */
  readonly hurry: Hurry;
  /** The calls to PingOne that a request made, in order. */
  callsOf(tag: string): readonly RecordedCall[];
  /** The raw row of a flow. */
  rowOf(flowId: string): Promise<RawRow | undefined>;
  /** Every raw row, those of limits too. */
  rows(): Promise<readonly RawRow[]>;
  /** Deletes every row. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** What a proof wants otherwise. */
export interface StageOptions {
  readonly defect: Defect;
  /** What PingOne may take by the functions' settings, from which leases follow: milliseconds. */
  readonly timeoutMs?: number;
  /**
   * What it is really given: milliseconds; production's own unless a proof may have to wait for it anywhere.
   */
  readonly upstreamMs?: number;
  readonly switches?: Partial<Switches>;
  /** Whether the handlers reach engine and PingOne through the proxies. */
  readonly proxied?: boolean;
  /** What breaks the ports at one point; put around whatever defect there is. */
  readonly ports?: (ports: FlowPorts) => FlowPorts;
  /** Variables of the functions that are to be otherwise. */
  readonly environment?: Partial<FunctionEnvironment>;
  /** Starts what stands between the handlers and PingOne, which is then all they know of it. */
  readonly between?: (simulatorUrl: string) => Promise<Between>;
  /** Takes the log lines, in the place of nobody. */
  readonly log?: RequestLog;
  /** Our own clock, where it is not PingOne's. */
  readonly ownClock?: (true_: Clock) => Clock;
}

/** Something that PingOne is reached by. */
interface Between {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** What stands before the simulator where there is something, known to it by its address. */
async function beside(simulator: Simulator, { between }: StageOptions): Promise<Between | undefined> {
  const started = await between?.(simulator.baseUrl);
  if (started !== undefined) simulator.answersTo(started.baseUrl);
  return started;
}

/** Builds and starts a stage. */
export async function createStage(options: StageOptions): Promise<Stage> {
  const { defect, timeoutMs = 4_000, upstreamMs = 8_000, proxied = false } = options;
  const { ports = (same: FlowPorts) => same } = options;
  const clock = new TestClock();
  const [kind] = engineKinds;
  if (kind === undefined) throw new Error("There is no engine for this machine.");
  // Cookies from the start: what a lost answer brought is then not all there was.
  const switches = { cookiesAt: "authorize" as const, ...options.switches };
  const [server, simulator] = await Promise.all([kind.start(), startSimulator({ clock, switches })]);
  const engine = await startEngineProxy(server.endpoint);
  const upstream = await startUpstreamProxy(simulator.baseUrl);
  simulator.answersTo(upstream.baseUrl);
  const between = await beside(simulator, options);
  const environment = {
    ...defaults(between ?? (proxied ? upstream : simulator)),
    PINGONE_TIMEOUT_MS: String(timeoutMs),
    ...options.environment,
  };
  const config = loadConfig(environment);
  const connect = (endpoint: string) => createDynamoClient({ ...patientStore, ...standInAws, endpoint });
  const straight = connect(server.endpoint);
  await createFlowTable(server.endpoint, tableName);
  const client = connect(proxied ? engine.endpoint : server.endpoint);
  const tableBy = (by: DynamoDBDocumentClient) => ({ client: by, tableName, budgetMs: patienceMs });
  const storeOn = (by: DynamoDBDocumentClient) =>
    createFlowStore({ ...tableBy(by), environment: config.environment });
  const broken = defect.client?.(client) ?? client;
  const { settings, hurry } = hurriedSettings({ ...config.pingOne, timeoutMs: upstreamMs });
  const ownClock = options.ownClock?.(clock) ?? clock;
  const sound: FlowPorts = {
    store: storeOn(broken),
    limiter: createRateLimiter({ ...tableBy(broken), keyedHash: standInHash }),
    provider: createPingOne(settings, ownClock, standInSecrets),
    clock: ownClock,
    settings: config.flows,
  };
  const named =
    defect.upstream?.(config.pingOne) ?? (defect.named && namedDefect(defect.named, config.pingOne));
  const flows = ports((defect.ports ?? named)?.(sound) ?? sound);
  const { allowedOrigins, cookieDelivery } = config;
  const { log = () => undefined } = options;
  const handlers = bind({ flows, log, allowedOrigins, cookieDelivery });
  const transport = directTo(handlers);
  return {
    clock,
    handlers,
    simulator,
    engine,
    engineEndpoint: server.endpoint,
    upstream,
    childSetup: () => ({
      environment,
      engine: proxied ? engine.endpoint : server.endpoint,
      now: clock.now(),
      defect: defect.named,
    }),
    transport: (call) => transport(defect.call?.(call) ?? call),
    store: storeOn(straight),
    leaseMs: config.flows.budgets.leaseMs,
    hurry,
    callsOf: indexOf(simulator.calls),
    rowOf: async (flowId) =>
      (await straight.send(new GetCommand({ TableName: tableName, Key: { pk: `flow#${flowId}` } }))).Item,
    rows: () => scan(straight),
    clear: async () => {
      for (const { pk } of await scan(straight)) {
        await straight.send(new DeleteCommand({ TableName: tableName, Key: { pk } }));
      }
    },
    close: async () => {
      for (const one of [client, straight]) one.destroy();
      await Promise.all([engine.stop(), upstream.stop(), between?.stop(), simulator.close(), server.stop()]);
    },
  };
}

/** Builds a stage, works on it and takes it down, whatever happens. */
export async function onStage<T>(options: StageOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await createStage(options);
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}

async function scan(client: DynamoDBDocumentClient): Promise<readonly RawRow[]> {
  const rows: RawRow[] = [];
  let from: RawRow | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: tableName, ExclusiveStartKey: from }));
    rows.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}

/** By the tag that came along; reads each record once, however long the record gets. */
function indexOf(calls: readonly RecordedCall[]): (tag: string) => readonly RecordedCall[] {
  const byTag = new Map<string, RecordedCall[]>();
  let read = 0;
  return (tag) => {
    for (const call of calls.slice(read)) {
      const key = call.headers["user-agent"] ?? "";
      byTag.set(key, [...(byTag.get(key) ?? []), call]);
    }
    read = calls.length;
    return byTag.get(tag) ?? [];
  };
}
