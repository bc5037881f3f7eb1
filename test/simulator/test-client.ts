import { createHash } from "node:crypto";
import { parseSetCookie } from "cookie";
import { onTestFinished } from "vitest";
import * as z from "zod";
import type { Application } from "./applications.ts";
import { applications } from "./applications.ts";
import type { Person } from "./people.ts";
import { people } from "./people.ts";
import type { Simulator, SimulatorOptions } from "./simulator.ts";
import { startSimulator } from "./simulator.ts";

/** The PKCE verifier of every test sign-on. */
const VERIFIER = "test-verifier-0123456789-0123456789-0123456789";
const challenge = createHash("sha256").update(VERIFIER).digest("base64url");

const link = z.object({ href: z.string() });
const details = z
  .array(
    z.looseObject({ code: z.string(), target: z.string().optional(), innerError: z.unknown().optional() }),
  )
  .optional();
const flowError = z.looseObject({ code: z.string(), details });
const bodySchema = z.looseObject({
  id: z.string().optional(),
  status: z.string().optional(),
  code: z.string().optional(),
  /** Of a flow, or at the token endpoint OAuth's word. */
  error: z.union([flowError, z.string()]).optional(),
  details,
  expiresAt: z.string().optional(),
  _links: z.record(z.string(), z.union([link, z.unknown()])).optional(),
  _embedded: z.looseObject({ devices: z.array(z.looseObject({ id: z.string() })).optional() }).optional(),
  authorizeResponse: z.object({ code: z.string(), state: z.string().optional() }).optional(),
  id_token: z.string().optional(),
  refresh_token: z.string().optional(),
  access_token: z.string().optional(),
});

/** An answer read whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: z.infer<typeof bodySchema>;
}

/** A clock that moves only when told. */
function createClock(start = Date.UTC(2026, 0, 5, 9, 0, 0)) {
  let now = start;
  return {
    now: () => now,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

/** A stand-in with a clock of its own, closed when the test ends. */
export async function launch(options: SimulatorOptions = {}) {
  const clock = createClock();
  const simulator = await startSimulator({ clock, ...options });
  onTestFinished(() => simulator.close());
  return { clock, simulator };
}

/** Named values, without those that are to be left out. */
export type Some = Readonly<Record<string, string | undefined>>;

function given(values: Some): Record<string, string> {
  const pairs = Object.entries(values);
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function call(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const body = bodySchema.parse(isJson ? JSON.parse(text) : {});
  return { status: response.status, headers: response.headers, text, body };
}

/** The location of a redirect. */
export function locationOf(reply: Reply): URL {
  return new URL(reply.headers.get("location") ?? "missing:");
}

/**
 * A careful browserless client: keeps all cookies and follows the flow's id. `always` goes with every call.
 */
export function createClient(
  simulator: Simulator,
  application: Application = applications.public,
  always: Readonly<Record<string, string>> = {},
) {
  const jar = new Map<string, string>();
  const state = { flowId: "", code: "" };
  const remember = (reply: Reply): Reply => {
    for (const line of reply.headers.getSetCookie()) {
      const { name, value } = parseSetCookie(line);
      if (value !== undefined) jar.set(name, value);
    }
    if (reply.status === 200 && reply.body.status && reply.body.id) state.flowId = reply.body.id;
    state.code = reply.body.authorizeResponse?.code ?? state.code;
    return reply;
  };
  const cookieHeader = (): Record<string, string> =>
    jar.size === 0 ? {} : { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") };
  const send = async (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
    remember(
      await call(simulator.baseUrl + path, {
        ...init,
        headers: { ...always, ...cookieHeader(), ...headers },
      }),
    );
  const act = (action: string, body: unknown, headers: Record<string, string> = {}) =>
    send(
      `/flows/${state.flowId}`,
      { method: "POST", body: JSON.stringify(body) },
      { "content-type": `application/vnd.pingidentity.${action}+json`, ...headers },
    );
  const form = (path: string, values: Some, headers: Record<string, string>) =>
    send(path, { method: "POST", body: new URLSearchParams(given(values)) }, headers);
  const redirectUri = application.redirectUris[0] ?? "";
  const parameters = (policy: string, more: Some) =>
    given({
      response_type: "code",
      response_mode: "pi.flow",
      client_id: application.clientId,
      redirect_uri: redirectUri,
      scope: "openid profile email",
      state: "state-1",
      nonce: "nonce-1",
      code_challenge: challenge,
      code_challenge_method: "S256",
      acr_values: policy,
      ...more,
    });
  return {
    jar,
    state,
    send,
    act,
    start: (policy: string, more: Some = {}) =>
      send("/as/authorize", { method: "POST", body: new URLSearchParams(parameters(policy, more)) }),
    startByGet: (policy: string, more: Some = {}) =>
      send(`/as/authorize?${new URLSearchParams(parameters(policy, more))}`),
    lookup: ({ username }: Pick<Person, "username">) => act("user.lookup", { username }),
    password: ({ username }: Pick<Person, "username">, password: string = people.passwordOnly.password) =>
      act("usernamePassword.check", { username, password }),
    otp: (otp: string) => act("otp.check", { otp }),
    device: (id: string) => act("device.select", { device: { id } }),
    read: (headers: Record<string, string> = {}) => send(`/flows/${state.flowId}`, {}, headers),
    resume: () => send(`/as/resume?flowId=${state.flowId}`),
    token: (more: Some = {}, headers: Record<string, string> = {}) =>
      form(
        "/as/token",
        {
          grant_type: "authorization_code",
          code: state.code,
          redirect_uri: redirectUri,
          code_verifier: VERIFIER,
          client_id: application.tokenEndpointAuthMethod === "NONE" ? application.clientId : undefined,
          ...more,
        },
        headers,
      ),
    /** What the token endpoint answers to these parameters alone. */
    tokenBy: (values: Some, headers: Record<string, string> = {}) => form("/as/token", values, headers),
    newestCode: ({ username }: Pick<Person, "username">) => simulator.inbox.latest(username)?.code ?? "",
  };
}

/** The `error` member of a flow. */
export function errorOf({ body }: Reply) {
  return typeof body.error === "string" ? undefined : body.error;
}

/** The first detail of an error body. */
export function detailOf(reply: Reply) {
  return reply.body.details?.[0];
}
