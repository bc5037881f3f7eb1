import type { FlowDetails } from "./details.ts";
import type { Flow } from "./flow.ts";
import type { Jar } from "./jar.ts";
import { idleLimitMs } from "./lifetime.ts";
import type { UpstreamFlow } from "./provider.ts";
import type { Decoy } from "./step-definition.ts";
import { actionOf, type StepName, stepNames, steps } from "./steps.ts";

/**
 * Stands for the device that a code was sent to, in every flow alike. An id of PingOne's own would
 * be the same for two spellings of a name if PingOne takes them for one, and there is no telling
 * which spellings that are.
 */
export const chosenDevice = "00000000-0000-4000-8000-000000000000";

/** The decoy that a step, or a start with a hint, may begin. */
function decoyAfter(step: StepName | "start"): Decoy | undefined {
  return steps[step === "start" ? "lookup" : step].decoy;
}

/**
 * What PingOne answers to a name that it knows, in every flow alike.
 *
 * @param before what the flow showed when nobody had been named yet
 */
export function decoyFlow(
  step: StepName | "start",
  before: FlowDetails,
  now: number,
): UpstreamFlow | undefined {
  const decoy = decoyAfter(step);
  return (
    decoy && {
      ...{ status: decoy.status, actions: decoy.actions },
      details: detailsFor(decoy, before),
      ...lifeFrom(now),
    }
  );
}

/** The decoy that stands in a status, if one may. */
export function decoyIn(status: string): Decoy | undefined {
  return stepNames.map(decoyAfter).find((decoy) => decoy?.status === status);
}

/** What is shown of a decoy. */
export function detailsFor({ shows }: Decoy, { passwordPolicy }: FlowDetails): FlowDetails {
  return {
    ...(shows.includes("selectedDevice") ? { selectedDevice: chosenDevice } : {}),
    ...(shows.includes("passwordPolicy") && passwordPolicy !== undefined ? { passwordPolicy } : {}),
  };
}

/**
 * The jar of a decoy. One whose start PingOne refused asks for a flow that PingOne doesn't have, and says so.
 *
 * @param step the one that named somebody; absent where somebody had been named before
 */
export function decoyJar(jar: Jar, step?: StepName | "start"): Jar {
  const upstreamFlowId = jar.upstreamFlowId === "" ? uuidFrom(jar.state) : jar.upstreamFlowId;
  const hadDevice = jar.standing === undefined || jar.selectedDevice !== undefined;
  const hasDevice =
    step === undefined ? hadDevice : decoyAfter(step)?.shows.includes("selectedDevice") === true;
  return { ...jar, upstreamFlowId, standing: "decoy", selectedDevice: hasDevice ? chosenDevice : undefined };
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
