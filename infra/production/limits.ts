import type { Environment } from "../environment.ts";

/** A number that protects as long as it is small enough. */
interface Bound {
  /** Its name, as a sentence has it. */
  readonly setting: string;
  readonly value: number;
  /** Above it there is no protection left: refused. */
  readonly most: number;
  /** Above it there is little: a large deployment may want it, and is warned. */
  readonly usual?: number;
  /** What it holds back. */
  readonly purpose: string;
}

/** A limit, and one beside it that is reached first where it is narrower. */
interface Pair {
  readonly setting: string;
  readonly value: number;
  readonly beside: string;
  readonly widest: number;
}

const flow = "It is how many guesses one flow allows.";
const name = "It is how often one network may try one name.";
const messages = "It is how many messages one network may have one person sent.";
const office = "It is how many people may sign on behind one address.";
/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const account = "It is more than AWS gives a whole account unless asked.";

/** Protections of production that are off, or as good as off, by their numbers: one sentence each. */
export function limitFaults(settings: Environment): string[] {
  const tooHigh = boundsOf(settings).filter(({ value, most }) => value > most);
  const idle = pairsOf(settings).filter(({ value, widest }) => value > widest);
  return [
    ...tooHigh.map(
      ({ setting, value, most, purpose }) =>
        `${setting}: ${inShort(value)} is no protection: production takes ${most} at most. ${purpose}`,
    ),
    ...idle.map(
      ({ setting, value, beside, widest }) =>
        `${setting}: ${inShort(value)} is above ${beside} (${inShort(widest)}), so it would never be reached.`,
    ),
  ];
}

/** Protections of production that a large deployment may want this weak, by the name of the setting. */
export function limitWarnings(settings: Environment): ReadonlyMap<string, string> {
  const { reservedConcurrency } = settings.limits;
  const high = boundsOf(settings).filter(({ value, usual = Infinity }) => value > usual);
  const warnings = new Map(
    high.map(({ setting, value, usual, purpose }) => [
      setting,
      `${setting}: ${inShort(value)} is above ${usual}, which is right for a large company only. ${purpose}`,
    ]),
  );
  if (Object.keys(reservedConcurrency).length === 0) {
    const setting = "limits.reservedConcurrency";
    warnings.set(
      setting,
      `${setting}: Nothing keeps a flood of one step from using up what PingOne takes of us.`,
    );
  }
  return warnings;
}

/** Tries are judged at once and by the second: many of either are no limit. */
function boundsOf({ limits, firewall }: Environment): Bound[] {
  const { perName, perNetwork, windowSeconds } = limits.names;
  const { perPerson } = limits.messages;
  return [
    { setting: "limits.attempts", value: limits.attempts, most: 30, purpose: flow },
    { setting: "limits.credentials", value: limits.credentials, most: 10, purpose: flow },
    { setting: "limits.names.perName", value: perName, most: 50, purpose: name },
    { setting: "limits.names.perName a second", value: perName / windowSeconds, most: 0.2, purpose: name },
    { setting: "limits.names.perNetwork", value: perNetwork, usual: 2_000, most: 20_000, purpose: office },
    {
      setting: "limits.names.perNetwork a second",
      ...{ value: perNetwork / windowSeconds, usual: 5, most: 50, purpose: office },
    },
    { setting: "limits.messages.perPerson", value: perPerson, most: 50, purpose: messages },
    {
      setting: "limits.messages.perPerson a second",
      ...{ value: perPerson / limits.messages.windowSeconds, most: 0.1, purpose: messages },
    },
    ...rateBounds("default", limits.throttling.default),
    ...rateBounds("credentials", limits.throttling.credentials),
    ...Object.entries(limits.reservedConcurrency).map(([step, value]) => ({
      setting: `limits.reservedConcurrency.${step}`,
      ...{ value, most: 1_000, purpose: account },
    })),
    ...firewallBounds(firewall),
  ];
}

function rateBounds(
  kind: string,
  { perSecond, burst }: Environment["limits"]["throttling"]["default"],
): Bound[] {
  const setting = `limits.throttling.${kind}`;
  return [
    { setting: `${setting}.perSecond`, value: perSecond, most: 10_000, purpose: account },
    { setting: `${setting}.burst`, value: burst, most: 5_000, purpose: account },
  ];
}

function firewallBounds(firewall: Environment["firewall"]): Bound[] {
  if (firewall === undefined) return [];
  const { requestsPerAddress, credentialsPerAddress } = firewall;
  return [
    {
      setting: "firewall.requestsPerAddress",
      ...{ value: requestsPerAddress, usual: 10_000, most: 100_000, purpose: office },
    },
    {
      setting: "firewall.credentialsPerAddress",
      ...{ value: credentialsPerAddress, usual: 2_000, most: 50_000, purpose: office },
    },
  ];
}

function pairsOf({ limits, firewall }: Environment): Pair[] {
  const { attempts, credentials, names, throttling } = limits;
  return [
    { setting: "limits.credentials", value: credentials, beside: "limits.attempts", widest: attempts },
    {
      ...{ setting: "limits.names.perName", value: names.perName },
      ...{ beside: "limits.names.perNetwork", widest: names.perNetwork },
    },
    ...(["perSecond", "burst"] as const).map((kind) => ({
      ...{ setting: `limits.throttling.credentials.${kind}`, value: throttling.credentials[kind] },
      ...{ beside: `limits.throttling.default.${kind}`, widest: throttling.default[kind] },
    })),
    ...(firewall === undefined
      ? []
      : [
          {
            ...{ setting: "firewall.credentialsPerAddress", value: firewall.credentialsPerAddress },
            ...{ beside: "firewall.requestsPerAddress", widest: firewall.requestsPerAddress },
          },
        ]),
  ];
}

function inShort(value: number): string {
  return String(Number(value.toPrecision(6)));
}
