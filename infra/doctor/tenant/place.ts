import * as z from "zod/mini";
import type { Environment } from "../../environment.ts";
import type { Ask, Asked } from "../asking.ts";
import { type Finding, settingAt } from "../finding.ts";

/** As much of a discovery document as is read. */
const Discovery = z.object({ issuer: z.string() });

/** PingOne's regions, by the end of their host's name (docs/pingone.md §1.1 (2)). */
const regions = [
  ["com", "North America"],
  ["ca", "Canada"],
  ["eu", "Europe"],
  ["com.au", "Australia"],
  ["sg", "Singapore"],
  ["asia", "Asia-Pacific"],
] as const;

/** What is wrong with the place where PingOne is looked for; nothing where an environment is there. */
export async function placeFinding(environment: Environment, ask: Ask): Promise<Finding | undefined> {
  const { baseUrl } = environment.pingOne;
  const asked = await ask(discoveryOf(baseUrl));
  const issuer = issuerIn(asked);
  if (issuer === `${baseUrl}/as`) return undefined;
  const setting = settingAt(environment, "pingOne.baseUrl");
  if (issuer !== undefined) {
    const what = `PingOne's tokens name the issuer ${issuer}, and clients expect ${baseUrl}/as.`;
    return { kind: "issuer", what, mend: `${setting}: the issuer, less the /as at its end` };
  }
  return (await elsewhere(baseUrl, setting, ask)) ?? absence(asked, setting);
}

function discoveryOf(baseUrl: string) {
  return { method: "GET", url: `${baseUrl}/as/.well-known/openid-configuration` } as const;
}

function issuerIn(asked: Asked): string | undefined {
  if (asked.kind !== "answered" || asked.status !== 200) return undefined;
  return Discovery.safeParse(asked.json).data?.issuer;
}

/** Whether another region has the environment. An environment lives in one. */
async function elsewhere(baseUrl: string, setting: string, ask: Ask): Promise<Finding | undefined> {
  const { hostname, pathname } = new URL(baseUrl);
  if (!hostname.startsWith("auth.pingone.")) return undefined;
  for (const [end, region] of regions) {
    const other = `https://auth.pingone.${end}${pathname}`;
    if (other !== baseUrl && issuerIn(await ask(discoveryOf(other))) !== undefined) {
      return {
        kind: "region",
        what: `The environment isn't at ${hostname}. It is in ${region}.`,
        mend: `${setting}: ${other}`,
      };
    }
  }
  return undefined;
}

function absence(asked: Asked, setting: string): Finding {
  if (asked.kind === "silent") {
    const what = `PingOne can't be asked: ${asked.why}.`;
    return { kind: "unreachable", what, mend: `${setting}, or the network of this machine` };
  }
  return (
    troubleIn(asked.status) ??
    (asked.status >= 400
      ? {
          kind: "environment-id",
          what: `PingOne has no environment there: it answers ${asked.status}.`,
          mend: `${setting}: the id under Settings, Environment properties; on a custom domain, no id at all`,
        }
      : {
          kind: "not-pingone",
          what: "What answers there isn't PingOne: it has no discovery document.",
          mend: `${setting}: docs/pingone-setup.md, step 1`,
        })
  );
}

/** What any call may be answered, and says nothing of the settings. */
export function troubleIn(status: number): Finding | undefined {
  if (status === 429) {
    const mend = "wait a minute and ask again; docs/pingone-setup.md, step 5";
    return { kind: "rate-limited", what: "PingOne answers no more calls from this address now.", mend };
  }
  return status < 500
    ? undefined
    : { kind: "failing", what: `PingOne itself fails: ${status}.`, mend: "https://status.pingidentity.com" };
}
