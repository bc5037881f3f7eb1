import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import type { RateLimiter } from "../../lib/flow/rate-limiter.ts";
import { StoreUnavailable } from "../../lib/flow/store.ts";
import { createDynamoClient } from "../../lib/store/client.ts";
import { createRateLimiter } from "../../lib/store/limiter.ts";
import { portOf } from "../support/engines.ts";
import { standInHash } from "../support/keyed-hash.ts";
import { patienceMs, patientStore } from "../support/patience.ts";
import { credentials, now } from "./bench.ts";

const open: { server?: Server; client?: DynamoDBDocumentClient } = {};

afterEach(() => {
  open.client?.destroy();
  open.server?.closeAllConnections();
  open.server?.close();
});

const Transaction = z.object({ ClientRequestToken: z.string() });
const both = ["name", "network"].map((kind) => ({ subject: [kind], limit: 5, windowMs: 50_000 }));

/**
 * The codes of the reasons that a transaction is cancelled for; or that another try of it is still at work.
 */
type Refusal = readonly string[] | "in progress";

function bodyFor(refusal: Refusal): object {
  const type = refusal === "in progress" ? "TransactionInProgressException" : "TransactionCanceledException";
  const reasons = refusal === "in progress" ? {} : { CancellationReasons: refusal.map((Code) => ({ Code })) };
  return { __type: `com.amazonaws.dynamodb.v20120810#${type}`, ...reasons };
}

/**
 * DynamoDB, as far as it answers transactions: with these refusals, one after the other, and then by writing.
 */
async function engineThat(
  ...refusals: readonly Refusal[]
): Promise<{ limiter: RateLimiter; tokens: string[] }> {
  const tokens: string[] = [];
  open.server = createServer(async (request, reply) => {
    const body = await buffer(request);
    const refusal = refusals[tokens.length];
    tokens.push(Transaction.parse(JSON.parse(body.toString("utf8"))).ClientRequestToken);
    reply.writeHead(refusal === undefined ? 200 : 400, { "content-type": "application/x-amz-json-1.0" });
    reply.end(JSON.stringify(refusal === undefined ? {} : bodyFor(refusal)));
  }).listen(0, "127.0.0.1");
  await once(open.server, "listening");
  const endpoint = `http://127.0.0.1:${portOf(open.server.address())}`;
  const client = createDynamoClient({ ...patientStore, endpoint, region: "eu-central-1", credentials });
  open.client = client;
  const settings = { client, tableName: "flows", budgetMs: patienceMs, keyedHash: standInHash };
  return { limiter: createRateLimiter(settings), tokens };
}

describe("a limiter whose rows others write at the same moment", () => {
  it.each(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
    "comes again after %s, as a new request each time",
    async (code) => {
      const { limiter, tokens } = await engineThat([code, "None"], ["None", code]);
      expect(await limiter.admit(both, now)).toBe(0);
      expect(new Set(tokens).size).toBe(3);
    },
  );

  it("does not take a row that is not there for one that is used up", async () => {
    const { limiter, tokens } = await engineThat(
      ["ConditionalCheckFailed", "TransactionConflict"],
      ["None", "ConditionalCheckFailed"],
    );
    expect(await limiter.admit(both, now)).toBe(0);
    expect(tokens).toHaveLength(3);
  });

  it("gives up in the end, and lets nothing through", async () => {
    const { limiter, tokens } = await engineThat(
      ...Array.from({ length: 99 }, () => ["TransactionConflict", "None"]),
    );
    await expect(limiter.admit(both, now)).rejects.toThrow(StoreUnavailable);
    expect(tokens.length).toBeLessThan(10);
  });

  it("does not know what its own transaction does that is still at work", async () => {
    const { limiter, tokens } = await engineThat("in progress", "in progress", "in progress");
    await expect(limiter.admit(both, now)).rejects.toThrow(StoreUnavailable);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens).toHaveLength(3);
  });

  it("says what else is wrong with a transaction as it is", async () => {
    const { limiter, tokens } = await engineThat(["ValidationError", "None"]);
    await expect(limiter.admit(both, now)).rejects.toThrow(TransactionCanceledException);
    expect(tokens).toHaveLength(1);
  });
});
