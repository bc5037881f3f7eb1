import * as z from "zod/mini";
import {
  type Device,
  type FlowDetails,
  type LargeDetail,
  largeDetails,
  type PassingDetails,
} from "../flow/details.ts";
import type { UpstreamFlow } from "../flow/provider.ts";
import { ifFit } from "./if-fit.ts";
import { readPasskeyRequest } from "./passkey-request.ts";
import { passwordPolicySchema } from "./password-policy.ts";
import { readAgreement, readProfile } from "./prompts.ts";
import { flowEnd } from "./times.ts";

/** A flow object as PingOne sent it: what we pass on, and what only this adapter needs. */
export interface FlowBody {
  /** PingOne's id of the flow. */
  readonly id: string;
  readonly flow: UpstreamFlow;
  /** What stands in its `error`: with a status still open, the step was refused and the flow goes on. */
  readonly error: unknown;
}

const maxActions = 64;
/** PingOne pairs 15 at most (docs/pingone.md §8.2). */
const maxDevices = 20;
/**
 * In characters; the details of an answer together, as JSON, in bytes: they are kept in the row
 * and in the reply.
 */
const maxHintLength = 128;
const maxDetailsBytes = 2048;
/** What one member of them may have of that: what is larger is not kept. */
const maxMemberBytes = 1024;
/** Devices that show their code: to choose one again sends nothing. */
const silentDevices: readonly string[] = ["MOBILE", "OATH_TOKEN", "TOTP"];

/** The form of PingOne's own words. */
export const statusWord = /^[A-Z][A-Z0-9_]{0,63}$/;
/** What we say of flows, and PingOne never may. */
const ourStatuses: readonly string[] = ["RESUMED", "UNSUPPORTED", "RESTART_REQUIRED"];
const actionName = /^[A-Za-z][A-Za-z0-9.]{0,63}$/;
/** What could break a line, the order of the letters in it, or the row: half a character can't be stored. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
/** Ids go back into a path: never a dot segment, nor what can't be percent-encoded. */
const id = z.string().check(z.regex(/^(?!\.{1,2}$)[!-~]{1,128}$/));
const hint = ifFit(
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((text) =>
        [...text.slice(0, 4 * maxHintLength).replace(unprintable, "")].slice(0, maxHintLength).join(""),
      ),
    ),
    z.string().check(z.minLength(1)),
  ),
);
const links = z.custom<object>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/** What isn't masked is nobody's to see but the person's. */
const maskedAddress = ifFit(z.string().check(z.maxLength(maxHintLength), z.regex(/^[!-~]*\*[!-~]*$/)));
const providerType = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const deviceSchema = z.object({
  id,
  type: z.string().check(z.regex(statusWord)),
  email: hint,
  phone: hint,
  nickname: hint,
});

/**
 * Only what all four documented samples share is required (docs/pingone.md §4.3); a strange
 * optional member is absent.
 */
const flowSchema = z.object({
  id,
  status: z.string().check(
    z.regex(statusWord),
    z.refine((status) => !ourStatuses.includes(status)),
  ),
  _links: links,
  expiresAt: ifFit(z.iso.datetime({ offset: true }).check(z.maxLength(40))),
  // A length that no passcode of ours can have is as good as untold: any that one can have is
  // then PingOne's to judge.
  otpLength: ifFit(z.int().check(z.minimum(4), z.maximum(10))),
  selectedDevice: ifFit(z.object({ id })),
  email: maskedAddress,
  publicKeyCredentialRequestOptions: z.optional(z.unknown()),
  agreement: z.optional(z.unknown()),
  _embedded: ifFit(
    z.object({
      devices: ifFit(z.array(z.unknown())),
      attributes: z.optional(z.unknown()),
      promptText: z.optional(z.unknown()),
      agreement: z.optional(z.unknown()),
      identityProvider: ifFit(z.object({ name: hint, type: ifFit(z.string().check(z.regex(providerType))) })),
      user: ifFit(z.object({ id })),
      passwordPolicy: ifFit(passwordPolicySchema),
    }),
  ),
  error: z.optional(z.unknown()),
});

/**
 * Reads a flow object (docs/pingone.md §4.2), top-level members only: an answer like the 2018 sample of
 * `otp.check`, with everything inside `_links`, is not one. Nothing for anything that is not a flow.
 *
 * @param body the parsed JSON
 * @param at PingOne's time, epoch milliseconds: what `expiresAt` is measured from
 */
