import { createHash } from "node:crypto";
import { type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import * as z from "zod";

const Item = z.record(z.string(), z.unknown());
const Update = z.looseObject({ TableName: z.string(), Key: Item });
const Transaction = z.object({
  ClientRequestToken: z.string(),
  TransactItems: z.array(z.strictObject({ Update })).min(1).max(100),
});

type Row = z.output<typeof Item>;

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** One of the engine's own operations, with the headers that the transaction came with. */
type Ask = (operation: string, input: object) => Promise<Reply>;

/** A row as it was before a write that went through. */
interface Undo {
  readonly update: z.output<typeof Update>;
  readonly before: Row | undefined;
}

/** What became of one update: how to take it back, or why it was refused. */
type Outcome = Undo | { readonly Code: string; readonly Item?: Row };

const written: Reply = { status: 200, body: "{}" };

/**
 * Gives dynalite the transactions that it doesn't have: of updates alone, one at a time, each taken back
 * where a later one is refused. Whoever reads or writes the same rows otherwise meanwhile sees them half
 * done. A request token is remembered for as long as the server lives.
 */
export function withTransactions(server: Server): Server {
  const [own] = server.listeners("request");
  if (own === undefined) throw new Error("The server answers nothing.");
  server.removeAllListeners("request");
  const done = new Map<string, string>();
  let last: Promise<unknown> = Promise.resolve();

  server.on("request", (incoming: IncomingMessage, reply: ServerResponse) => {
    if (!String(incoming.headers["x-amz-target"]).endsWith(".TransactWriteItems")) {
      own.call(server, incoming, reply);
      return;
    }
    const turn = last.then(async () => transact(askOf(incoming), done, await buffer(incoming)));
    last = turn.catch(() => undefined);
    turn.then(
      ({ status, body }) =>
        reply.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(body),
      () => reply.destroy(),
    );
  });
  return server;
}

async function transact(ask: Ask, done: Map<string, string>, body: Buffer): Promise<Reply> {
  const { ClientRequestToken: token, TransactItems } = Transaction.parse(JSON.parse(body.toString("utf8")));
  const digest = createHash("sha256").update(body).digest("hex");
  const earlier = done.get(token);
  if (earlier === digest) return written;
  if (earlier !== undefined) return failure("IdempotentParameterMismatchException");
  const outcomes: Outcome[] = [];
  for (const { Update: update } of TransactItems) outcomes.push(await apply(ask, update));
  if (outcomes.every((outcome) => "before" in outcome)) {
    done.set(token, digest);
    return written;
  }
  for (const outcome of outcomes.toReversed()) if ("before" in outcome) await takeBack(ask, outcome);
  const CancellationReasons = outcomes.map((outcome) => ("before" in outcome ? { Code: "None" } : outcome));
  return failure("TransactionCanceledException", { CancellationReasons });
}

async function apply(ask: Ask, update: z.output<typeof Update>): Promise<Outcome> {
  const { ReturnValuesOnConditionCheckFailure: _, ...input } = update;
  const before = await rowOf(ask, update);
  const { status, body } = await ask("UpdateItem", input);
  if (status === 200) return { update, before };
  if (!body.includes("ConditionalCheckFailedException")) throw new Error(body);
  return { Code: "ConditionalCheckFailed", ...(before && { Item: before }) };
}

async function rowOf(ask: Ask, { TableName, Key }: z.output<typeof Update>): Promise<Row | undefined> {
  const { body } = await ask("GetItem", { TableName, Key, ConsistentRead: true });
  return z.object({ Item: Item.optional() }).parse(JSON.parse(body)).Item;
}

async function takeBack(ask: Ask, { update: { TableName, Key }, before }: Undo): Promise<void> {
  if (before === undefined) await ask("DeleteItem", { TableName, Key });
  else await ask("PutItem", { TableName, Item: before });
}

function failure(type: string, more: object = {}): Reply {
  const body = {
    __type: `com.amazonaws.dynamodb.v20120810#${type}`,
    message: "The transaction was cancelled.",
    ...more,
  };
  return { status: 400, body: JSON.stringify(body) };
}

/** Asks the server itself, which checks no signature. */
function askOf({ headers, socket: { localPort } }: IncomingMessage): Ask {
  return async (operation, input) => {
    const body = JSON.stringify(input);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request({
      ...{ host: "127.0.0.1", port: localPort, method: "POST", path: "/" },
      headers: {
        ...headers,
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        "content-length": Buffer.byteLength(body),
      },
    })
      .once("response", resolve)
      .once("error", reject)
      .end(body);
    const answer = await promise;
    return { status: answer.statusCode ?? 0, body: (await buffer(answer)).toString("utf8") };
  };
}
