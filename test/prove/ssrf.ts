import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import * as z from "zod";
import { portOf } from "../support/engines.ts";
import { hostileUrls } from "./kit/hostile-urls.ts";
import type { Sent } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { type Heard, inPlaceOfPingOne, type Passed, type RewritingProxy } from "./kit/rewriting-proxy.ts";
import { onStage, type Stage } from "./kit/stage.ts";
import { wander } from "./kit/wander.ts";

/**
 * Whatever address PingOne's answers name, in whatever member or header, and whatever they call the flow:
 * nothing is asked but what the configuration names, at a path of ours, and no reply sends a client anywhere.
 */
export const ssrf: Proof = {
  name: "ssrf",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(500, 40);
    const canaries = await Promise.all([startCanary(misses), startCanary(misses)]);
    const ports = canaries.map((server) => portOf(server.address()));
    const enemy = createEnemy(random);
    const placed = inPlaceOfPingOne(enemy);
    const connections = watchConnections();
    let authorized = 0;
    let carried = 0;
    let elsewhere = 0;
    try {
      await onStage(
        { defect, between: placed.between, timeoutMs: 2_000, upstreamMs: 2_000 },
        async (stage) => {
          const proxy = placed.proxy();
          const urls = hostileUrls(random, { ports }, proxy.baseUrl, wanted);
          for (const [index, url] of urls.entries()) {
            enemy.begin(url, places[index % places.length]);
            const from = proxy.heard.length;
            const wandered = await wander(stage, random, (sent) => judgeReply(sent, url, misses));
            if (wandered.authorized) authorized += 1;
            for (const heard of proxy.heard.slice(from)) judgeRequest(heard, proxy, url, misses);
          }
          carried = proxy.heard.filter(({ target }) => /(?:flows\/|flowId=).*%/.test(target)).length;
          elsewhere = judgeConnections(connections.seen, stage, proxy, misses);
        },
      );
      misses.unless(
        carried > 0 && authorized > 0,
        () => `ssrf: ${carried} requests carried a hostile id, ${authorized} sign-ons came to a code`,
      );
    } finally {
      connections.stop();
      for (const server of canaries) server.close();
    }
    const figure = [
      `${connections.seen.length} connections, ${elsewhere} elsewhere`,
      `${carried} requests with a hostile id in its place, ${authorized} sign-ons to a code`,
    ].join("; ");
    return { rounds: wanted, figure, misses: misses.all };
  },
};

async function startCanary(misses: Misses): Promise<Server> {
  const server = createServer((socket) => {
    misses.unless(false, () => "ssrf: somebody came where only a hostile URL leads");
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Where every socket of this process was told to connect to, TLS or not. */
function watchConnections() {
  const seen: string[] = [];
  const { connect } = Socket.prototype;
  const Target = z.looseObject({ host: z.string().optional(), port: z.union([z.number(), z.string()]) });
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const [first] = args.flat();
    const target = Target.safeParse(first).data;
    seen.push(target === undefined ? JSON.stringify(first) : `${target.host ?? "localhost"}:${target.port}`);
    return Reflect.apply(connect, this, args);
  };
  return {
    seen,
    stop: () => {
      Socket.prototype.connect = connect;
    },
  };
}

/** One of the places where a hostile text goes, beside every member that PingOne has for a URL. */
const places = ["links", "id", "location", "redirect"] as const;
type Place = (typeof places)[number];

/** Puts one hostile text into every answer of a sign-on. */
function createEnemy(random: Random) {
  let url = "";
  let place: Place = "links";
  // What the flow is called to us, and what the stand-in calls it.
  const names = new Map<string, string>();
  return {
    begin: (next: string, where: Place = "links") => {
      url = next;
      place = where;
    },
    target: ({ target }: Heard): string => {
      const [, path = "", name = ""] = /^(.*(?:\/flows\/|[?]flowId=))([^/?&]*)$/.exec(target) ?? [];
      const real = names.get(decoded(name));
      return real === undefined ? target : `${path}${real}`;
    },
    rewrite: (passed: Passed): Passed => {
      const body = parsed(passed.body);
      const renamed = place === "id" && typeof body?.["id"] === "string" && body["status"] !== undefined;
      if (renamed) names.set(url, String(body["id"]));
      const rewritten = body === undefined ? passed.body : JSON.stringify(poisoned(body, url, renamed));
      const away = place === "redirect" && random.chance(0.3);
      const sent = [
        "Content-Location",
        "Link",
        "Refresh",
        "Alt-Svc",
        ...(place === "links" ? [] : ["Location"]),
      ];
      return {
        status: away ? pick(random, [301, 302, 303, 307, 308]) : passed.status,
        headers: [...passed.headers, ...sent.map((name): [string, string] => [name, url])],
        body: rewritten,
      };
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Json = Readonly<Record<string, unknown>>;

function parsed(text: string): Json | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The same body with every URL in it, and a few more members that are called like one, replaced. */
function poisoned(body: Json, url: string, renamed: boolean): Json {
  const more = { resumeUrl: url, href: url, url, loginPageUrl: url, redirect_uri: url, next: { href: url } };
  const links = Object.keys(z.record(z.string(), z.unknown()).catch({}).parse(body["_links"]));
  return {
    ...body,
    ...more,
    _links: Object.fromEntries([...links, "self", "resume"].map((name) => [name, { href: url }])),
    ...(renamed ? { id: url } : {}),
  };
}

function judgeReply({ call, reply }: Sent, url: string, misses: Misses): void {
  const told = JSON.stringify([reply?.headers, reply?.text]);
  misses.unless(reply !== undefined, () => `ssrf: ${call.name} was not answered at ${JSON.stringify(url)}`);
  misses.unless(reply?.headers["location"] === undefined, () => `ssrf: ${call.name} answered a Location`);
  misses.unless(
    !told.includes(JSON.stringify(url).slice(1, -1)),
    () => `ssrf: ${call.name} passed ${url} on`,
  );
}

/**
 * Every request is one of ours, to the host that is configured, with the flow's name in
 * one segment or parameter.
 */
function judgeRequest(heard: Heard, proxy: RewritingProxy, url: string, misses: Misses): void {
  const { host, pathname } = new URL(proxy.baseUrl);
  const { method, target, headers } = heard;
  const named = "[A-Za-z0-9%!'()*~._-]+";
  const ours = new RegExp(`^${pathname}/(?:as/authorize|flows/${named}|as/resume[?]flowId=${named})$`);
  const isOurs = ours.test(target) && headers["host"] === host && !/\/\.{0,2}$/.test(target);
  misses.unless(isOurs, () => `ssrf: ${method} ${target} was asked after ${JSON.stringify(url)}`);
}

function judgeConnections(
  seen: readonly string[],
  { simulator, engineEndpoint }: Stage,
  proxy: RewritingProxy,
  misses: Misses,
): number {
  const known = [proxy.baseUrl, simulator.baseUrl, engineEndpoint].map((url) => new URL(url).host);
  const elsewhere = seen.filter((target) => !known.includes(target));
  for (const target of elsewhere) misses.unless(false, () => `ssrf: a connection to ${target}`);
  return elsewhere.length;
}
