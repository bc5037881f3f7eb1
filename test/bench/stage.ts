import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { loadConfig } from "../../lib/config.ts";
import type { LambdaHandler } from "../../lib/http/endpoint.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import { createPingOne } from "../../lib/pingone/client.ts";
import { createDynamoClient } from "../../lib/store/client.ts";
import { createFlowStore } from "../../lib/store/dynamo.ts";
import { createRateLimiter } from "../../lib/store/limiter.ts";
import { lambdaContext } from "../local/lambda-context.ts";
import { requestContext } from "../local/proxy-event.ts";
import { bind } from "../support/composition.ts";
import { standInHash } from "../support/keyed-hash.ts";
import { patienceMs, patientStore } from "../support/patience.ts";
import { standInAws } from "../support/stand-in.ts";
import { drawAddress, type Reply } from "./server.ts";
import type { Surroundings } from "./surroundings.ts";

/** Our handlers in this process, without a gateway. */
export interface BenchStage {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Calls a function. @throws where it answers with a problem */
  call(name: OperationName, asked: Asked): Promise<Reply>;
  close(): void;
}

interface Asked {
  readonly flowId?: string | undefined;
  readonly flowToken?: string | undefined;
  readonly body?: object;
}

/** Puts the handlers together as production does, but for the key of names and all time-outs. */
export function createBenchStage(
  { variables, pingOneBaseUrl }: Surroundings,
  endpoint: string,
  observed = (client: DynamoDBDocumentClient) => client,
): BenchStage {
  const config = loadConfig({ ...variables, PINGONE_BASE_URL: pingOneBaseUrl });
  const { tableName, environment, flows: settings } = config;
  const client = observed(createDynamoClient({ ...patientStore, ...standInAws, endpoint }));
  const table = { client, tableName, budgetMs: patienceMs };
  const clock = { now: () => Date.now() };
  const handlers = bind({
    flows: {
      store: createFlowStore({ ...table, environment }),
      limiter: createRateLimiter({ ...table, keyedHash: standInHash }),
      provider: createPingOne({ ...config.pingOne, timeoutMs: patienceMs }, clock),
      clock,
      settings,
    },
    log: () => undefined,
    allowedOrigins: [],
    cookieDelivery: false,
  });
  return {
    client,
    tableName,
    call: async (name, asked) => {
      const { statusCode, body } = await handlers[name](eventOf(name, asked), lambdaContext(name));
      if (statusCode >= 300) throw new Error(`${name}: ${statusCode} ${body}`);
      return JSON.parse(body);
    },
    close: () => client.destroy(),
  };
}

function eventOf(name: OperationName, { flowId, flowToken, body }: Asked): Parameters<LambdaHandler>[0] {
  const path = flowId === undefined ? "/flows" : `/flows/${flowId}/${name}`;
  const httpMethod = name === "status" ? "GET" : "POST";
  const headers = {
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...(flowToken === undefined ? {} : { Authorization: `Bearer ${flowToken}` }),
  };
  return {
    ...{ path, resource: path, httpMethod, headers, multiValueHeaders: {}, stageVariables: null },
    ...{ queryStringParameters: null, multiValueQueryStringParameters: null, isBase64Encoded: false },
    pathParameters: flowId === undefined ? null : { flowId },
    body: body === undefined ? null : JSON.stringify(body),
    requestContext: requestContext({
      ...{ path, httpMethod, resourcePath: path, sourceIp: drawAddress(), userAgent: "bench" },
    }),
  };
}
