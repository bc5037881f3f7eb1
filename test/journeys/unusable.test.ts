import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FlowPorts } from "../../lib/flow/context.ts";
import type { Completion } from "../../lib/flow/reporter.ts";
import { createDynamoClient } from "../../lib/store/client.ts";
import { people } from "../simulator/people.ts";
import { tableName } from "../support/composition.ts";
import { type Engine, engineKinds } from "../support/engines.ts";
import type { ApiReply, FlowClient } from "../support/flow-client.ts";
import { patientStore } from "../support/patience.ts";
import { createProduct, type Product } from "../support/product.ts";
import { standInAws } from "../support/stand-in.ts";

const { username, password } = people.passwordOnly;
const body = { username, password };
const waiter = new TextEncoder().encode("a sealed task token");

let product: Product;
let store: FlowPorts["store"];
let endpoint: string;
const reports: Completion[] = [];

beforeAll(async () => {
  const startEngine = async (): Promise<Engine> => {
    const [kind] = engineKinds;
    if (kind === undefined) throw new Error("There is no engine for this machine.");
    const engine = await kind.start();
    endpoint = engine.endpoint;
    return engine;
  };
  const ports = (sound: FlowPorts): FlowPorts => {
    store = sound.store;
    const report = async (_: Uint8Array, completion: Completion) => reports.push(completion) > 0;
    return { ...sound, reporter: { report, reportReplaced: async () => false } };
  };
  product = await createProduct({}, { startEngine, ports });
});
beforeEach(() => {
  reports.length = 0;
});
afterAll(() => product.close());

/** Cuts the jar of a flow that somebody waits for. */
async function truncate({ flowId }: FlowClient): Promise<void> {
  await store.watch({ flowId, now: product.clock.now(), waiter });
  await tamper(flowId, ["jar", "sealed"], new Uint8Array(40));
}

/** Changes an attribute of a flow's row behind the product's back. */
async function tamper(flowId: string, path: readonly string[], value: unknown): Promise<void> {
  const client = createDynamoClient({ ...patientStore, ...standInAws, endpoint });
  await client.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk: `flow#${flowId}` },
      UpdateExpression: `SET ${path.map((name) => `#${name}`).join(".")} = :value`,
      ExpressionAttributeNames: Object.fromEntries(path.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: { ":value": value },
    }),
  );
  client.destroy();
}

async function begun(policy = "Single_Factor"): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy });
  return client;
}

/** Each way to a claim, and the attempts that the row has counted when it is ended. */
const lanes: readonly (readonly [name: string, attempts: number, ask: () => Promise<Asked>])[] = [
  [
    "a step",
    0,
    async () => {
      const client = await begun();
      await truncate(client);
      return { client, ask: () => client.step("password", body) };
    },
  ],
  [
    "a poll",
    1,
    async () => {
      const client = await begun("Multi_Factor");
      await client.step("password", { username: people.push.username, password });
      await truncate(client);
      return { client, ask: () => client.status() };
    },
  ],
  [
    "a read that settles",
    1,
    async () => {
      const client = await doubtful();
      return { client, ask: () => client.status() };
    },
  ],
  [
    "a step that settles",
    1,
    async () => {
      const client = await doubtful();
      return { client, ask: () => client.step("password", body) };
    },
  ],
];

interface Asked {
  readonly client: FlowClient;
  readonly ask: () => Promise<ApiReply>;
}

async function doubtful(change: (client: FlowClient) => Promise<void> = truncate): Promise<FlowClient> {
  const client = await begun();
  product.simulator.faults.script({ on: "usernamePassword.check", kind: "reset", applied: false });
  expect((await client.step("password", body)).body).toMatchObject({ error: "outcome-unknown" });
  await change(client);
  return client;
}

describe.each(lanes)("a jar that doesn't open, found by %s", (_, attempts, prepare) => {
  it("ends the flow at once, tells who waits for it, and leaves no claim behind", async () => {
    const { client, ask } = await prepare();
    const calls = product.simulator.calls.length;
    const reply = await ask();
    expect(reply.http).toBe(409);
    expect(reply.body).toMatchObject({ error: "restart-required", flowEnded: true });
    const row = await product.rowOf(client.flowId);
    expect(row).toMatchObject({ status: "RESTART_REQUIRED", next: [], attempts });
    expect(row).not.toHaveProperty("claim");
    expect(row).not.toHaveProperty("jar");

    const seen = await client.status();
    expect(seen.body).toMatchObject({ status: "RESTART_REQUIRED", next: [] });
    expect(seen.body["pending"]).toBeUndefined();
    expect((await client.step("password", body)).body).toMatchObject({ error: "restart-required" });
    expect(reports).toEqual([{ flowId: client.flowId, status: "RESTART_REQUIRED" }]);
    expect(product.simulator.calls).toHaveLength(calls);
    expect(product.log.find(({ reported }) => reported === true)).toMatchObject({
      statusAfter: "RESTART_REQUIRED",
    });
  });
});

describe("a jar that doesn't open, of a sign-on that is complete", () => {
  it("ends the flow, and tells nobody who has been told", async () => {
    const client = await begun();
    await client.step("password", body);
    await truncate(client);
    expect((await client.step("resume")).body).toMatchObject({ error: "restart-required" });
    expect(await product.rowOf(client.flowId)).toMatchObject({ status: "RESTART_REQUIRED" });
    expect(reports).toEqual([]);
  });
});

describe("a flow that a later release has had in hand", () => {
  it("goes on by the steps that are known", async () => {
    const client = await begun();
    const { next = [] } = (await client.status()).body;
    await tamper(client.flowId, ["next"], ["levitate", ...next]);
    expect((await client.status()).body).toMatchObject({ status: "USERNAME_PASSWORD_REQUIRED", next });
    expect((await client.step("password", body)).body).toMatchObject({ status: "COMPLETED" });
  });

  it("is left to it where it hasn't ended a step that nobody here knows", async () => {
    const client = await doubtful((it) => tamper(it.flowId, ["claim", "step"], "levitate"));
    const before = await product.rowOf(client.flowId);
    const seen = await client.status();
    expect([seen.http, seen.body["pending"], seen.body.status]).toEqual([
      200,
      undefined,
      "USERNAME_PASSWORD_REQUIRED",
    ]);
    const step = await client.step("password", body);
    expect(step.body).toMatchObject({ error: "step-in-progress", flowEnded: false });
    expect(await product.rowOf(client.flowId)).toEqual(before);
  });
});
