import { GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { JWTPayload } from "jose";
import { type FunctionEnvironment, loadConfig } from "../../lib/config.ts";
import type { ClientSecrets } from "../../lib/flow/client-secrets.ts";
import type { FlowPorts } from "../../lib/flow/context.ts";
import type { SigningKey } from "../../lib/flow/signing-key.ts";
import type { RequestLine } from "../../lib/log.ts";
import { createPingOne } from "../../lib/pingone/client.ts";
import { createDynamoClient } from "../../lib/store/client.ts";
import { createFlowStore } from "../../lib/store/dynamo.ts";
import { createRateLimiter } from "../../lib/store/limiter.ts";
import { startGateway } from "../local/gateway.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import type { Switches } from "../simulator/switches.ts";
import { bind, defaults, TestClock, tableName } from "./composition.ts";
import { type Engine, engineKinds } from "./engines.ts";
import { type ApiReply, FlowClient } from "./flow-client.ts";
import { type Hurry, hurriedSettings } from "./hurry.ts";
import { standInHash } from "./keyed-hash.ts";
import { patienceMs, patientStore, until } from "./patience.ts";
import { claimsIn } from "./redeem.ts";
import { standInAws, standInSecrets } from "./stand-in.ts";
import { createFlowTable } from "./table.ts";
import { judgeHeads } from "./upstream-heads.ts";

/**
 * The product, whole: the real handlers behind the gateway, a real engine, and PingOne's
 * stand-in, all over sockets.
 */
export interface Product {
  /** The public API. */
  readonly api: string;
  readonly simulator: Simulator;
  readonly clock: TestClock;
  /** One line a request, as it would be logged. */
  readonly log: readonly RequestLine[];
  /** Every request to the table so far, each try by itself: its operation. */
  readonly tableRequests: readonly string[];
  client(): FlowClient;
  /** The last code sent to a person. */
  code(username: string): string;
  /**
   * Resumes, redeems the code with the client's own verifier, and gives the claims of the verified ID token.
   */
  finish(client: FlowClient): Promise<JWTPayload>;
  /** The same for a reply that brought the code. */
  redeem(client: Pick<FlowClient, "pkce">, resumed: ApiReply): Promise<JWTPayload>;
  /** Resolves when PingOne has received so many calls in all. */
  called(count: number): Promise<void>;
  /** Resolves when something has come true. */
  until(isTrue: () => boolean): Promise<void>;
  /** Does work while PingOne has next to no time. */
  readonly hurry: Hurry;
  /** The raw row of a flow. */
  rowOf(flowId: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Every raw row. */
  rows(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends the engine under the running product. */
  stopEngine(): Promise<void>;
  close(): Promise<void>;
}

/** What to build differently from production's own composition. */
export interface ProductOptions {
  readonly switches?: Partial<Switches>;
  /** PingOne's environment, in the place of the stand-in's own. */
  readonly environmentId?: string;
  /** Starts the engine, in the place of the first that this machine can run. */
  readonly startEngine?: () => Promise<Engine>;
  /** Wraps the ports, to look at them or to break them. */
  readonly ports?: (ports: FlowPorts) => FlowPorts;
  /** Where the applications' secrets are, in the place of where they are right. */
  readonly secrets?: ClientSecrets;
  /** Gives the key by which applications sign that say so; there is none unless given. */
  readonly signingKey?: () => Promise<SigningKey>;
}

/** Builds and starts the product; `environment` overrides variables of its functions. */
export async function createProduct(
  environment: Partial<FunctionEnvironment> | Readonly<Record<string, string>> = {},
  {
    ports = (same) => same,
    secrets = standInSecrets,
    signingKey,
    startEngine = startFirstEngine,
    ...pingOne
  }: ProductOptions = {},
): Promise<Product> {
  const clock = new TestClock();
  const [engine, simulator] = await Promise.all([startEngine(), startSimulator({ clock, ...pingOne })]);
  const config = loadConfig({ ...defaults(simulator), ...environment });
  const client = createDynamoClient({ ...patientStore, ...standInAws, endpoint: engine.endpoint });
  await createFlowTable(engine.endpoint, tableName);
  const tableRequests: string[] = [];
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        tableRequests.push(commandName.replace(/Command$/, ""));
        return next(args);
      },
    { step: "deserialize", name: "countRequests" },
  );
  const log: RequestLine[] = [];
  const table = { client, tableName, budgetMs: patienceMs };
  const store = createFlowStore({ ...table, environment: config.environment });
  const limiter = createRateLimiter({ ...table, keyedHash: standInHash });
  const { settings, hurry } = hurriedSettings(config.pingOne);
  const provider = createPingOne(settings, clock, secrets, signingKey);
  const app = {
    flows: ports({ store, limiter, provider, clock, settings: config.flows }),
    log: (line: RequestLine) => log.push(line),
    allowedOrigins: config.allowedOrigins,
    cookieDelivery: config.cookieDelivery,
  };
  const gateway = await startGateway(bind(app), 0, config);
  const redeemed = ({ pkce }: Pick<FlowClient, "pkce">, reply: ApiReply) =>
    claimsIn(reply, pkce, { baseUrl: simulator.baseUrl, now: clock.now() });
  return {
    api: gateway.url,
    simulator,
    clock,
    log,
    tableRequests,
    client: () => new FlowClient(gateway.url),
    code: (username) => simulator.atHand(username) ?? "",
    redeem: redeemed,
    finish: async (flow) => redeemed(flow, await flow.step("resume")),
    called: (count) => until(`${count} calls to PingOne`, () => simulator.calls.length >= count),
    hurry,
    until: (isTrue) => until("what was to come true", isTrue),
    rowOf: async (flowId) =>
      (await client.send(new GetCommand({ TableName: tableName, Key: { pk: `flow#${flowId}` } }))).Item,
    rows: async () => (await client.send(new ScanCommand({ TableName: tableName }))).Items ?? [],
    stopEngine: () => engine.stop(),
    close: async () => {
      await gateway.close();
      client.destroy();
      await Promise.all([simulator.close(), engine.stop()]);
      judgeHeads(simulator.calls);
    },
  };
}

function startFirstEngine(): Promise<Engine> {
  const [kind] = engineKinds;
  if (kind === undefined) throw new Error("There is no engine for this machine.");
  return kind.start();
}
