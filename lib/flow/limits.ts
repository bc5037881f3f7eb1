import { unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, NameLimits } from "./context.ts";
import { foldedName } from "./folded-name.ts";
import type { FlowProblem } from "./problems.ts";
import type { LimitedTry } from "./rate-limiter.ts";

/**
 * Counts a name that PingOne is about to be asked about, whoever it is and whether or not anybody has
 * it. The name is counted together with the network, so that a stranger elsewhere slows down themselves
 * and not the person.
 *
 * @returns why PingOne may not be asked now; nothing where it may, where nobody is named, and where the
 * caller is in no network because IAM has let it through
 */
export async function objectionByLimits(
  ports: LimitingPorts,
  name: string | undefined,
  network: string | undefined,
): Promise<FlowProblem | undefined> {
  if (name === undefined || network === undefined) return undefined;
  const { nameLimits } = ports.settings;
  return admission(ports, [tryOfName(nameLimits, name, network), tryOfNetwork(nameLimits, network)]);
}

/** The same for what names nobody: only the network is counted. */
export async function objectionByNetwork(
  ports: LimitingPorts,
  network: string | undefined,
): Promise<FlowProblem | undefined> {
  if (network === undefined) return undefined;
  return admission(ports, [tryOfNetwork(ports.settings.nameLimits, network)]);
}

type LimitingPorts = Pick<FlowPorts, "clock" | "limiter" | "settings">;

async function admission(
  { clock, limiter }: LimitingPorts,
  tries: readonly LimitedTry[],
): Promise<FlowProblem | undefined> {
  const waitMs = await unlessUnavailable(limiter.admit(tries, clock.now()));
  if (waitMs === undefined) return { error: "upstream-unavailable" };
  return waitMs === 0
    ? undefined
    : { error: "rate-limited", retryAfter: Math.max(1, Math.ceil(waitMs / 1000)) };
}

function tryOfName({ perName, windowMs }: NameLimits, name: string, network: string): LimitedTry {
  return { subject: ["name", foldedName(name), network], limit: perName, windowMs };
}

function tryOfNetwork({ perNetwork, windowMs }: NameLimits, network: string): LimitedTry {
  return { subject: ["network", network], limit: perNetwork, windowMs };
}
