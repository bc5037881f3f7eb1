import * as z from "zod";
import type { Route } from "../../../infra/api/routes.ts";
import { isStep, secretMembers } from "../../../lib/flow/steps.ts";
import { TokenDelivery } from "../../../lib/http/schemas.ts";
import type { Operation } from "../../../lib/operation/operation.ts";
import { functions } from "../../support/functions.ts";
import { isObject, type JsonObject, objectAt, textsIn } from "../json.ts";
import { jsonSchema, pascal, schemaRef } from "./schemas.ts";

/** The id of a flow in a path: a UUID of version 4, in letters of any case (RFC 9562). */
const flowId = jsonSchema(z.uuid({ version: "v4" }), "input");

/** The parameters of a request, by the place of the route. */
export function parametersOf({ function: name, path }: Route): readonly JsonObject[] {
  const inPath = path.includes("{flowId}") ? [parameterRef("FlowId")] : [];
  const ofStart = name === "start" ? [parameterRef("IdempotencyKey")] : [];
  return [...inPath, ...ofStart, parameterRef("RequestId")];
}

/** What they refer to. */
export const parameters = {
  FlowId: {
    ...{ name: "flowId", in: "path", required: true, schema: flowId },
    description: "The flow's id, in letters of any case.",
  },
  IdempotencyKey: {
    ...{ name: "Idempotency-Key", in: "header", schema: { type: "string", pattern: '^".*"$' } },
    description:
      "A quoted string (RFC 9651) of 22 to 128 characters, drawn for this start: at least 128 random bits, and as secret as the flow token. A repetition of the start then gets its first answer.",
  },
  RequestId: {
    ...{ name: "X-Request-Id", in: "header", schema: { type: "string" } },
    description:
      "8 to 128 of A–Z a–z 0–9 . _ -, and nothing secret. It is echoed; anything else is replaced by an own one.",
  },
};

function parameterRef(name: keyof typeof parameters): JsonObject {
  return { $ref: `#/components/parameters/${name}` };
}

/** The body of a request, for the routes that have one. */
export function requestBodyOf(route: Route): JsonObject | undefined {
  if (route.method !== "POST") return undefined;
  const { required } = bodySchema(route.function);
  return {
    required: textsIn(required).length > 0,
    content: { "application/json": { schema: schemaRef(bodyName(route)) } },
  };
}

/** The schemas of the bodies of these routes. */
export function bodySchemas(routes: readonly Route[]): JsonObject {
  const withBody = routes.filter(({ method }) => method === "POST");
  return Object.fromEntries(withBody.map((route) => [bodyName(route), bodySchema(route.function)]));
}

function bodyName({ function: name }: Route): string {
  return `${pascal(name)}Request`;
}

function bodySchema(name: Route["function"]): JsonObject {
  const { operation } = functions[name];
  const schema = jsonSchema(operation.body, "input");
  const secret = isStep(name) ? secretMembers(name) : ["refreshToken"];
  const properties = Object.entries(objectAt(schema, "properties")).map(([member, one]) => [
    member,
    secret.includes(member) && isObject(one) ? { ...one, format: "password", writeOnly: true } : one,
  ]);
  return { ...schema, properties: { ...Object.fromEntries(properties), ...besideBody(operation) } };
}

/** What HTTP takes beside the members of the operation. */
function besideBody({ kind }: Operation): JsonObject {
  if (kind !== "start") return {};
  return {
    tokenDelivery: {
      ...jsonSchema(TokenDelivery, "input"),
      description: "How the flow token travels. As a cookie only where the deployment delivers cookies.",
    },
  };
}
