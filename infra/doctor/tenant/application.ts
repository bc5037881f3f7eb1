import { nextSteps } from "../../../lib/flow/flow.ts";
import type { Environment } from "../../environment.ts";
import type { Ask } from "../asking.ts";
import { type Finding, settingAt } from "../finding.ts";
import { troubleIn } from "./place.ts";
import { type Application, askForTokens, type Start, type Started, saysSecret, startsOf } from "./start.ts";
import { refusalFinding, suspectOf } from "./suspects.ts";

/** What was found of an application, and what somebody has to judge. */
export interface ApplicationReport {
  readonly findings: readonly Finding[];
  readonly toLookAt: readonly string[];
}

/** Starts an application once for each of its policies, and asks how it proves itself. */
export async function examineApplication(
  environment: Environment,
  application: Application,
  ask: Ask,
): Promise<ApplicationReport> {
  const start = startsOf(environment, application, ask);
  const findings: Finding[] = [];
  let isStarted = false;
  const policies = application.policies.length > 0 ? application.policies : [undefined];
  for (const policy of policies) {
    const started = await start(policy);
    isStarted ||= started.kind === "flow";
    const found = await startFinding(started, { environment, application, start, policy });
    if (found !== undefined) findings.push(found);
    // What is wrong with the application is the same under every policy.
    if (found !== undefined && !ofPolicy.includes(found.kind)) break;
  }
  if (!isStarted) return { findings, toLookAt: [] };
  const proof = await proofReport(environment, application, ask);
  const pkce = await pkceFinding(application, start);
  return { findings: [...findings, ...pkce, ...proof.findings], toLookAt: proof.toLookAt };
}

const ofPolicy: readonly string[] = ["davinci", "first-step", "policy"];

interface Circumstances {
  readonly environment: Environment;
  readonly application: Application;
  readonly start: Start;
  readonly policy: string | undefined;
}

async function startFinding(started: Started, about: Circumstances): Promise<Finding | undefined> {
  const { environment, application, start, policy } = about;
  switch (started.kind) {
    case "flow":
      return firstStepFinding(started, about);
    case "davinci":
      return {
        kind: "davinci",
        what: `${application.name}: ${policyWords(policy)} is a DaVinci flow, another protocol.`,
        mend: "the application's tab Policies: a policy under PingOne policies; docs/pingone-setup.md, step 3",
      };
    case "redirected":
      return refusalFinding("pi-flow", environment, application, policy);
    case "refused":
      return refusalFinding(await suspectOf(started, start, policy), environment, application, policy);
    case "trouble":
      return troubleIn(started.status);
    case "silent":
      return unanswered(application, started.why);
    case "strange":
      return unanswered(application, `the answer to a start is ${started.status} and no flow`);
  }
}

function unanswered({ name }: Application, why: string): Finding {
  const mend = "ask again; if it stays, the network of this machine, and https://status.pingidentity.com";
  return { kind: "unanswered", what: `${name}: A start came to nothing: ${why}.`, mend };
}

function policyWords(policy: string | undefined): string {
  return policy === undefined ? "the default policy" : `the policy ${policy}`;
}

/** A policy has to begin with something that this API can do, and with a credential. */
function firstStepFinding(
  { status, actions }: Extract<Started, { kind: "flow" }>,
  { application, policy }: Circumstances,
): Finding | undefined {
  const steps = nextSteps(status, actions);
  if (steps.length > 0 && !steps.includes("resume")) return undefined;
  const what = `${application.name}: ${policyWords(policy)} begins with ${status}, and no step of this API goes on from there.`;
  return { kind: "first-step", what, mend: "the policy's first action: docs/pingone-setup.md, step 3" };
}

/** Without enforced PKCE, whoever gets hold of a code can redeem it. */
async function pkceFinding(application: Application, start: Start): Promise<Finding[]> {
  const [policy] = application.policies;
  const bare = await start(policy, (form) => {
    form.delete("code_challenge");
    form.delete("code_challenge_method");
  });
  const mend = "the application's tab Configuration: PKCE enforcement, S256_REQUIRED";
  if (bare.kind === "flow") {
    return [{ kind: "pkce", what: `${application.name}: PingOne starts flows without PKCE.`, mend }];
  }
  const plain = await start(policy, (form) => form.set("code_challenge_method", "plain"));
  if (plain.kind !== "flow") return [];
  return [{ kind: "pkce", what: `${application.name}: PingOne takes PKCE's method plain.`, mend }];
}

/** Whether the application has a secret at PingOne where the settings say so. */
async function proofReport(
  environment: Environment,
  application: Application,
  ask: Ask,
): Promise<ApplicationReport> {
  const error = await askForTokens(environment, application, ask);
  const hasSecret = error === "invalid_client" || (error === "invalid_grant" ? false : undefined);
  const said = saysSecret(application);
  if (hasSecret === undefined || said === hasSecret) return { findings: [], toLookAt: [] };
  const { name } = application;
  if (said === undefined) {
    const note = `${name}: PingOne wants the application's secret for a code. A server of yours has to redeem it: an app or a page can't.`;
    return { findings: [], toLookAt: hasSecret ? [note] : [] };
  }
  const setting = settingAt(environment, `applications.${name}.clientAuthentication`);
  const what = hasSecret
    ? `${name}: PingOne wants the application's secret for a code, and the settings say that it has none.`
    : `${name}: PingOne takes the application without a secret, and the settings say that it has one.`;
  const mend = `${setting}, or the application's tab Configuration: Token endpoint authentication method`;
  return { findings: [{ kind: "auth-method", what, mend }], toLookAt: [] };
}
