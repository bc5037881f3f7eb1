import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { parseCookie } from "cookie";
import type { Context } from "hono";
import { Hono } from "hono";
import type { Answer, Call, Handler } from "./answers.ts";
import { notFound, refusal } from "./answers.ts";
import { authorize } from "./authorize.ts";
import { createControl } from "./control.ts";
import { preflight, withCors } from "./cors.ts";
import type { Delivery } from "./fault-effects.ts";
import { applyFault } from "./fault-effects.ts";
import { actionOf, actOnFlow, flowIdOf, flowOf, readFlow } from "./flows.ts";
import { discovery, jwks, signOnPage, userinfo } from "./metadata.ts";
import { headerLines, respond } from "./respond.ts";
import { resume } from "./resume.ts";
import { idpSignOff, signOff } from "./sign-off.ts";
import { token } from "./token.ts";
import type { World } from "./world.ts";

type Env = { Bindings: HttpBindings };

interface Route {
  readonly methods: readonly string[];
  readonly path: string;
  /** The name of the call in the record and for faults; actions name themselves by content type. */
  readonly action: string;
  readonly handle: Handler<World>;
}

const routes: readonly Route[] = [
  { methods: ["GET", "POST"], path: "/as/authorize", action: "authorize", handle: authorize },
  { methods: ["GET"], path: "/flows/:flowId", action: "read", handle: readFlow },
  { methods: ["POST"], path: "/flows/:flowId", action: "act", handle: actOnFlow },
  { methods: ["GET"], path: "/as/resume", action: "resume", handle: resume },
  { methods: ["POST"], path: "/as/token", action: "token", handle: token },
  { methods: ["GET", "POST"], path: "/as/signoff", action: "signoff", handle: signOff },
  { methods: ["GET"], path: "/as/idpSignoff", action: "idpSignoff", handle: idpSignOff },
  { methods: ["GET"], path: "/as/jwks", action: "jwks", handle: jwks },
  { methods: ["GET", "POST"], path: "/as/userinfo", action: "userinfo", handle: userinfo },
  { methods: ["GET"], path: "/as/.well-known/openid-configuration", action: "discovery", handle: discovery },
  { methods: ["GET"], path: "/signon/", action: "signon", handle: signOnPage },
];

/** The whole HTTP surface: PingOne's paths, the control routes, and a refusal for anything else. */
export function createApp(world: World): Hono<Env> {
  const app = new Hono<Env>();
  app.route("/_simulator", createControl(world));
  const prefix = `/${world.environmentId}`;
  for (const { methods, path, action, handle } of routes) {
    app.on([...methods], prefix + path, (c) => serve(world, c, action, handle));
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).flatMap((route) => route.methods);
    const answer: Handler<World> = (_world, call) => preflight(call, methods);
    app.options(prefix + path, (c) => serve(world, c, "preflight", answer));
  }
  app.all("*", (c) => serve(world, c, "unknown", () => notFound()));
  app.onError((error, c) => c.text(`Defect in the simulator: ${error.message}`, 500));
  return app;
}

async function serve(world: World, c: Context<Env>, action: string, handle: Handler<World>) {
  const call = await readCall(c);
  const name = action === "act" ? (actionOf(world, call) ?? "unknown") : action;
  const entry = world.calls.open(call, {
    at: world.clock.now(),
    action: name,
    flowId: flowIdOf(call),
    remotePort: c.env.incoming.socket.remotePort ?? 0,
  });
  const delivery = await decide(world, call, name, handle);
  if (delivery.kind === "reset") {
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  const answer = withCors(world, call, name, delivery.answer);
  entry.status = answer.status;
  if (answer.flow !== undefined) entry.flowId ??= answer.flow.id;
  if (delivery.kind === "cut") return cutOff(world, c, answer);
  return respond(world, answer);
}

async function decide(world: World, call: Call, name: string, handle: Handler<World>): Promise<Delivery> {
  // Hono answers HEAD with the GET route; PingOne documents no HEAD.
  const run =
    call.method === "HEAD"
      ? async () => refusal(405, "INVALID_REQUEST", "Method not allowed.")
      : async () => handle(world, call);
  const fault = name === "preflight" ? undefined : world.faults.take(name);
  if (fault === undefined) return { kind: "whole", answer: await run() };
  return applyFault(world, fault, { run, flow: () => flowOf(world, call) });
}

async function readCall(c: Context<Env>): Promise<Call> {
  const { raw } = c.req;
  const sent = parseCookie(raw.headers.get("cookie") ?? "");
  const cookies = Object.entries(sent).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return {
    method: raw.method,
    url: new URL(raw.url),
    headers: raw.headers,
    cookies: Object.fromEntries(cookies),
    body: await raw.text(),
  };
}

/** Sends the head, promising the whole body, then half of it, then kills the socket. */
function cutOff(world: World, c: Context<Env>, answer: Answer): Response {
  const { outgoing } = c.env;
  const body = Buffer.from(answer.body);
  const lines = headerLines(world, answer).flat();
  outgoing.writeHead(answer.status, [...lines, "content-length", String(body.length)]);
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => c.env.incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}
