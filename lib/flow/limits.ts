import { unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowSettings } from "./context.ts";
import { foldedName } from "./folded-name.ts";
import type { FlowProblem } from "./problems.ts";
import type { UpstreamReply } from "./provider.ts";
import type { LimitedTry } from "./rate-limiter.ts";

/** A request that PingOne is about to be asked for, as the limits see it. */
export interface Asking {
  /** The name that it gives, whoever that is and whether or not anybody has it. */
  readonly name?: string | undefined;
  /** Whom an earlier request of the flow named: from the flow's jar. */
  readonly person?: string | undefined;
  /** Absent for a start. */
  readonly flowId?: string | undefined;
  /** None where the caller is in no network, because IAM has let it through. */
  readonly network?: string | undefined;
  /** Whether PingOne may send a message for it. */
  readonly sendsMessage: boolean;
}

/** Whether PingOne may be asked. `person` is who the request is about, for the flow's jar. */
export type Admission =
  | { readonly kind: "admitted"; readonly person: string | undefined }
  | { readonly kind: "refused"; readonly problem: FlowProblem };

type LimitingPorts = Pick<FlowPorts, "clock" | "limiter" | "settings">;

/**
 * Counts a request against all limits that it comes under together, or against none.
 *
 * A name is counted together with the network, so that a stranger elsewhere slows down themselves and not the
 * person. A message is counted in the same way. Calls that IAM has let through name whom they like, and share
 * one limit of messages for each person.
 *
 * @returns `rate-limited` with the wait in seconds, or `upstream-unavailable` where nobody can say
 */
export async function admit(ports: LimitingPorts, asking: Asking): Promise<Admission> {
  const counted = await unlessUnavailable(count(ports, asking));
  return admissionAfter(counted?.waitMs, counted?.person);
}

/**
 * Counts a request that names nobody against the limit of its network.
 *
 * @returns why PingOne may not be asked now: `rate-limited` with its wait, or `upstream-unavailable`
 */
export async function objectionByNetwork(
  { clock, limiter, settings }: LimitingPorts,
  network: string | undefined,
): Promise<FlowProblem | undefined> {
  if (network === undefined) return undefined;
  const waitMs = await unlessUnavailable(limiter.admit([networkTry(settings, network)], clock.now()));
  const admission = admissionAfter(waitMs, undefined);
  return admission.kind === "refused" ? admission.problem : undefined;
}

function admissionAfter(waitMs: number | undefined, person: string | undefined): Admission {
  if (waitMs === undefined) return refused({ error: "upstream-unavailable" });
  return waitMs === 0
    ? { kind: "admitted", person }
    : refused({ error: "rate-limited", retryAfter: Math.max(1, Math.ceil(waitMs / 1000)) });
}

/**
 * An answer whose jar remembers whom messages go to from now on. A name that was turned down changes nothing:
 * else a wrong name would let somebody else's messages go uncounted.
 */
export function withPerson(upstream: UpstreamReply, person: string | undefined): UpstreamReply {
  const mayBeNamed = upstream.answer.kind === "flow" || upstream.answer.kind === "doubtful";
  return mayBeNamed && person !== undefined ? { ...upstream, jar: { ...upstream.jar, person } } : upstream;
}

async function count({ clock, limiter, settings }: LimitingPorts, asking: Asking) {
  const name = asking.name === undefined ? undefined : foldedName(asking.name);
  const person = name === undefined ? asking.person : await limiter.hashOf("person", name);
  const tries = [
    ...nameTries(settings, name, asking.network),
    ...(asking.sendsMessage ? [messageTry(settings, person, asking)] : []),
  ];
  return { person, waitMs: tries.length === 0 ? 0 : await limiter.admit(tries, clock.now()) };
}

function nameTries(
  settings: FlowSettings,
  name: string | undefined,
  network: string | undefined,
): LimitedTry[] {
  if (name === undefined || network === undefined) return [];
  const { perName, windowMs } = settings.nameLimits;
  return [{ subject: ["name", name, network], limit: perName, windowMs }, networkTry(settings, network)];
}

function networkTry({ nameLimits: { perNetwork, windowMs } }: FlowSettings, network: string): LimitedTry {
  return { subject: ["network", network], limit: perNetwork, windowMs };
}

/** A flow in which nobody was named to us stands for its person. */
function messageTry(
  { messageLimits: { perPerson, windowMs } }: FlowSettings,
  person: string | undefined,
  { flowId = "", network = "" }: Asking,
): LimitedTry {
  const whose = person === undefined ? ["flow", flowId] : ["person", person];
  return { subject: ["message", ...whose, network], limit: perPerson, windowMs };
}

function refused(problem: FlowProblem): Admission {
  return { kind: "refused", problem };
}
