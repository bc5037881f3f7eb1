import { preflightAnswer } from "../../../infra/api/cross-origin.ts";
import type { Route } from "../../../infra/api/routes.ts";
import { firewallAnswers } from "../../../infra/api/web-acl-rules.ts";
import { isLostWithAnswer, isStep } from "../../../lib/flow/steps.ts";
import type { OperationName } from "../../../lib/operation/names.ts";
import type { JsonObject } from "../json.ts";
import type { RequestedBy } from "./problem-members.ts";
import { problemsToldTo, type ToldProblem } from "./problems.ts";
import { pascal, schemaRef } from "./schemas.ts";
import { replyBodies } from "./views.ts";

type Success = keyof typeof replyBodies;

/** The headers of replies. */
export const headers = {
  RequestId: {
    description: "The request's own X-Request-Id, or one of ours. It leads to the log.",
    required: true,
    schema: { type: "string" },
  },
  RetryAfter: {
    description: "Seconds to wait before the next request.",
    schema: { type: "integer", minimum: 1 },
  },
  SetCookie: {
    description:
      "The next flow token, where it travels as a cookie. One line for each spelling of the flow id.",
    schema: { type: "string" },
  },
};

function headerRef(name: keyof typeof headers): JsonObject {
  return { $ref: `#/components/headers/${name}` };
}

/** Every reply that a route's requests may get, by HTTP status. */
export function responsesOf(route: Route): JsonObject {
  const by = kindOf(route.function);
  return { [successOf(by)]: successResponse(by, route.function), ...problemRefs(by) };
}

/** The replies to a browser's preflight. */
export function preflightResponses(methods: readonly Route["method"][]): JsonObject {
  const { status, headers: named } = preflightAnswer(methods, { allowedOrigins: [], cookieDelivery: false });
  const fixed = Object.entries(named).map(([name, value]) => [
    name,
    { required: true, schema: { type: "string", const: value } },
  ]);
  const origin = {
    "Access-Control-Allow-Origin": { schema: { type: "string" } },
    "Access-Control-Allow-Credentials": { schema: { type: "string", const: "true" } },
  };
  return {
    [status]: {
      description:
        "What pages of the allowed origins may send. Without an allowed origin there is no such route.",
      headers: { ...Object.fromEntries(fixed), ...origin },
    },
    ...problemRefs("preflight"),
  };
}

/** What the responses refer to: one for each kind of request and status. */
export function problemResponses(): JsonObject {
  return Object.fromEntries(
    kinds.flatMap((by) =>
      byStatus(by).map(([status, told]) => [responseName(by, status), problemResponse(told)]),
    ),
  );
}

const kinds: readonly RequestedBy[] = ["start", "status", "step", "cancel", "refresh", "preflight"];

function problemRefs(by: RequestedBy): JsonObject {
  return Object.fromEntries(
    byStatus(by).map(([status]) => [status, { $ref: `#/components/responses/${responseName(by, status)}` }]),
  );
}

function responseName(by: RequestedBy, status: number): string {
  return `${pascal(by)}${status}`;
}

function byStatus(by: RequestedBy): readonly (readonly [number, readonly ToldProblem[]])[] {
  return [...Map.groupBy(problemsToldTo(by), ({ status }) => status)].toSorted(
    ([one], [other]) => one - other,
  );
}

function kindOf(name: OperationName): Exclude<RequestedBy, "preflight"> {
  return isStep(name) ? "step" : name;
}

function successOf(by: Exclude<RequestedBy, "preflight">): number {
  switch (by) {
    case "start":
      return 201;
    case "cancel":
      return 204;
    case "refresh":
    case "status":
    case "step":
      return 200;
  }
}

/** A request on a flow may settle the doubt of another, and so be answered with what that one was about. */
function successesOf(by: Exclude<RequestedBy, "preflight">, name: OperationName): readonly Success[] {
  switch (by) {
    case "start":
      return ["view"];
    case "cancel":
      return ["cancelled"];
    case "refresh":
      return ["refreshed"];
    case "status":
    case "step":
      return isStep(name) && isLostWithAnswer(name)
        ? ["redeemed", "view", "authorized"]
        : ["view", "authorized"];
  }
}

const words: Readonly<Record<Success, string>> = {
  view: "The flow as it is now",
  authorized: "the authorization code",
  redeemed: "Tokens",
  refreshed: "Tokens",
  cancelled: "The flow is forgotten",
};

function successResponse(by: Exclude<RequestedBy, "preflight">, name: OperationName): JsonObject {
  const successes = successesOf(by, name);
  const bodies = successes.flatMap((kind) => {
    const body = replyBodies[kind];
    return body === undefined ? [] : [body];
  });
  return {
    description: `${successes.map((kind) => words[kind]).join(", or ")}.`,
    headers: { "X-Request-Id": headerRef("RequestId"), "Set-Cookie": headerRef("SetCookie") },
    ...(bodies.length === 0 ? {} : { content: { "application/json": { schema: oneOf(bodies) } } }),
  };
}

function oneOf(schemas: readonly JsonObject[]): JsonObject {
  const [first, ...others] = schemas;
  return first !== undefined && others.length === 0 ? first : { oneOf: schemas };
}

function problemResponse(told: readonly ToldProblem[]): JsonObject {
  const names = told.map(({ error }) => error);
  const refs = names.map((name) => schemaRef(pascal(name)));
  const mapping = Object.fromEntries(names.map((name) => [name, `#/components/schemas/${pascal(name)}`]));
  const discriminator = refs.length === 1 ? {} : { discriminator: { propertyName: "error", mapping } };
  const schema = { ...oneOf(refs), ...discriminator };
  // The firewall knows neither our media type nor the request's id.
  const isAnonymous = names.some((name) => Object.hasOwn(firewallAnswers, name));
  return {
    description: `${names.join(", ")}.`,
    headers: {
      "X-Request-Id": isAnonymous ? { schema: { type: "string" } } : headerRef("RequestId"),
      "Retry-After": headerRef("RetryAfter"),
    },
    content: {
      "application/problem+json": { schema },
      ...(isAnonymous ? { "application/json": { schema } } : {}),
    },
  };
}
