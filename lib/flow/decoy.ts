import type { Flow } from "./flow.ts";
import type { Jar } from "./jar.ts";
import { idleLimitMs } from "./lifetime.ts";
import type { UpstreamFlow } from "./provider.ts";
import { actionOf } from "./steps.ts";

/**
 * Stands for the device that a code was sent to, in every flow alike. An id of PingOne's own would
 * be the same for two spellings of a name if PingOne takes them for one, and there is no telling
 * which spellings that are.
 */
export const chosenDevice = "00000000-0000-4000-8000-000000000000";

/** What a passwordless policy answers to the name of a person with one device. */
export function decoyFlow(now: number): UpstreamFlow {
  return {
    status: "OTP_REQUIRED",
    actions: [actionOf("otp"), actionOf("device")].filter((action) => action !== undefined),
    details: { selectedDevice: chosenDevice },
    ...lifeFrom(now),
  };
}

/**
 * The jar of a decoy. One whose start PingOne refused asks for a flow that PingOne doesn't have, and says so.
 */
export function decoyJar(jar: Jar): Jar {
  const upstreamFlowId = jar.upstreamFlowId === "" ? uuidFrom(jar.state) : jar.upstreamFlowId;
  return { ...jar, upstreamFlowId, standing: "decoy", selectedDevice: chosenDevice };
}

/** The answer that leaves a flow where it is, and slides its expiry. */
export function sameAgain({ status, next, details }: Flow, now: number): UpstreamFlow {
  return {
    status,
    actions: next.flatMap((name) => actionOf(name) ?? []),
    details,
    ...lifeFrom(now),
  };
}

/**
 * PingOne's idle limit from now on, by our own clock. How far PingOne's is from that would tell a
 * flow from a decoy.
 */
export function lifeFrom(now: number): Pick<UpstreamFlow, "expiresAt" | "lifetimeMs"> {
  return { expiresAt: new Date(now + idleLimitMs).toISOString(), lifetimeMs: idleLimitMs };
}

/** An id in the form of PingOne's (UUID version 4), drawn from the first 15 characters of a random text. */
function uuidFrom(text: string): string {
  const hex = Array.from(text, (one) => one.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{3})(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}
