/** What a server without our promises would remember of a sign-on, in the open. */
export interface Session {
  readonly flowId: string;
  readonly status: string;
  readonly state: string;
  /** By name. */
  readonly cookies: Readonly<Record<string, string>>;
}

/** The application at PingOne. */
export interface Client {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
}

interface Answer {
  readonly session: Session;
  readonly code?: string | undefined;
}

interface FlowBody {
  readonly id?: string;
  readonly status?: string;
  readonly authorizeResponse?: { readonly code?: string };
}

/** The calls of a sign-on by password, as anybody would write them: Node's own `fetch`, connections kept. */
export function pingOne({ baseUrl, clientId, redirectUri }: Client) {
  async function call(url: string, init: RequestInit, before: Session): Promise<Answer> {
    const cookie = Object.entries(before.cookies).map(([name, value]) => `${name}=${value}`);
    const headers = { ...init.headers, ...(cookie.length > 0 ? { cookie: cookie.join("; ") } : {}) };
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    if (response.status !== 200) throw new Error(`PingOne answered ${response.status}.`);
    const body: FlowBody = JSON.parse(await response.text());
    const cookies = { ...before.cookies };
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = line.split(";", 1)[0]?.split("=", 2) ?? [];
      cookies[name] = value;
    }
    const { id: flowId = before.flowId, status = before.status } = body;
    return { session: { ...before, flowId, status, cookies }, code: body.authorizeResponse?.code };
  }

  return {
    start: (codeChallenge: string, policy: string) => {
      const state = crypto.randomUUID();
      const form = new URLSearchParams({
        ...{
          response_type: "code",
          response_mode: "pi.flow",
          client_id: clientId,
          redirect_uri: redirectUri,
        },
        ...{ scope: "openid profile", state, nonce: crypto.randomUUID(), acr_values: policy },
        ...{ code_challenge: codeChallenge, code_challenge_method: "S256" },
      });
      const before = { flowId: "", status: "", state, cookies: {} };
      return call(`${baseUrl}/as/authorize`, { method: "POST", body: form }, before);
    },
    password: (session: Session, username: string, password: string) =>
      call(
        `${baseUrl}/flows/${session.flowId}`,
        {
          method: "POST",
          headers: { "content-type": "application/vnd.pingidentity.usernamePassword.check+json" },
          body: JSON.stringify({ username, password }),
        },
        session,
      ),
    resume: (session: Session) => call(`${baseUrl}/as/resume?flowId=${session.flowId}`, {}, session),
  };
}
