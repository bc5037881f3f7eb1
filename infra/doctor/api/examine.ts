import { createSignOn, type Platform } from "../../../lib/client/sign-on.ts";
import { hasClientSecret } from "../../../lib/flow/application.ts";
import { isPlainHttp } from "../../../lib/pingone/settings.ts";
import type { Environment } from "../../environment.ts";
import { printableUrl } from "../../printable-url.ts";
import { type Ask, asking } from "../asking.ts";
import type { Examination, Finding } from "../finding.ts";
import { edgeFindings } from "./edges.ts";
import { crowdOf, handsAt, type Terminal } from "./hands.ts";
import { type Course, JourneyFailed, lead } from "./journey.ts";
import { type TokenTools, tokenFault } from "./tokens.ts";

/** How the lane reaches the world. */
export interface ApiTools extends TokenTools {
  readonly terminal: Terminal;
  /** Says how far it has got. */
  readonly print: (line: string) => void;
}

/** The API's own time-out is shorter: milliseconds. */
const timeoutMs = 30_000;

/**
 * Takes a deployed API through sign-ons, each to a verified ID token: with the people of a simulator where
 * the environment has one, else with a test person that somebody at the terminal tells of.
 */
export async function examineApi(
  environment: Environment,
  at: string,
  tools: ApiTools,
): Promise<Examination> {
  const url = at.replace(/\/+$/, "");
  const ask = asking(tools.fetch, timeoutMs);
  const looked = `The API at ${printableUrl(url) ?? "the URL that was given"}.`;
  const absent = await absence(url, ask);
  if (absent !== undefined) return { looked, findings: [absent], toLookAt: [] };
  const platform: Partial<Platform> = { fetch: (to, init) => tools.fetch(to, init), now: tools.now };
  const findings: Finding[] = [];
  for (const course of await coursesOf(environment, tools)) {
    findings.push(...(await runCourse(environment, course, url, { ...tools, platform })));
  }
  findings.push(...(await edgeFindings(environment, url, ask, platform)));
  return { looked, findings, toLookAt };
}

const toLookAt = [
  "Passkeys, forced changes of passwords, recovery and registration: sign on at a page of yours.",
  "Cookie delivery: only a browser on the API's site can tell.",
  "Applications with a secret: their code is fetched, and not redeemed here.",
];

/** The URL has to lead to this API: it names the member that a start lacks. */
async function absence(url: string, ask: Ask): Promise<Finding | undefined> {
  const mend = "the output ApiUrl of the stack; on a custom domain, its DNS record";
  if (URL.parse(url) === null) return { kind: "unreachable", what: "The URL isn't one.", mend };
  if (printableUrl(url) === undefined) {
    const what = "The URL isn't https, or has more in it than a host and a path.";
    return { kind: "unreachable", what, mend };
  }
  if (isPlainHttp(url, "")) {
    const what = "The URL isn't https, and a password would be sent to it in the clear.";
    return { kind: "unreachable", what, mend };
  }
  const asked = await ask({
    ...{ method: "POST", url: `${url}/flows`, body: "{}" },
    headers: { "content-type": "application/json" },
  });
  if (asked.kind === "silent") {
    return { kind: "unreachable", what: `The API can't be asked: ${asked.why}.`, mend };
  }
  const isOurs = typeof asked.json === "object" && asked.json !== null && "error" in asked.json;
  if (isOurs) return undefined;
  return { kind: "not-this-api", what: `What answers there isn't this API: ${asked.status}.`, mend };
}

/**
 * Who signs on under a policy of the simulator's. Under any other it is somebody with a password alone.
 * Several people, since the API limits how often one is named.
 */
const scenarios: Readonly<Record<string, readonly string[]>> = {
  Agreement: ["whatsApp"],
  Multi_Factor: ["smsOtp", "twoDevices", "push"],
  Passwordless: ["emailOtp"],
  Progressive_Profiling: ["voice"],
  Self_Service_Multi_Factor: ["smsOtp"],
};

async function coursesOf(environment: Environment, tools: ApiTools): Promise<Course[]> {
  const crowd = await crowdOf(environment, tools.fetch);
  const alone = crowd === undefined ? await handsAt(tools.terminal) : undefined;
  const mistaken = new Set<string>();
  return Object.entries(environment.applications).flatMap(([application, { policies }]) =>
    (policies.length > 0 ? policies : [undefined]).flatMap((policy) =>
      (alone === undefined ? (scenarios[policy ?? ""] ?? ["passwordOnly"]) : ["alone"]).flatMap(
        (scenario) => {
          const hands = alone ?? crowd?.who(scenario);
          if (hands === undefined) return [];
          // Mistakes count against a person: one of each kind is enough.
          const withMistakes = !mistaken.has(hands.username);
          mistaken.add(hands.username);
          return [{ application, policy, hands, withMistakes }];
        },
      ),
    ),
  );
}

async function runCourse(
  environment: Environment,
  course: Course,
  url: string,
  tools: ApiTools & { readonly platform: Partial<Platform> },
): Promise<Finding[]> {
  const name = `${course.application}, ${course.policy ?? "its default policy"}`;
  const settings = environment.applications[course.application];
  try {
    const { client, steps } = await lead(createSignOn({ url, platform: tools.platform }), course);
    const isRedeemed = settings !== undefined && !hasClientSecret(settings);
    const fault = isRedeemed ? await tokenFault(environment, settings.clientId, client, tools) : undefined;
    if (fault !== undefined) {
      return [
        {
          kind: "tokens",
          what: `${name}: ${fault}.`,
          mend: "npm run doctor without --api; docs/pingone-setup.md, step 2",
        },
      ];
    }
    tools.print(`✓ ${name}: start, ${steps.join(", ")}${isRedeemed ? ": ID token verified" : ""}`);
    return [];
  } catch (error) {
    if (!(error instanceof JourneyFailed)) throw error;
    const mend = "docs/api.md says what the problem means; the log has its request id";
    return [{ kind: error.kind, what: `${name}: ${error.message}.`, mend }];
  }
}
