import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { type Body, bodySchema, verified } from "./foreign.ts";

/** What this server's owner registered, once. */
export const shop = {
  clientId: "shop-web",
  clientSecret: "shop secret/1+",
  tokenEndpointAuthMethod: "CLIENT_SECRET_POST",
  pkceEnforcement: "OPTIONAL",
  redirectUris: ["http://localhost:3000/callback"],
  policies: ["Multi_Factor"],
};
export const shopWorker = {
  clientId: "shop-worker",
  clientSecret: "worker-secret",
  tokenEndpointAuthMethod: "CLIENT_SECRET_POST",
  grantTypes: ["CLIENT_CREDENTIALS"],
};

/** One visitor's sign-on, in this process's memory. */
interface Visit {
  flow: Body;
  readonly cookies: Map<string, string>;
}

/**
 * The shop's conversation with PingOne. It knows nothing of PKCE and sends a worker token wherever it can.
 */
function createPingOneApi(baseUrl: string) {
  const call = async (cookies: Map<string, string>, url: string, init: RequestInit): Promise<Body> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...init.headers, ...(cookie === "" ? {} : { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      cookies.set(name, value);
    }
    if (!response.ok) throw new Error(`PingOne said ${response.status}.`);
    return bodySchema.parse(await response.json());
  };
  const post = (path: string, values: Record<string, string>) =>
    call(new Map(), baseUrl + path, { method: "POST", body: new URLSearchParams(values) });
  const workerToken = async () => {
    const { clientId: client_id, clientSecret: client_secret } = shopWorker;
    const reply = await post("/as/token", { grant_type: "client_credentials", client_id, client_secret });
    return reply.access_token ?? "";
  };
  const client = { client_id: shop.clientId, redirect_uri: shop.redirectUris[0] ?? "" };
  return {
    begin: async (): Promise<Visit> => {
      const asked = { ...client, response_type: "code", response_mode: "pi.flow", scope: "openid profile" };
      return { flow: await post("/as/authorize", asked), cookies: new Map() };
    },
    act: async ({ flow, cookies }: Visit, action: string, body: object): Promise<Body> =>
      call(cookies, flow._links?.[action]?.href ?? "", {
        method: "POST",
        body: JSON.stringify(body),
        headers: {
          authorization: `Bearer ${await workerToken()}`,
          "content-type": `application/vnd.pingidentity.${action}+json`,
        },
      }),
    redeem: async ({ flow, cookies }: Visit): Promise<string> => {
      const resumed = await call(cookies, flow.resumeUrl ?? "", { method: "GET" });
      const code = resumed.authorizeResponse?.code ?? "";
      const proof = { ...client, client_secret: shop.clientSecret };
      const tokens = await post("/as/token", { ...proof, grant_type: "authorization_code", code });
      const claims = await verified(baseUrl, shop.clientId, tokens.id_token);
      return String(claims["preferred_username"]);
    },
  };
}

/** A small web shop: two HTML forms, a visitor's cookie, and PingOne behind. */
export async function startShop(baseUrl: string) {
  const pingOne = createPingOneApi(baseUrl);
  const visits = new Map<string, Visit>();
  const form = (field: string) => `<form method="post"><input name="${field}"><button>Go on</button></form>`;

  async function page(request: IncomingMessage, response: ServerResponse): Promise<string> {
    const fields = new URLSearchParams(await text(request));
    if (request.url === "/login") {
      const visit = await pingOne.begin();
      const credentials = { username: fields.get("username"), password: fields.get("password") };
      visit.flow = await pingOne.act(visit, "usernamePassword.check", credentials);
      const sid = randomUUID();
      visits.set(sid, visit);
      response.setHeader("set-cookie", `sid=${sid}; HttpOnly`);
      return form("otp");
    }
    const visit = visits.get(/sid=([^;]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");
    if (visit === undefined) return form("username");
    visit.flow = await pingOne.act(visit, "otp.check", { otp: fields.get("otp") });
    return `<p>Welcome, ${await pingOne.redeem(visit)}!</p>`;
  }

  const server = createServer((request, response) => {
    page(request, response).then(
      (html) => response.end(html),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
