import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type Body, bodySchema, foreignWorld, verified } from "./foreign.ts";
import { people } from "./people.ts";
import { lenientSwitches, strictSwitches } from "./switches.ts";

const registration = {
  clientId: "go-daemon",
  clientSecret: "go-secret",
  tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC",
  redirectUris: ["http://localhost:8085/cb"],
  grantTypes: ["AUTHORIZATION_CODE", "REFRESH_TOKEN"],
  scopes: ["openid", "offline_access"],
  policies: ["Passwordless"],
};
const worker = {
  clientId: "go-worker",
  clientSecret: "w",
  grantTypes: ["CLIENT_CREDENTIALS"],
  tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC",
};

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request as a typed client of another language would: canonical header names, its own agent. */
async function roundTrip(
  method: string,
  url: string,
  headers: OutgoingHttpHeaders,
  body = "",
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers: { "User-Agent": "Go-http-client/1.1", ...headers } },
      (response) => {
        const status = response.statusCode ?? 0;
        text(response).then((read) => resolve({ status, headers: response.headers, body: read }), reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
const form = "Application/X-WWW-Form-URLEncoded; charset=UTF-8";

/** Like any jar of a library: what is marked `Secure` never goes out by plain HTTP. */
function storable(lines: readonly string[] = []): [name: string, value: string][] {
  const open = lines.filter((line) => !/;\s*secure/i.test(line));
  return open.map((line) => {
    const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
    return [name, value];
  });
}

/** A client that spells media types in its own way and takes the bearer token along wherever it goes. */
function createGoClient(baseUrl: string) {
  const jar = new Map<string, string>();
  let bearer = "";
  let flow: Body = {};
  const send = async (method: string, url: string, headers: OutgoingHttpHeaders, body?: string) => {
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`);
    const cookie = cookies.length === 0 ? {} : { Cookie: cookies.join("; ") };
    const own = { Accept: "application/json", Authorization: bearer, ...cookie };
    const answer = await roundTrip(method, url, { ...own, ...headers }, body);
    for (const [name, value] of storable(answer.headers["set-cookie"])) jar.set(name, value);
    if (answer.status !== 200) throw new Error(`unexpected status ${answer.status}`);
    return bodySchema.parse(JSON.parse(answer.body));
  };
  const token = (id: string, secret: string, values: Record<string, string>) =>
    send(
      "POST",
      `${baseUrl}/as/token`,
      { "Content-Type": form, Authorization: basic(id, secret) },
      String(new URLSearchParams(values)),
    );
  const ours = (values: Record<string, string>) =>
    token(registration.clientId, registration.clientSecret, values);
  return {
    authorize: async () => {
      const granted = await token(worker.clientId, worker.clientSecret, { grant_type: "client_credentials" });
      bearer = `Bearer ${granted.access_token}`;
      const values = {
        client_id: registration.clientId,
        response_type: "code",
        response_mode: "pi.flow",
        scope: "openid offline_access",
      };
      const body = String(new URLSearchParams(values));
      flow = await send("POST", `${baseUrl}/as/authorize`, { "Content-Type": form }, body);
    },
    act: async (mediaType: string, body: object) => {
      flow = await send(
        "POST",
        flow._links?.["self"]?.href ?? "",
        { "Content-Type": mediaType },
        JSON.stringify(body),
      );
    },
    read: async () => {
      flow = await send("GET", flow._links?.["self"]?.href ?? "", {});
    },
    redeem: async () => {
      const { authorizeResponse } = await send("GET", flow.resumeUrl ?? "", {});
      return ours({ grant_type: "authorization_code", code: authorizeResponse?.code ?? "" });
    },
    refresh: (refresh_token = "") => ours({ grant_type: "refresh_token", refresh_token }),
  };
}

async function started(switches = lenientSwitches) {
  const world = await foreignWorld(switches);
  for (const one of [registration, worker]) await world.register(one);
  return { world, client: createGoClient(world.baseUrl) };
}

const vendor = "application/vnd.pingidentity";
const { username, id, devices } = people.twoDevices;

/** The whole sign-on, up to the tokens. */
async function signOn({ world, client }: Awaited<ReturnType<typeof started>>) {
  await client.authorize();
  await client.act(`${vendor}.user.lookup+json; charset=UTF-8`, { username });
  await client.act(`${vendor}.device.select+JSON;charset=utf-8`, { device: { id: devices[1].id } });
  await client.read();
  await client.act("Application/VND.PingIdentity.OTP.Check+json", { otp: await world.codeFor(username) });
  return client.redeem();
}

describe("a Go-like client with charsets, letter case of its own and a bearer everywhere", () => {
  it("signs a person on, and keeps them signed on", async () => {
    const { world, client } = await started();
    const tokens = await signOn({ world, client });
    expect(await verified(world.baseUrl, registration.clientId, tokens.id_token)).toMatchObject({ sub: id });
    const later = await client.refresh(tokens.refresh_token);
    expect(await verified(world.baseUrl, registration.clientId, later.id_token)).toMatchObject({ sub: id });
    expect(later.refresh_token).not.toBe(tokens.refresh_token);
  });

  it.each([
    ["mediaTypes", "unexpected status 415"],
    ["flowsBearer", "unexpected status 401"],
    ["acceptJsonOnly", "unexpected status 406"],
    ["redirectUri", "unexpected status 400"],
    ["secureCookies", "unexpected status 302"],
  ] as const)("stops where %s is strict", async (name, message) => {
    const { world, client } = await started({ ...lenientSwitches, [name]: strictSwitches[name] });
    await expect(signOn({ world, client })).rejects.toThrow(message);
  });
});
