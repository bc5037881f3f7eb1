import { randomBytes } from "node:crypto";
import type { APIGatewayProxyEvent } from "aws-lambda";
import * as z from "zod";
import { loadConfig } from "../../lib/config.ts";
import type { FlowPorts } from "../../lib/flow/context.ts";
import type { Jar } from "../../lib/flow/jar.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import { createPingOne } from "../../lib/pingone/client.ts";
import { type FlowRow, keyOf } from "../explore/table/flow-row.ts";
import { modelStore } from "../explore/table/flow-store.ts";
import { modelLimiter } from "../explore/table/limiter.ts";
import type { Wire } from "../explore/table/table.ts";
import { lambdaContext } from "../local/lambda-context.ts";
import { requestContext } from "../local/proxy-event.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { bind, defaults, TestClock } from "../support/composition.ts";

/** One reply of the API. */
export interface WalkReply {
  readonly http: number;
  readonly body: z.output<typeof Body>;
}

const View = z.looseObject({
  flowId: z.string().optional(),
  flowToken: z.string().optional(),
  status: z.string().optional(),
  next: z.array(z.string()).optional(),
  selectedDevice: z.string().optional(),
  devices: z.array(z.looseObject({ id: z.string() })).optional(),
});

const Body = View.extend({
  error: z.string().optional(),
  code: z.string().optional(),
  redirectUri: z.string().optional(),
  flow: View.optional(),
});

/** One request to the API. */
export interface WalkRequest {
  readonly name: OperationName;
  readonly flowId?: string;
  readonly token?: string;
  readonly body?: object | undefined;
}

/** Simulator and API in one process: the real handlers and PingOne's client, on the model of the table. */
export interface WalkStage {
  readonly simulator: Simulator;
  readonly clock: TestClock;
  readonly provider: FlowPorts["provider"];
  send(disclosure: Disclosure, request: WalkRequest): Promise<WalkReply>;
  /** What is sealed for a flow; nothing once it is gone. */
  jarOf(flowId: string): Jar | undefined;
  application: FlowPorts["settings"]["applications"][string];
  close(): Promise<void>;
}

/** What answers tell. */
export type Disclosure = "hints" | "minimal";

/** Starts the simulator, and puts the API together for both disclosures. */
export async function openWalkStage(): Promise<WalkStage> {
  const clock = new TestClock();
  const simulator = await startSimulator({ clock });
  const flows = new Map<string, FlowRow>();
  const wire: Wire = async ({ apply }) => apply(1);
  const table = { wire, environment: "walked", draw: (size: number) => randomBytes(size) };
  const compose = (DISCLOSURE: Disclosure) => {
    const limits = { ATTEMPT_LIMIT: "100", CREDENTIAL_LIMIT: "100" };
    const config = loadConfig({ ...defaults(simulator), ...limits, DISCLOSURE });
    const ports: FlowPorts = {
      store: modelStore({ ...table, rows: flows, bringsRow: true }),
      limiter: modelLimiter({ wire, rows: new Map() }),
      provider: createPingOne(config.pingOne, clock),
      ...{ clock, settings: config.flows },
    };
    return {
      ports,
      handlers: bind({ flows: ports, log: () => undefined, allowedOrigins: [], cookieDelivery: false }),
    };
  };
  const composed = { hints: compose("hints"), minimal: compose("minimal") };
  const { provider, settings } = composed.hints.ports;
  const [application] = Object.values(settings.applications);
  if (application === undefined) throw new Error("There is no application.");
  return {
    ...{ simulator, clock, provider, application },
    send: async (disclosure, request) => {
      const { statusCode, body } = await composed[disclosure].handlers[request.name](
        eventFor(request),
        lambdaContext(request.name),
      );
      return { http: statusCode, body: Body.parse(body === "" ? {} : JSON.parse(body)) };
    },
    jarOf: (flowId) => flows.get(keyOf(flowId))?.jar?.peek(),
    close: () => simulator.close(),
  };
}

function eventFor({ name, flowId, token, body }: WalkRequest): APIGatewayProxyEvent {
  const path = flowId === undefined ? "/flows" : `/flows/${flowId}`;
  const httpMethod = name === "status" ? "GET" : "POST";
  const headers = {
    "user-agent": "walker",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return {
    ...{ path, httpMethod, resource: path, headers, isBase64Encoded: false },
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value]])),
    ...{ queryStringParameters: null, multiValueQueryStringParameters: null, stageVariables: null },
    pathParameters: flowId === undefined ? null : { flowId },
    body: body === undefined ? null : JSON.stringify(body),
    requestContext: requestContext({
      ...{ path, httpMethod, resourcePath: path, sourceIp: "192.0.2.1", userAgent: "walker" },
    }),
  };
}
