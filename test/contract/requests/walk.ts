import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { fromOwnSite } from "../../support/browser-client.ts";
import { type ApiReply, callApi, type FlowClient, faultsIn, tokenIn } from "../../support/flow-client.ts";
import type { JsonObject } from "../json.ts";
import { rightBodies, wrongBodies } from "./arbitraries.ts";
import { type DocumentedOperation, operationsIn } from "./operations.ts";

/** Where the requests go, and how many. */
export interface Walk {
  readonly api: string;
  readonly document: JsonObject;
  readonly requests: number;
  readonly seed: number;
  /** Begins a flow, whose client has its token. */
  readonly begin: () => Promise<FlowClient>;
  /** Gives the faults of replies that the document doesn't describe, since it was last asked. */
  readonly takeMismatches: () => readonly string[];
}

/** What a walk has found. */
export interface Walked {
  readonly requests: number;
  /** How many were sent of each kind, and how each was answered. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly mismatches: readonly string[];
}

/** A request as it is sent, and what is wrong with it: nothing, or one part. */
interface DrawnRequest {
  readonly operation: DocumentedOperation;
  readonly flow: "live" | "malformed" | "unknown";
  readonly token: "malformed" | "missing" | "right";
  readonly body: unknown;
  /** The part that a refusal has to name; nothing where the document allows the request. */
  readonly named: string | undefined;
}

/**
 * Sends requests that are drawn from the document, as it allows them and wrong in one thing. What it allows
 * is not refused as invalid, and what it doesn't allow is, with the name of what is wrong.
 */
export async function walk({ api, document, requests, seed, begin, takeMismatches }: Walk): Promise<Walked> {
  const drawn = fc.sample(fc.oneof(...operationsIn(document).map(requestsFor)), { seed, numRuns: requests });
  const statuses = new Map<string, number>();
  const mismatches: string[] = [];
  let client = await begin();
  for (const request of drawn) {
    const reply = await send(api, request, client);
    const fault = faultIn(request, reply);
    const key = `${request.named === undefined ? "allowed" : "not allowed"}: ${reply.http}`;
    statuses.set(key, (statuses.get(key) ?? 0) + 1);
    const at = `${request.operation.method} ${request.operation.path}, ${JSON.stringify(request.body)}`;
    mismatches.push(
      ...[...(fault === undefined ? [] : [fault]), ...takeMismatches()].map((one) => `${at}: ${one}`),
    );
    if (request.flow === "live") client = await goneOn(client, reply, begin);
  }
  return { requests: drawn.length, statuses, mismatches };
}

function requestsFor(operation: DocumentedOperation): fc.Arbitrary<DrawnRequest> {
  const { body: schema, isSecured } = operation;
  const right = { operation, token: "right", named: undefined } as const;
  const bodies = schema === undefined ? fc.constant(undefined) : rightBodies(schema);
  const flows = fc.constantFrom("unknown" as const, "unknown" as const, "live" as const);
  const allowed = fc.tuple(bodies, flows).map(([body, flow]) => ({ ...right, flow, body }));
  const wrong: fc.Arbitrary<DrawnRequest>[] = [];
  if (schema !== undefined) {
    wrong.push(wrongBodies(schema).map((body) => ({ ...right, flow: "unknown", ...body })));
  }
  if (isSecured) {
    wrong.push(bodies.chain((body) => fc.constantFrom(...unsecured({ ...right, flow: "unknown", body }))));
  }
  const drawn = wrong.length === 0 ? allowed : fc.oneof(allowed, fc.oneof(...wrong));
  return drawn.filter(({ body }) => Buffer.byteLength(JSON.stringify(body) ?? "") <= largestBody);
}

/** Longer ones are refused whole, which no schema says: bytes. */
const largestBody = 8 * 1024;

function unsecured(right: DrawnRequest): readonly DrawnRequest[] {
  return [
    { ...right, token: "missing", named: "authorization" },
    { ...right, token: "malformed", named: "authorization" },
    { ...right, flow: "malformed", named: "flowId" },
  ];
}

async function send(api: string, request: DrawnRequest, client: FlowClient): Promise<ApiReply> {
  const { operation, body } = request;
  const flowId = { live: client.flowId, malformed: "5f0c1b7e", unknown: randomUUID() }[request.flow];
  const token = { right: client.token, malformed: "short", missing: undefined }[request.token];
  // What a browser adds by itself to the request of a page: there is no cookie without it.
  return callApi(api, operation.method, operation.path.replace("{flowId}", flowId), {
    ...(body === undefined ? {} : { body: typeof body === "string" ? asJson(body) : body }),
    ...(operation.isSecured ? { token } : {}),
    headers: fromOwnSite,
  });
}

/** A text is sent as it is: where it is to be the body itself, it has to be made JSON first. */
function asJson(body: string): string {
  return body.startsWith("{") ? body : JSON.stringify(body);
}

/** What no schema says: what a text holds once it is decoded. */
const opaque = /\.clientDataJSON$/;

/** The names of what only a deployment or a flow can know: that they are unknown is no fault of the form. */
const ofTheirs = new Set(["application", "deviceId", "idToken", "loginHint", "policy"]);

function faultIn({ named, flow }: DrawnRequest, reply: ApiReply): string | undefined {
  const { error, fields = [] } = reply.body;
  if (named !== undefined) {
    const isNamed =
      reply.http === 400 && error === "request-invalid" && fields.some(({ name }) => name === named);
    return isNamed
      ? undefined
      : `answered ${reply.http} ${faultsIn(reply).join(", ")}, and ${named} is wrong`;
  }
  if (error !== "request-invalid") return undefined;
  const unfounded = fields.filter(
    ({ name, reason }) =>
      !(reason === "unknown" && ofTheirs.has(name)) &&
      !(reason === "malformed" && opaque.test(name)) &&
      // A flow knows how long its code is.
      !(flow === "live" && name === "otp" && reason === "malformed"),
  );
  return unfounded.length === 0 ? undefined : `allowed, and refused: ${faultsIn(reply).join(", ")}`;
}

/** A flow is gone on with until it has ended. */
async function goneOn(
  client: FlowClient,
  reply: ApiReply,
  begin: () => Promise<FlowClient>,
): Promise<FlowClient> {
  client.token = tokenIn(reply) ?? client.token;
  const isOver = reply.http === 204 || (reply.http >= 400 && /"flowEnded":true/.test(reply.text));
  return isOver ? begin() : client;
}
