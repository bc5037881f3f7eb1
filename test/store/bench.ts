import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Flow, FlowState, KnownClaim } from "../../lib/flow/flow.ts";
import type { Jar } from "../../lib/flow/jar.ts";
import type { RateLimiter } from "../../lib/flow/rate-limiter.ts";
import type { KeptReply } from "../../lib/flow/reply.ts";
import { canonicalRequest, steps } from "../../lib/flow/steps.ts";
import type { ClaimRequest, FlowKey, FlowStore, HeldClaim, NewFlow } from "../../lib/flow/store.ts";
import { createDynamoClient } from "../../lib/store/client.ts";
import { createFlowStore } from "../../lib/store/dynamo.ts";
import { createRateLimiter } from "../../lib/store/limiter.ts";
import { dynaliteEngine, type EngineKind } from "../support/engines.ts";
import { standInHash } from "../support/keyed-hash.ts";
import { type LossyProxy, startLossyProxy } from "../support/lossy-proxy.ts";
import { patienceMs, patientStore } from "../support/patience.ts";
import { createFlowTable } from "../support/table.ts";

/** A fresh engine with an empty flow table, and ways to look behind the store. */
export interface Bench {
  /** Whether the engine brings the row back when a condition fails, as DynamoDB does. */
  readonly bringsItem: boolean;
  readonly store: FlowStore;
  /** The same table, reached through a proxy that can lose replies. */
  readonly lossy: FlowStore;
  readonly limiter: RateLimiter;
  /** The same, through that proxy. */
  readonly lossyLimiter: RateLimiter;
  readonly proxy: Pick<LossyProxy, "loseNextReply" | "loseReply" | "operations">;
  /** The same table, as a store of another environment sees it. */
  readonly foreign: FlowStore;
  row(flowId: string): Promise<Record<string, unknown> | undefined>;
  /** Sets attributes behind the store's back: paths such as `claim.id`. */
  tamper(flowId: string, path: string, value: unknown): Promise<void>;
  /** Puts a copy of a row under another flow's key. */
  copy(from: string, to: string): Promise<void>;
  /** Everything in the table, as DynamoDB's JSON. */
  dump(): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Epoch milliseconds, chosen so that the deadline isn't a whole second. */
export const now = 1_790_000_000_001;
export const deadline = now + 600_000;
export const lease = 20_000;
export const canonical = canonicalRequest(steps.otp.command({ otp: "123456" }));
export const credentials = { accessKeyId: "local", secretAccessKey: "local" };

const tableName = "flows";

export async function openBench(kind: EngineKind): Promise<Bench> {
  const engine = await kind.start();
  const proxy = await startLossyProxy(engine.endpoint);
  const client = clientFor(engine.endpoint);
  const behind = clientFor(proxy.endpoint);
  await createFlowTable(engine.endpoint, tableName);
  const key = (flowId: string) => ({ TableName: tableName, Key: { pk: `flow#${flowId}` } });
  const row = async (flowId: string) =>
    (await client.send(new GetCommand({ ...key(flowId), ConsistentRead: true }))).Item;

  return {
    bringsItem: kind !== dynaliteEngine,
    store: createFlowStore({ client, tableName, environment: "test", budgetMs: patienceMs }),
    lossy: createFlowStore({ client: behind, tableName, environment: "test", budgetMs: patienceMs }),
    limiter: createRateLimiter({ client, tableName, budgetMs: patienceMs, keyedHash: standInHash }),
    lossyLimiter: createRateLimiter({
      ...{ client: behind, tableName, budgetMs: patienceMs },
      keyedHash: standInHash,
    }),
    proxy,
    foreign: createFlowStore({ client, tableName, environment: "production", budgetMs: patienceMs }),
    row,
    tamper: async (flowId, path, value) => {
      const names = path.split(".").map((name): [string, string] => [`#${name}`, name]);
      await client.send(
        new UpdateCommand({
          ...key(flowId),
          UpdateExpression: `SET ${names.map(([alias]) => alias).join(".")} = :value`,
          ExpressionAttributeNames: Object.fromEntries(names),
          ExpressionAttributeValues: { ":value": value },
        }),
      );
    },
    copy: async (from, to) => {
      const Item = { ...(await row(from)), pk: `flow#${to}` };
      await client.send(new PutCommand({ TableName: tableName, Item }));
    },
    dump: async () => (await client.send(new ScanCommand({ TableName: tableName }))).Items ?? [],
    close: async () => {
      client.destroy();
      behind.destroy();
      await proxy.stop();
      await engine.stop();
    },
  };
}

function clientFor(endpoint: string): DynamoDBDocumentClient {
  return createDynamoClient({ ...patientStore, endpoint, region: "eu-central-1", credentials });
}

export function jarWith(overrides: Partial<Jar> = {}): Jar {
  return {
    upstreamFlowId: "5d1e3c0a-upstream",
    cookies: [{ name: "ST", value: "f3b1b8a2-session-token-0001-a1b2c3d4" }],
    state: "state-of-the-sign-on",
    nonce: "nonce-of-the-sign-on",
    application: "mobile",
    ...overrides,
  };
}

export function stateWith(overrides: Partial<FlowState> = {}): FlowState {
  return {
    status: "OTP_REQUIRED",
    next: ["otp", "device"],
    details: { otpLength: 6, devices: [{ id: "device-1", type: "EMAIL", hint: "jo****@example.com" }] },
    deadline,
    ...overrides,
  };
}

export function flowWith(overrides: Partial<NewFlow> = {}): NewFlow {
  return { createdAt: now, state: stateWith(), jar: jarWith(), ...overrides };
}

export function claimWith(key: FlowKey, overrides: Partial<ClaimRequest> = {}): ClaimRequest {
  return { ...key, step: "otp", canonical, now, until: now + lease, attemptLimit: undefined, ...overrides };
}

export const rejected: KeptReply = {
  kind: "problem",
  problem: { error: "otp-rejected", attemptsRemaining: 2 },
  flow: { flowId: "f", status: "OTP_REQUIRED", next: ["otp"], expiresAt: "2026-09-21T12:00:00.000Z" },
};

/** Claims a flow that is known to be free. */
export async function hold(
  store: FlowStore,
  key: FlowKey,
  overrides: Partial<ClaimRequest> = {},
): Promise<HeldClaim> {
  const result = await store.claim(claimWith(key, overrides));
  if (result.kind !== "held") throw new Error(`The claim was not won: ${JSON.stringify(result)}`);
  return result.claim;
}

/** The claim in a flow that somebody holds. */
export function claimIn({ claim }: Pick<Flow, "claim">): KnownClaim {
  if (claim?.step === undefined) throw new Error("A held claim has a step.");
  return { ...claim, step: claim.step };
}

/** Takes one step of a flow and gives the key with the next token. */
export async function take(store: FlowStore, key: FlowKey, reply: KeptReply = rejected): Promise<FlowKey> {
  const claim = await hold(store, key);
  const { flowToken } = await claim.commit({ state: stateWith(), jar: claim.jar, reply });
  return { flowId: key.flowId, flowToken };
}
