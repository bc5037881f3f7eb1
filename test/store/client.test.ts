import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { type FlowStore, StoreUnavailable } from "../../lib/flow/store.ts";
import { createDynamoClient } from "../../lib/store/client.ts";
import { createFlowStore } from "../../lib/store/dynamo.ts";
import { dynaliteEngine, portOf } from "../support/engines.ts";
import { patienceMs, patientStore } from "../support/patience.ts";
import { refusedUrl } from "../support/refused-url.ts";
import { createFlowTable } from "../support/table.ts";
import { claimWith, credentials, flowWith, hold, jarWith, now, rejected, stateWith } from "./bench.ts";

const key = { flowId: "0b9f6a52-5f3e-4d0c-8a55-0c2f6d1e7b90", flowToken: "A".repeat(43) };
/** Enough for a busy machine to reach the server in, and soon over: milliseconds. */
const shortMs = 400;
const { storeTries } = patientStore;

const open: { server?: Server; client?: DynamoDBDocumentClient } = {};

afterEach(() => {
  open.client?.destroy();
  open.server?.closeAllConnections();
  open.server?.close();
});

function clientAt(endpoint: string, storeTryMs: number): DynamoDBDocumentClient {
  const client = createDynamoClient({
    storeTryMs,
    storeTries,
    endpoint,
    region: "eu-central-1",
    credentials,
  });
  open.client = client;
  return client;
}

function storeOn(client: DynamoDBDocumentClient, budgetMs = patienceMs): FlowStore {
  return createFlowStore({ client, tableName: "flows", environment: "test", budgetMs });
}

/**
 * A server that answers every request in one way; counts them. Only who waits for a time-out
 * gives it little time.
 */
async function serve(
  answer: RequestListener,
  { tryMs = patientStore.storeTryMs, budgetMs = patienceMs } = {},
) {
  const seen = { requests: 0 };
  open.server = createServer((request, reply) => {
    seen.requests += 1;
    answer(request, reply);
  }).listen(0, "127.0.0.1");
  await once(open.server, "listening");
  const client = clientAt(`http://127.0.0.1:${portOf(open.server.address())}`, tryMs);
  return { seen, store: storeOn(client, budgetMs) };
}

function failing(status: number, type: string): RequestListener {
  return (_, reply) => {
    reply.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    reply.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "no" }));
  };
}

/**
 * What the work fails with before a row of timers ends that has one for each try and one for the pauses, each
 * many times as long as a try. A busy machine makes both late: what comes after it keeps to no budget.
 */
async function failureOf(work: Promise<unknown>): Promise<unknown> {
  const over = new AbortController();
  const late = async () => {
    for (let turns = 0; turns <= storeTries; turns += 1) {
      await pause(10 * shortMs, undefined, { signal: over.signal });
    }
    return "It is late.";
  };
  const failure = work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return Promise.race([failure, late()]).finally(() => over.abort());
}

const silent: RequestListener = () => undefined;
const stalling: RequestListener = (_, reply) => {
  reply.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": "100" });
  reply.write("{");
};
// The socket is never idle, so that only the time-out of the whole request ends it.
const dribbling: RequestListener = ({ socket }) => {
  socket.write("HTTP/1.1 200 OK\r\n");
  const drops = setInterval(() => socket.write("x-more: to come\r\n"), 10);
  socket.once("close", () => clearInterval(drops)).on("error", () => undefined);
};

// Every byte is a sign of life, and none is the last.
const trickling: RequestListener = (_, reply) => {
  reply.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
  const drops = setInterval(() => reply.write(" "), 10);
  reply.once("close", () => clearInterval(drops));
};

