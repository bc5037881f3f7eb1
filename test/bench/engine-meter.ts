import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { portOf } from "../support/engines.ts";

/** One request that reached the engine. */
export interface TableRequest {
  /** Such as `UpdateItem`. */
  readonly operation: string;
  /** Of the bodies, as they are without us. */
  readonly sentBytes: number;
  readonly gotBytes: number;
  /** What DynamoDB would bill, as the engine reckons it. */
  readonly units: number;
}

/** Stands before an engine and counts what reaches it. */
export interface EngineMeter {
  readonly endpoint: string;
  readonly requests: readonly TableRequest[];
  stop(): Promise<void>;
}

/** Starts a meter. It asks the engine for what each request consumes. */
export async function startEngineMeter(target: string): Promise<EngineMeter> {
  const requests: TableRequest[] = [];
  const server = createServer((incoming, reply) => {
    pass(target, incoming, reply).then(
      (counted) => requests.push(counted),
      () => reply.destroy(),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${portOf(server.address())}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Consumed {
  readonly CapacityUnits?: number;
}

async function pass(target: string, incoming: IncomingMessage, reply: ServerResponse): Promise<TableRequest> {
  const sent = await text(incoming);
  const asking = JSON.stringify({ ...JSON.parse(sent), ReturnConsumedCapacity: "TOTAL" });
  const { host: _, "content-length": __, ...headers } = incoming.headers;
  const onward = request(target, { method: "POST", headers, agent: false }).end(asking);
  const [answer]: IncomingMessage[] = await once(onward, "response");
  if (answer === undefined) throw new Error("The engine gave no answer.");
  const { ConsumedCapacity, ...rest } = JSON.parse(await text(answer));
  const got = JSON.stringify(rest);
  const { "content-length": ___, "x-amz-crc32": ____, ...answered } = answer.headers;
  reply.writeHead(answer.statusCode ?? 502, answered).end(got);
  const consumed: Consumed[] = [ConsumedCapacity ?? []].flat();
  return {
    operation: String(incoming.headers["x-amz-target"]).replace(/^.*\./, ""),
    sentBytes: Buffer.byteLength(sent),
    gotBytes: Buffer.byteLength(got),
    units: consumed.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0),
  };
}
