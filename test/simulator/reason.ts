import * as z from "zod";
import type { Account } from "./accounts.ts";

/** An entry of PingOne's `details`. */
export interface Detail {
  readonly code: string;
  readonly message: string;
  readonly target?: string | undefined;
  readonly innerError?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Where PingOne can tell a reason.
 *
 * | Place | The answer | The flow |
 * |---|---|---|
 * | `body-4xx` | an error body with `details` | goes on as it was |
 * | `failed-200` | the flow, `FAILED`, with `error` | has ended |
 * | `open-200` | the flow in the status that it was in, with `error` | goes on as it was |
 */
export const placeSchema = z.enum(["body-4xx", "failed-200", "open-200"]);

/** See the table at `placeSchema`. */
export type Place = z.infer<typeof placeSchema>;

/** Why PingOne says no to somebody, before it is decided where that is told. */
export interface Reason {
  /** What it says, in order; several when more than one thing is wrong at once. */
  readonly details: readonly [Detail, ...Detail[]];
  /** Where the public samples show it, or where it is likeliest. */
  readonly sampledIn: Place;
  /** The body's own code and status: 400 `INVALID_DATA` unless given. */
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  /** Devices that can't be used now, for `NO_USABLE_DEVICES`. */
  readonly unavailableDevices?: readonly { readonly id: string }[];
  /** Who PingOne knows the person to be by now; a flow that ends for the reason shows it. */
  readonly account?: Account;
}

/** The `error` member of a flow. `details` stand in it where they say more than code and message. */
export interface FlowError {
  readonly code: string;
  readonly message: string;
  readonly unavailableDevices?: readonly { readonly id: string }[];
  readonly details?: readonly Detail[];
}

/** A reason of one detail that samples show as an error body. */
export function because(detail: Detail): Reason {
  return { details: [detail], sampledIn: "body-4xx" };
}

/** Several that stand against one request at once, told in one body. */
export function together(...reasons: readonly (Reason | undefined)[]): Reason | undefined {
  const [first, ...others] = reasons.filter((reason) => reason !== undefined);
  return first && { ...first, details: [...first.details, ...others.flatMap(({ details }) => details)] };
}

/** A reason that samples show as the end of the flow. */
export function endingBecause(code: string, message: string): Reason {
  return { details: [{ code, message }], sampledIn: "failed-200" };
}

/** The reason as the `error` member of a flow. */
export function toFlowError({ details, code, unavailableDevices }: Reason): FlowError {
  const [first] = details;
  const bare = details.length === 1 && first.target === undefined && first.innerError === undefined;
  return {
    code: code ?? first.code,
    message: first.message,
    ...(unavailableDevices === undefined ? {} : { unavailableDevices }),
    ...(bare && code === undefined ? {} : { details }),
  };
}

/** The `details` of the reason's error body: an error body has no other place for devices. */
export function toDetails({ details, unavailableDevices }: Reason): readonly Detail[] {
  if (unavailableDevices === undefined) return details;
  const [first, ...others] = details;
  return [{ ...first, innerError: { ...first.innerError, unavailableDevices } }, ...others];
}
