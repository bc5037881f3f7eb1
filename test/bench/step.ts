import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { Agent, type ClientRequest, request } from "node:http";
import { text } from "node:stream/consumers";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { people } from "../simulator/people.ts";
import { createPkce } from "../support/flow-client.ts";
import { pingOne, type Session } from "./baseline/pingone.ts";
import type { Sides } from "./rounds.ts";
import type { Reply } from "./server.ts";
import { type BenchStage, createBenchStage } from "./stage.ts";
import { application, type Surroundings } from "./surroundings.ts";

const { username, password } = people.passwordOnly;
const policy = "Single_Factor";

/** Brings a new flow to where only `resume` is left. */
async function beforeResume(stage: BenchStage): Promise<Reply> {
  const body = { codeChallenge: createPkce().challenge, policy };
  const { flowId, flowToken } = await stage.call("start", { body });
  return stage.call("password", { flowId, flowToken, body: { username, password } });
}

/** Not all at once: what is prepared is not measured. */
async function many<Value>(count: number, make: () => Promise<Value>): Promise<Value[]> {
  const made: Value[] = [];
  while (made.length < count) {
    made.push(...(await Promise.all(Array.from({ length: Math.min(10, count - made.length) }, make))));
  }
  return made;
}

/** So much work, so many of it at once: milliseconds for each. */
async function timed<Value>(work: readonly Value[], atOnce: number, one: (value: Value) => Promise<unknown>) {
  const left = [...work];
  const from = performance.now();
  const worker = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await one(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - from) / work.length;
}

/**
 * A whole step beside the least that it could be: its call to PingOne on a connection that is kept, and two
 * bare writes by the SDK. The step is `resume`, which counts against no limit. All is plain HTTP on loopback.
 */
export function stepSides(
  surroundings: Surroundings,
  atOnce: number,
): { readonly sides: Sides; readonly stop: () => void } {
  const stage = createBenchStage(surroundings, surroundings.engine.endpoint);
  const upstream = pingOne({ baseUrl: surroundings.pingOneBaseUrl, ...application });
  const agent = new Agent({ keepAlive: true });
  const each = Math.max(20, atOnce);
  const bare = async ({ flowId, cookies }: Session) => {
    await write(stage, flowId, { claim: flowId });
    const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
    const url = `${surroundings.pingOneBaseUrl}/as/resume?flowId=${flowId}`;
    const asked = request(url, { agent, headers: { cookie: cookie.join("; ") } }).end();
    const [answer] = await once(asked, "response");
    const { authorizeResponse } = JSON.parse(await text(answer));
    await write(stage, flowId, { code: authorizeResponse.code });
  };
  return {
    sides: {
      "a direct call and two bare writes": async () => {
        const ready = await many(each, async () => {
          const { session } = await upstream.start(createPkce().challenge, policy);
          return (await upstream.password(session, username, password)).session;
        });
        return timed(ready, atOnce, bare);
      },
      "a step": async () => {
        const ready = await many(each, () => beforeResume(stage));
        return timed(ready, atOnce, ({ flowId, flowToken }) => stage.call("resume", { flowId, flowToken }));
      },
    },
    stop: () => {
      stage.close();
      agent.destroy();
    },
  };
}

function write({ client, tableName }: BenchStage, id: string, said: object) {
  return client.send(
    new UpdateCommand({
      ...{ TableName: tableName, Key: { pk: `bare#${id}` }, ReturnValues: "ALL_NEW" },
      UpdateExpression: "SET #said = :said",
      ExpressionAttributeNames: { "#said": "said" },
      ExpressionAttributeValues: { ":said": said },
    }),
  );
}

/**
 * What steps take beside DynamoDB and PingOne: milliseconds, one figure a step, the least first. It is the
 * whole time less the time in the SDK's `send`, and less the time from PingOne's request being written to its
 * answer being read. Waiting for the connection is our own.
 */
export async function ownTimes(surroundings: Surroundings, count: number): Promise<readonly number[]> {
  let elsewhere = 0;
  const stage = createBenchStage(surroundings, surroundings.engine.endpoint, (client) =>
    sendsObserved(client, (ms) => {
      elsewhere += ms;
    }),
  );
  const begun = new WeakMap<object, number>();
  const started = (message: unknown) => {
    const asked = requestIn(message);
    if (asked !== undefined) begun.set(asked, performance.now());
  };
  const { port } = new URL(surroundings.pingOneBaseUrl);
  const finished = (message: unknown) => {
    const asked = requestIn(message);
    const from = asked && begun.get(asked);
    if (from !== undefined && asked?.getHeader("host") === `127.0.0.1:${port}`) {
      elsewhere += performance.now() - from;
    }
  };
  subscribe("http.client.request.start", started);
  subscribe("http.client.response.finish", finished);
  const own: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const { flowId, flowToken } = await beforeResume(stage);
    elsewhere = 0;
    const from = performance.now();
    await stage.call("resume", { flowId, flowToken });
    own.push(performance.now() - from - elsewhere);
  }
  stage.close();
  return own.slice(Math.ceil(count / 5)).toSorted((a, b) => a - b);
}

function requestIn(message: unknown): ClientRequest | undefined {
  const isTold = typeof message === "object" && message !== null && "request" in message;
  return isTold && isRequest(message.request) ? message.request : undefined;
}

function isRequest(value: unknown): value is ClientRequest {
  return typeof value === "object" && value !== null && "getHeader" in value;
}

/** Hears how long the SDK takes for a request, from what it is given to what it gives. */
function sendsObserved(client: DynamoDBDocumentClient, took: (ms: number) => void): DynamoDBDocumentClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      const from = performance.now();
      try {
        return await next(args);
      } finally {
        took(performance.now() - from);
      }
    },
    { step: "initialize", priority: "high", name: "timeSends" },
  );
  return client;
}
