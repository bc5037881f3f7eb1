import { once } from "node:events";
import { createServer } from "node:http";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Engine, engineKinds, freePort, portOf } from "./engines.ts";
import { standInAws } from "./stand-in.ts";

async function tablesOf({ endpoint }: Engine): Promise<unknown> {
  const client = new DynamoDBClient({ ...standInAws, endpoint, maxAttempts: 1 });
  return client
    .send(new ListTablesCommand({}))
    .then(({ TableNames }) => TableNames)
    .finally(() => client.destroy());
}

describe.each(engineKinds)("$name", (kind) => {
  it("answers, empty, once it has started, and is gone once it has stopped", async () => {
    const engine = await kind.start();
    expect(await tablesOf(engine)).toEqual([]);
    await engine.stop();
    await expect(tablesOf(engine)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("has a port of its own where another one was taken meanwhile", async () => {
    const stranger = createServer((_, reply) => reply.end()).listen(0, "127.0.0.1");
    onTestFinished(() => void stranger.close());
    await once(stranger, "listening");
    const ports = [portOf(stranger.address()), await freePort()];
    const engine = await kind.start(async () => ports.shift() ?? 0);
    onTestFinished(() => engine.stop());
    expect(await tablesOf(engine)).toEqual([]);
  });
});
