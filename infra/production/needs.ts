import type { Environment } from "../environment.ts";

/** The least days that production keeps its logs. */
const leastRetentionDays = 90;

interface Need {
  readonly isMet: (settings: Environment) => boolean;
  readonly sentence: string;
}

const needs: readonly Need[] = [
  {
    isMet: ({ alarms }) => alarms !== undefined,
    sentence: "Production needs somebody who is told of an alarm.",
  },
  {
    // cdk-nag only warns of it, and a warning stops nothing.
    isMet: ({ firewall }) => firewall !== undefined,
    sentence: "Production needs a firewall.",
  },
  {
    isMet: ({ logRetentionDays }) => logRetentionDays >= leastRetentionDays,
    sentence: `Production keeps its logs for ${leastRetentionDays} days or more.`,
  },
  {
    isMet: ({ deletionProtection }) => deletionProtection,
    sentence: "Production's table is protected from deletion.",
  },
  {
    isMet: ({ pingOne }) => pingOne.plainHttpHost === undefined,
    sentence: "pingOne.plainHttpHost: Production reaches PingOne by https, so no host is taken by http.",
  },
];

/** What production can't do without, and these settings leave out: one sentence each. */
export function needFaults(settings: Environment): string[] {
  return needs.filter(({ isMet }) => !isMet(settings)).map(({ sentence }) => sentence);
}
