import { isDeepStrictEqual } from "node:util";
import { isStep, type StepCommand } from "../../../lib/flow/steps.ts";
import { type OperationName, operationNames } from "../../../lib/operation/names.ts";
import { samples } from "../../support/step-samples.ts";
import type { ApiCall, RawReply } from "./api.ts";
import type { Person, Sent } from "./person.ts";
import type { RawRow } from "./stage.ts";

/** A request on a flow, whoever sends it. */
export type FlowRequest = Pick<ApiCall, "body"> & { readonly name: FlowFunction };

/** The name of a function that acts on a flow. */
type FlowFunction = Exclude<OperationName, "refresh" | "start">;

/** Every function that acts on a flow. */
export const flowFunctions = operationNames.filter((name) => name !== "start" && name !== "refresh");

/** A well-formed request for a function; the right one wherever the person has what it takes. */
export function requestFor(
  name: FlowRequest["name"],
  known: Readonly<Record<string, unknown>> = {},
): FlowRequest {
  const body = isStep(name) ? samples[name].body : undefined;
  if (body === undefined) return { name, body };
  const members = Object.entries(body).map(([member, value]) => [member, known[member] ?? value]);
  return { name, body: Object.fromEntries(members) };
}

/** The bytes of a reply, save what names the request. */
export function bytesOf({ http, headers, text }: RawReply): string {
  const requestId = headers["x-request-id"] ?? "none";
  return JSON.stringify({ http, headers, text }).replaceAll(requestId, "REQUEST");
}

/**
 * The request that bought the newest token, and the token that it was made with; nothing for a first token.
 */
export function lastBought({ sent, token }: Person): Sent["call"] | undefined {
  const bought = sent.find(({ reply }) => reply?.token === token)?.call;
  return bought?.name === "start" ? undefined : bought;
}

/** What a call asked for, as the functions understand it; nothing for one that asks for no step. */
export function commandOf({ name, body = {} }: ApiCall): Pick<StepCommand, "body" | "step"> | undefined {
  if (name === "status") return { step: "poll", body: {} };
  return isStep(name) ? { step: name, body } : undefined;
}

/** Whether two requests are one and its repetition. */
export function isSameRequest(one: Pick<ApiCall, "body" | "name">, other: FlowRequest): boolean {
  return one.name === other.name && isDeepStrictEqual(one.body, other.body);
}

/** A row without the count of what its superseded token was tried with. */
export function withoutMisses(row: RawRow | undefined): RawRow | undefined {
  if (row?.["previous"] === undefined) return row;
  const { misses: _, ...previous } = Object(row["previous"]);
  return { ...row, previous };
}