describe("a store that can't be reached", () => {
  it("is unavailable within its budget when nothing listens", async () => {
    const store = storeOn(clientAt(refusedUrl, shortMs));
    const error = await failureOf(store.claim(claimWith(key)));

    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toHaveProperty("cause.code", "ECONNREFUSED");
  });

  it.each([
    ["never answers", silent, { tryMs: shortMs }],
    ["begins a header that never ends", dribbling, { tryMs: shortMs }],
    ["breaks the connection", (_, reply) => reply.destroy(), {}],
    ["throttles", failing(400, "ProvisionedThroughputExceededException"), {}],
    ["throttles by rate", failing(400, "ThrottlingException"), {}],
    ["fails inside", failing(500, "InternalServerError"), {}],
  ] satisfies [string, RequestListener, { tryMs?: number }][])(
    "is unavailable after three tries when it %s",
    async (_, answer, budget) => {
      const { seen, store } = await serve(answer, budget);
      const error = await failureOf(store.claim(claimWith(key)));

      expect(error).toBeInstanceOf(StoreUnavailable);
      expect(error).toHaveProperty("cause");
      expect(seen.requests).toBe(storeTries);
    },
  );

  it("pauses no longer than one try takes, even when it is throttled", async () => {
    const tryMs = 60;
    const { store } = await serve(failing(400, "ThrottlingException"), { tryMs });
    const error = await failureOf(store.claim(claimWith(key)));
    const { totalRetryDelay } = z
      .object({ cause: z.object({ $metadata: z.object({ totalRetryDelay: z.number() }) }) })
      .parse(error).cause.$metadata;

    expect(totalRetryDelay).toBeGreaterThan(0);
    expect(totalRetryDelay).toBeLessThanOrEqual(tryMs);
  });

  it("is unavailable within its budget when an answer stops halfway", async () => {
    const { store } = await serve(stalling, { tryMs: shortMs });

    expect(await failureOf(store.read(key))).toBeInstanceOf(StoreUnavailable);
  });

  it("is unavailable within its budget when an answer trickles for ever", async () => {
    const { store } = await serve(trickling, { budgetMs: shortMs });

    expect(await failureOf(store.read(key))).toBeInstanceOf(StoreUnavailable);
  });

  it("is unavailable when a load balancer answers in its place", async () => {
    const page: RequestListener = (_, reply) => {
      reply.writeHead(503, { "content-type": "text/html" }).end("<html>Service Unavailable</html>");
    };
    const { store } = await serve(page);
    expect(await failureOf(store.claim(claimWith(key)))).toBeInstanceOf(StoreUnavailable);
  });

  it("is unavailable in every method", async () => {
    const { store } = await serve(failing(500, "InternalServerError"));
    const calls = [
      store.create(flowWith()),
      store.read(key),
      store.claim(claimWith(key)),
      store.remove(key, now),
    ];
    const failures = await Promise.all(calls.map(failureOf));

    expect(failures).toEqual(calls.map(() => expect.any(StoreUnavailable)));
  });

  it("tells no token in its error", async () => {
    const { store } = await serve(failing(500, "InternalServerError"));
    const error = await failureOf(store.claim(claimWith(key)));

    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(String(error)).not.toContain(key.flowToken);
  });
});

describe("read", () => {
  it("asks for a consistent one, and for the row alone", async () => {
    const bodies: unknown[] = [];
    const { store } = await serve(async (request, reply) => {
      bodies.push(JSON.parse(Buffer.concat(await request.toArray()).toString("utf8")));
      reply.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
    });

    expect(await store.read(key)).toBeUndefined();
    expect(bodies).toEqual([
      { TableName: "flows", Key: { pk: { S: `flow#${key.flowId}` } }, ConsistentRead: true },
    ]);
  });
});

describe("a claim whose store goes away", () => {
  it("is unavailable, not lost", async () => {
    const engine = await dynaliteEngine.start();
    const client = clientAt(engine.endpoint, patientStore.storeTryMs);
    await createFlowTable(engine.endpoint, "flows");
    const store = storeOn(client);
    const claim = await hold(store, await store.create(flowWith()));
    await engine.stop();
    const jar = jarWith();
    const failures = await Promise.all(
      [
        claim.commit({ state: stateWith(), jar, reply: rejected }),
        claim.release({ jar, attemptReturned: true }),
        claim.markDoubtful(jar),
        claim.expire(now),
      ].map(failureOf),
    );

    expect(failures).toEqual(failures.map(() => expect.any(StoreUnavailable)));
  });
});

describe("a store that is set up wrongly", () => {
  it.each([
    ["a missing table", "ResourceNotFoundException"],
    ["a missing right", "AccessDeniedException"],
    ["an invalid request", "ValidationException"],
  ])("says so at once: %s", async (_, name) => {
    const { seen, store } = await serve(failing(400, name));
    const error = await failureOf(store.claim(claimWith(key)));

    expect(error).toHaveProperty("name", name);
    expect(error).not.toBeInstanceOf(StoreUnavailable);
    expect(seen.requests).toBe(1);
  });
});
