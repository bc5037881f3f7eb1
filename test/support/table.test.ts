import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Engine, engineKinds, portOf } from "./engines.ts";
import { type LossyProxy, startLossyProxy } from "./lossy-proxy.ts";
import { createFlowTable } from "./table.ts";

describe.each(engineKinds)("a flow table on $name", (kind) => {
  let engine: Engine;
  let proxy: LossyProxy;
  beforeAll(async () => {
    engine = await kind.start();
    proxy = await startLossyProxy(engine.endpoint);
  });
  beforeEach(() => void proxy.operations());
  afterAll(async () => {
    await proxy.stop();
    await engine.stop();
  });

  it("is ours although the reply to its creation was lost, and we asked for it again", async () => {
    proxy.loseNextReply("CreateTable");
    await createFlowTable(proxy.endpoint, "ours");

    expect(proxy.operations().filter((one) => one === "CreateTable")).toHaveLength(2);
    await expect(createFlowTable(engine.endpoint, "ours")).rejects.toMatchObject(refusals.CreateTable);
  });

  it("is refused where somebody else has made it", async () => {
    await createFlowTable(engine.endpoint, "theirs");

    await expect(createFlowTable(proxy.endpoint, "theirs")).rejects.toMatchObject(refusals.CreateTable);
    expect(proxy.operations()).toEqual(["CreateTable"]);
  });
});

/** How DynamoDB refuses what has been done before. */
const refusals = {
  CreateTable: { name: "ResourceInUseException" },
  UpdateTimeToLive: { name: "ValidationException" },
} as const;

describe("a flow table on an engine that does nothing twice, as DynamoDB itself", () => {
  let server: Server;
  let lost: string | undefined;
  let done: string[];

  /** Gives nothing where the reply is lost. */
  function answerTo(operation: string): object | undefined {
    const isRepeated = done.includes(operation);
    done.push(operation);
    if (operation === lost && !isRepeated) return undefined;
    const refusal = operation === "CreateTable" || operation === "UpdateTimeToLive" ? operation : undefined;
    if (isRepeated && refusal !== undefined) return { __type: refusals[refusal].name, message: "" };
    return { Table: { TableStatus: "ACTIVE" } };
  }

  beforeEach(async () => {
    [lost, done] = [undefined, []];
    server = createServer((request, reply) => {
      const answer = answerTo(String(request.headers["x-amz-target"]).replace(/^.*\./, ""));
      if (answer === undefined) reply.destroy();
      else reply.writeHead("__type" in answer ? 400 : 200).end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => void server.close());

  const make = () => createFlowTable(`http://127.0.0.1:${portOf(server.address())}`, "flows");

  it.each(["CreateTable", "DescribeTable", "UpdateTimeToLive"])(
    "is ready although the reply to %s was lost",
    async (operation) => {
      lost = operation;
      await make();
      expect(done.filter((one) => one === operation)).toHaveLength(2);
    },
  );

  it.each(["CreateTable", "UpdateTimeToLive"] as const)(
    "is refused where %s was done before",
    async (operation) => {
      done.push(operation);
      await expect(make()).rejects.toMatchObject(refusals[operation]);
    },
  );
});
