import { createHash, randomBytes, randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { createSignOn, type Platform } from "../../../lib/client/sign-on.ts";
import type { Environment } from "../../environment.ts";
import type { Ask, Asked } from "../asking.ts";
import { type Finding, settingAt } from "../finding.ts";

const Problem = z.object({ error: z.string() });
const Started = z.object({ flowId: z.string() });

const deployed = "what is deployed at the URL: npx cdk deploy, or the gateway's own settings";

/** What a deployed API has to do beside signing people on. */
export async function edgeFindings(
  environment: Environment,
  url: string,
  ask: Ask,
  platform: Partial<Platform>,
): Promise<Finding[]> {
  return [
    ...(await refusals(url, ask)),
    ...(await repetition(url, ask)),
    ...(await cancelling(url, platform)),
    ...(await preflights(environment, url, ask)),
  ];
}

/** Faults of a request are told apart. */
async function refusals(url: string, ask: Ask): Promise<Finding[]> {
  const cases = [
    ["a start without its challenge", "request-invalid", await ask(post(`${url}/flows`, "{}"))],
    ["a read of no flow", "flow-not-found", await ask(read(`${url}/flows/${randomUUID()}`))],
  ] as const;
  return cases.flatMap(([what, error, asked]) => {
    const told = errorIn(asked);
    if (told === error) return [];
    return [{ kind: "rejection", what: `${what} is answered ${told}, not ${error}.`, mend: deployed }];
  });
}

/** A start that is repeated gets the first answer. */
async function repetition(url: string, ask: Ask): Promise<Finding[]> {
  const codeChallenge = createHash("sha256").update(randomBytes(32)).digest("base64url");
  const key = { "idempotency-key": `"${randomBytes(16).toString("base64url")}"` };
  const start = post(`${url}/flows`, JSON.stringify({ codeChallenge }), key);
  const [first, second] = [flowIdIn(await ask(start)), flowIdIn(await ask(start))];
  if (first !== undefined && first === second) return [];
  const what = "A start that is repeated under its Idempotency-Key begins another flow, or none.";
  return [{ kind: "repetition", what, mend: `${deployed}; a proxy that drops the header` }];
}

async function cancelling(url: string, platform: Partial<Platform>): Promise<Finding[]> {
  const client = createSignOn({ url, platform });
  await client.start();
  const state = await client.cancel();
  if (state.status === "ENDED" && state.error === "cancelled") return [];
  const what = `A sign-on that is cancelled stands at ${state.status === "ENDED" ? state.error : state.status}.`;
  return [{ kind: "cancel", what, mend: `${deployed}; a proxy that takes no DELETE` }];
}

async function preflights(environment: Environment, url: string, ask: Ask): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const origin of environment.allowedOrigins) {
    const headers = {
      ...{ origin, "access-control-request-method": "POST" },
      "access-control-request-headers": "content-type",
    };
    const asked = await ask({ method: "OPTIONS", url: `${url}/flows`, headers });
    const allowed = asked.kind === "answered" ? asked.headers.get("access-control-allow-origin") : null;
    if (allowed === origin) continue;
    const what = `Pages of ${origin} may not call the API.`;
    const mend = `${settingAt(environment, "allowedOrigins")} is newer than ${deployed}`;
    findings.push({ kind: "preflight", what, mend });
  }
  return findings;
}

function post(url: string, body: string, more: Readonly<Record<string, string>> = {}) {
  return { method: "POST", url, body, headers: { "content-type": "application/json", ...more } } as const;
}

function read(url: string) {
  const token = randomBytes(32).toString("base64url");
  return { method: "GET", url, headers: { authorization: `Bearer ${token}` } } as const;
}

function errorIn(asked: Asked): string {
  if (asked.kind === "silent") return asked.why;
  return Problem.safeParse(asked.json).data?.error ?? String(asked.status);
}

function flowIdIn(asked: Asked): string | undefined {
  return asked.kind === "answered" ? Started.safeParse(asked.json).data?.flowId : undefined;
}