export function readFlow(body: unknown, at: number): FlowBody | undefined {
  const parsed = flowSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { id, status, _links, error } = parsed.data;
  const userId = parsed.data._embedded?.user?.id;
  return {
    id,
    error: error ?? undefined,
    flow: {
      status,
      actions: Object.keys(_links)
        .filter((name) => actionName.test(name))
        .slice(0, maxActions),
      ...tellingsOf(parsed.data),
      ...flowEnd(parsed.data.expiresAt, at),
      ...(userId === undefined ? {} : { userId }),
    },
  };
}

/**
 * JSON or nothing: an answer that doesn't parse is one we can't read, not an exception. A front may put a
 * byte order mark before it (RFC 8259 §8.1).
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

/** What is told of the flow: what is kept, and what is too large for that. */
function tellingsOf(body: z.infer<typeof flowSchema>): Pick<UpstreamFlow, "details" | "passing"> {
  const large = largeMembers(body);
  const more = largeDetails.filter(
    (name) => large[name] !== undefined && jsonBytes(large[name]) > maxMemberBytes,
  );
  const isKept = (name: LargeDetail) => large[name] !== undefined && !more.includes(name);
  const kept = { ...shortMembers(body), ...membersOf(large, isKept), ...(more.length > 0 ? { more } : {}) };
  const passing = more.length > 0 ? { passing: membersOf(large, (name) => more.includes(name)) } : {};
  const devices = body._embedded?.devices?.slice(0, maxDevices).flatMap(readDevice);
  if (devices === undefined) return { details: kept, ...passing };
  const told = { ...kept, ...resendOf(body, devices) };
  const room = maxDetailsBytes - jsonBytes({ ...told, devices: [] });
  return { details: { ...told, devices: fitting(devices, room) }, ...passing };
}

function shortMembers(body: z.infer<typeof flowSchema>): FlowDetails {
  const { otpLength, selectedDevice, _embedded } = body;
  const passwordPolicy = _embedded?.passwordPolicy;
  return {
    ...(otpLength === undefined ? {} : { otpLength }),
    ...(selectedDevice === undefined ? {} : { selectedDevice: selectedDevice.id }),
    ...membersByStatus(body),
    ...(passwordPolicy === undefined ? {} : { passwordPolicy }),
  };
}

/** The link to the provider has PingOne's id of the flow in it, and is not passed on. */
function membersByStatus({ status, email, _embedded }: z.infer<typeof flowSchema>): FlowDetails {
  switch (status) {
    case "VERIFICATION_CODE_REQUIRED":
      return email === undefined ? {} : { email };
    case "EXTERNAL_AUTHENTICATION_REQUIRED": {
      const { name, type } = _embedded?.identityProvider ?? {};
      const told = { ...(name === undefined ? {} : { name }), ...(type === undefined ? {} : { type }) };
      return Object.keys(told).length === 0 ? {} : { identityProvider: told };
    }
    default:
      return {};
  }
}

/** What an earlier step has left in the flow is no news: each stands with its own status only. */
function largeMembers(body: z.infer<typeof flowSchema>): PassingDetails {
  const { status, publicKeyCredentialRequestOptions, agreement, _embedded } = body;
  switch (status) {
    case "ASSERTION_REQUIRED":
      return { publicKey: readPasskeyRequest(publicKeyCredentialRequestOptions) };
    case "PROFILE_DATA_REQUIRED":
      return { profile: readProfile(_embedded ?? {}) };
    case "AGREEMENT_CONSENT_REQUIRED":
      return { agreement: readAgreement(_embedded?.agreement ?? agreement) };
    default:
      return {};
  }
}

function membersOf(large: PassingDetails, isMeant: (name: LargeDetail) => boolean): PassingDetails {
  return Object.fromEntries(largeDetails.filter(isMeant).map((name) => [name, large[name]]));
}

function resendOf(
  { status, selectedDevice }: z.infer<typeof flowSchema>,
  devices: readonly Device[],
): Pick<FlowDetails, "resend"> {
  const chosen = devices.find(({ id }) => id === selectedDevice?.id);
  const isSilent = status === "OTP_REQUIRED" && chosen !== undefined && silentDevices.includes(chosen.type);
  return isSilent ? { resend: false } : {};
}

/** The first of the devices that have room together. */
function fitting(devices: readonly Device[], room: number): Device[] {
  let length = 0;
  return devices.filter((device) => {
    length += jsonBytes(device) + ",".length;
    return length <= room;
  });
}

function jsonBytes(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function readDevice(value: unknown): Device[] {
  const parsed = deviceSchema.safeParse(value);
  if (!parsed.success) return [];
  const { id, type, email, phone, nickname } = parsed.data;
  const shown = email ?? phone ?? nickname;
  return [{ id, type, ...(shown === undefined ? {} : { hint: shown }) }];
}
