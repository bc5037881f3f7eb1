import { gatewayAnswers } from "../../../infra/api/gateway-answers.ts";
import { firewallAnswers } from "../../../infra/api/web-acl-rules.ts";
import { internalProblem, problemBody } from "../../../lib/flow/problem-body.ts";
import { type ProblemName, problems } from "../../../lib/flow/problems.ts";
import { isObject, type JsonObject } from "../json.ts";
import { onlyByHttp, problemMembers, type RequestedBy, requestFault, whereTold } from "./problem-members.ts";
import { pascal, schemaRef, strictObject } from "./schemas.ts";

/** A problem and the HTTP status that it comes with. */
export interface ToldProblem {
  readonly error: string;
  readonly status: number;
}

/** What API Gateway answers by itself: any request may meet it. */
const ofGateway: readonly (ToldProblem & { readonly body: JsonObject })[] = gatewayAnswers({
  allowedOrigins: [],
  cookieDelivery: false,
}).map(({ status, template }) => {
  const body: unknown = JSON.parse(template);
  if (!isObject(body)) throw new Error("An answer of the gateway is no object.");
  return { error: String(body["error"]), status, body };
});

/** The problems that a request of this kind may be answered with, and their statuses; each pair once. */
export function problemsToldTo(by: RequestedBy): readonly ToldProblem[] {
  const told = Object.entries(problems).flatMap(([error, { status }]) =>
    whereTold[named(error)].includes(by) ? [{ error, status }] : [],
  );
  const internal = by === "preflight" ? [] : [{ error: "internal", status: internalProblem.status }];
  const all = [...told, ...internal, ...ofGateway];
  return [...new Map(all.map(({ error, status }) => [`${status} ${error}`, { error, status }])).values()];
}

/** One schema for each problem. */
export function problemSchemas(): JsonObject {
  const foreign = ofGateway.filter(({ error }) => !Object.hasOwn(problems, error));
  return Object.fromEntries([
    ...Object.entries(problems).map(([error, definition]) => {
      const name = named(error);
      const { members, optional, flow } = problemMembers[name];
      const beside = { ...members, ...onlyByHttp[name], ...(flow ? { flow: schemaRef("Flow") } : {}) };
      return [pascal(error), problemSchema(error, definition, beside, [...optional, "flow"])];
    }),
    ...foreign.map(({ error, body }) => [pascal(error), problemSchema(error, body, {}, [])]),
    ["RequestFault", requestFault],
  ]);
}

function named(error: string): ProblemName {
  const found = Object.values(problemNames).find((name) => name === error);
  if (found === undefined) throw new Error(`There is no problem ${error}.`);
  return found;
}

const problemNames = Object.keys(problems).filter((name): name is ProblemName =>
  Object.hasOwn(problems, name),
);

/** @param said its words, from wherever they stand */
function problemSchema(
  error: string,
  said: Readonly<Record<string, unknown>>,
  beside: JsonObject,
  optional: readonly string[],
): JsonObject {
  const isAnonymous = Object.hasOwn(firewallAnswers, error);
  const members = {
    type: { type: "string", const: problemBody(error, internalProblem).type },
    title: { type: "string" },
    detail: { type: "string" },
    instance: { type: "string", pattern: "^/requests/" },
    error: { type: "string", const: error },
    flowEnded: { type: "boolean" },
    retryable: { type: "boolean" },
    attemptCounted: { type: ["boolean", "null"] },
    requestId: { type: "string" },
    ...beside,
  };
  const absent = isAnonymous ? ["instance", "requestId"] : [];
  const title = String(said["title"]);
  return {
    title: pascal(error),
    description: `${title}. ${String(said["detail"])}`,
    ...strictObject(members, [...optional, ...absent]),
  };
}
