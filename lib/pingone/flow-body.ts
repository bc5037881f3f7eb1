import * as z from "zod";
import type { Device, FlowDetails } from "../flow/flow.ts";
import type { UpstreamFlow } from "../flow/ports.ts";
import type { Answered } from "./send.ts";

/** A flow object as PingOne sent it: what we pass on, and what only this adapter needs. */
export interface FlowBody {
  /** PingOne's id of the flow. */
  readonly id: string;
  readonly flow: UpstreamFlow;
  /** Whether it has an `error` member: with a status other than `FAILED`, the check failed and the flow goes on. */
  readonly hasError: boolean;
}

/** PingOne's idle limit (reference §8.1), for answers without `expiresAt`. */
const idleLimitMs = 15 * 60 * 1000;
/** The end of the year 9999, beyond which dates have no four-digit year. */
const latestDate = Date.UTC(10_000, 0);
const maxDevices = 50;
const maxHintLength = 128;

const word = /^[A-Z][A-Z0-9_]{0,63}$/;
/** Ids go back into a path: never a dot segment, nor what can't be percent-encoded. */
const id = z.string().regex(/^(?!\.{1,2}$)[!-~]{1,128}$/);
const hint = z.string().min(1).optional().catch(undefined);

const deviceSchema = z.object({
  id,
  type: z.string().regex(word),
  email: hint,
  phone: hint,
  nickname: hint,
});

/** Only what all four documented samples share is required (reference §4.3); a strange optional member is absent. */
const flowSchema = z.object({
  id,
  status: z.string().regex(word),
  _links: z.record(z.string(), z.unknown()),
  expiresAt: z.iso.datetime({ offset: true }).max(40).optional().catch(undefined),
  otpLength: z.int().min(1).max(64).optional().catch(undefined),
  selectedDevice: z.object({ id }).optional().catch(undefined),
  _embedded: z
    .object({
      devices: z.array(z.unknown()).optional().catch(undefined),
      user: z.object({ id }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  error: z.unknown().optional(),
});

const failureSchema = z.object({ code: z.string().regex(word) });
const foreignSchema = z.union([
  z.object({ interactionId: z.string() }),
  z.object({ interactionToken: z.string() }),
  z.object({ capabilityName: z.string() }),
]);

/**
 * Reads a flow object (reference §4.2), top-level members only: an answer like the 2018 sample of `otp.check`, with
 * everything inside `_links`, is not one. Nothing for anything that is not a flow.
 *
 * @param body the parsed JSON
 * @param at PingOne's time, epoch milliseconds: what `expiresAt` is measured from
 */
export function readFlow(body: unknown, at: number): FlowBody | undefined {
  const parsed = flowSchema.safeParse(body);
  if (!parsed.success) {
    return undefined;
  }
  const { id, status, _links, expiresAt = new Date(at + idleLimitMs).toISOString(), error } = parsed.data;
  const userId = parsed.data._embedded?.user?.id;
  const failure = failureSchema.safeParse(error);
  return {
    id,
    hasError: failure.success,
    flow: {
      status,
      actions: Object.keys(_links),
      details: detailsOf(parsed.data),
      expiresAt,
      lifetimeMs: Date.parse(expiresAt) - at,
      ...(userId === undefined ? {} : { userId }),
      ...(failure.success ? { failure: failure.data.code } : {}),
    },
  };
}

/** Whether a body that is no flow is DaVinci's, another protocol under the same URL (reference §1.4). */
export function isForeign(body: unknown): boolean {
  return foreignSchema.safeParse(body).success && !z.object({ status: z.string() }).safeParse(body).success;
}

/** JSON or nothing: an answer that doesn't parse is one we can't read, not an exception. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * PingOne's own time of an answer, from its `Date` header; ours where there is none that can be read.
 *
 * @param now our time, epoch milliseconds
 */
export function serverTime(headers: Answered["headers"], now: number): number {
  const date = Date.parse(headers["date"] ?? "");
  return date >= 0 && date < latestDate ? date : now;
}

function detailsOf(body: z.infer<typeof flowSchema>): FlowDetails {
  const { otpLength, selectedDevice, _embedded } = body;
  const devices = _embedded?.devices;
  return {
    ...(otpLength === undefined ? {} : { otpLength }),
    ...(selectedDevice === undefined ? {} : { selectedDevice: selectedDevice.id }),
    ...(devices === undefined ? {} : { devices: devices.slice(0, maxDevices).flatMap(readDevice) }),
  };
}

function readDevice(value: unknown): Device[] {
  const parsed = deviceSchema.safeParse(value);
  if (!parsed.success) {
    return [];
  }
  const { id, type, email, phone, nickname } = parsed.data;
  const shown = email ?? phone ?? nickname;
  return [{ id, type, ...(shown === undefined ? {} : { hint: shown.slice(0, maxHintLength) }) }];
}
