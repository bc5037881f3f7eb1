import * as z from "zod";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { Jar } from "../../../lib/flow/jar.ts";
import type { IdentityProvider, UpstreamReply } from "../../../lib/flow/provider.ts";
import { readRequest, stepRequest } from "../../../lib/pingone/requests.ts";
import { send } from "../../../lib/pingone/send.ts";
import type { PingOneSettings } from "../../../lib/pingone/settings.ts";

type Broken = (settings: PingOneSettings) => (ports: FlowPorts) => FlowPorts;

/** Somebody may never answer where a hostile URL leads: milliseconds. */
const shortMs = 200;
const Linked = z.object({ _links: z.object({ self: z.object({ href: z.string() }) }) });
const Coded = z.object({ authorizeResponse: z.object({ code: z.string() }) });

/** After each step it goes where PingOne says that the flow is. */
export const followsLinks: Broken =
  (settings) =>
  ({ provider, ...ports }) => {
    const act: IdentityProvider["act"] = async (...call) => {
      const [, jar, , device] = call;
      const reply = await provider.act(...call);
      const read = await send(
        readRequest(jar, { settings, device, now: ports.clock.now() }),
        settings.timeoutMs,
      );
      const href = read.kind === "answered" ? Linked.safeParse(jsonIn(read.body)).data?._links.self.href : "";
      const url = URL.parse(href ?? "", settings.baseUrl);
      if (url !== null) await send({ method: "GET", url: url.href, headers: {} }, shortMs);
      return reply;
    };
    return { ...ports, provider: { ...provider, act } };
  };

/** Takes each `Set-Cookie` line up to its semicolon for a cookie, and sends it back as it is. */
export const trustsCookies: Broken =
  (settings) =>
  ({ provider, ...ports }) => {
    const act: IdentityProvider["act"] = async (command, jar, application, device) => {
      const reply = await provider.act(command, jar, application, device);
      const context = { settings, device, now: ports.clock.now() };
      const { headers, ...outgoing } = readRequest(jar, context);
      const cookie = jar.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
      const again = await send({ ...outgoing, headers: { ...headers, cookie } }, settings.timeoutMs);
      return again.kind === "unsent" ? reply : withLines(reply, again.setCookie);
    };
    return { ...ports, provider: { ...provider, act } };
  };

function withLines(reply: UpstreamReply, lines: readonly string[]): UpstreamReply {
  const cookies = lines.map((line) => {
    const [pair = ""] = line.split(";");
    const [name = "", ...value] = pair.split("=");
    return { name, value: value.join("=") };
  });
  const jar: Jar = { ...reply.jar, cookies: [...reply.jar.cookies, ...cookies] };
  return { ...reply, jar };
}

/** Takes any code that resume brings, whosever it is. */
export const takesAnyCode: Broken =
  (settings) =>
  ({ provider, ...ports }) => {
    const act: IdentityProvider["act"] = async (...call) => {
      const [command, jar, , device] = call;
      if (command.step !== "resume") return provider.act(...call);
      const exchange = await send(
        stepRequest(command, jar, { settings, device, now: ports.clock.now() }),
        settings.timeoutMs,
      );
      const body = exchange.kind === "answered" ? jsonIn(exchange.body) : undefined;
      const code = Coded.safeParse(body).data?.authorizeResponse.code;
      return { jar, answer: code === undefined ? { kind: "doubtful" } : { kind: "authorized", code } };
    };
    return { ...ports, provider: { ...provider, act } };
  };

/** Takes a status for a flow, whatever else is in the answer, or not. */
export const believesStatus: Broken =
  (settings) =>
  ({ provider, ...ports }) => {
    const act: IdentityProvider["act"] = async (...call) => {
      const [command, jar, , device] = call;
      if (command.step === "resume" || command.step === "poll") return provider.act(...call);
      const now = ports.clock.now();
      const exchange = await send(stepRequest(command, jar, { settings, device, now }), settings.timeoutMs);
      const body = exchange.kind === "answered" ? exchange.body : "";
      const status = /"status":"([A-Z_]+)"/.exec(body)?.[1];
      if (status === undefined) return { jar, answer: { kind: "doubtful" } };
      const expiresAt = new Date(now + 900_000).toISOString();
      const flow = { status, actions: [], details: {}, expiresAt, lifetimeMs: 900_000 };
      return { jar, answer: { kind: "flow", flow } };
    };
    return { ...ports, provider: { ...provider, act } };
  };

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
