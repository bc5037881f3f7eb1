import type { Environment } from "../../environment.ts";
import { asking, type Fetch } from "../asking.ts";
import type { Examination, Finding } from "../finding.ts";
import { placeholdersIn } from "../placeholders.ts";
import { examineApplication } from "./application.ts";
import { keyFindings } from "./keys.ts";
import { placeFinding } from "./place.ts";
import { settingsToLookAt } from "./to-look-at.ts";

/** How the lane reaches the world. */
export interface TenantTools {
  readonly fetch: Fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Asks PingOne whether it is set up as an environment says. No call names a person, carries a credential or
 * spends anything; a start leaves a flow behind that ends by itself.
 */
export async function examineTenant(
  environment: Environment,
  { fetch, now }: TenantTools,
): Promise<Examination> {
  const { baseUrl, timeoutMs } = environment.pingOne;
  let calls = 0;
  const ask = asking((...request) => {
    calls += 1;
    return fetch(...request);
  }, timeoutMs);
  const { findings, toLookAt } = await examine(environment, ask, now);
  return {
    looked: `PingOne at ${baseUrl}: ${calls} harmless calls.`,
    findings,
    toLookAt: [...toLookAt, ...settingsToLookAt(environment)],
  };
}

async function examine(environment: Environment, ask: ReturnType<typeof asking>, now: () => number) {
  const made = placeholdersIn(environment, ["pingOne", "applications"]);
  if (placeholdersIn(environment, ["pingOne"]).length > 0) return { findings: made, toLookAt: [] };
  const misplaced = await placeFinding(environment, ask);
  if (misplaced !== undefined) return { findings: [...made, misplaced], toLookAt: [] };
  const findings: Finding[] = [...made, ...(await keyFindings(environment, ask, now))];
  const toLookAt: string[] = [];
  for (const [name, settings] of Object.entries(environment.applications)) {
    if (placeholdersIn(environment, [`applications.${name}`]).length > 0) continue;
    const report = await examineApplication(environment, { ...settings, name }, ask);
    findings.push(...report.findings);
    toLookAt.push(...report.toLookAt);
  }
  return { findings, toLookAt };
}
