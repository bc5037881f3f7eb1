import { Agent, request } from "node:http";
import { buffer } from "node:stream/consumers";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { Jar } from "../../../lib/flow/jar.ts";
import type { StepCommand } from "../../../lib/flow/steps.ts";
import { ClaimLost, type FlowStore, type HeldClaim } from "../../../lib/flow/store.ts";
import { createPingOne } from "../../../lib/pingone/client.ts";
import { placeOf } from "../../../lib/pingone/cookie-scope.ts";
import { mergeCookies } from "../../../lib/pingone/cookies.ts";
import { stepRequest, type UpstreamRequest } from "../../../lib/pingone/requests.ts";
import { readExchange } from "../../../lib/pingone/responses.ts";
import { resumeCall } from "../../../lib/pingone/resume.ts";
import type { Exchange } from "../../../lib/pingone/send.ts";
import type { PingOneSettings } from "../../../lib/pingone/settings.ts";
import { standInSecrets } from "../../support/stand-in.ts";
import type { NamedDefect } from "./child-protocol.ts";

type Ports = (ports: FlowPorts) => FlowPorts;

/** The claim is written only when there is something to commit: nothing holds a second sender back. */
const claimsLate: Ports = (ports) => {
  const { store } = ports;
  const claim: FlowStore["claim"] = async (request) => {
    const found = await store.read(request);
    const { flow, jar } = found ?? {};
    if (found?.token !== "current" || flow === undefined || jar === undefined) return store.claim(request);
    if (!flow.next.includes(request.step)) return store.claim(request);
    const late = async (): Promise<HeldClaim> => {
      const won = await store.claim(request);
      if (won.kind === "held") return won.claim;
      throw new ClaimLost("Another was faster.");
    };
    const held: HeldClaim = {
      until: request.until,
      hasCounted: request.attemptLimit !== undefined,
      flow: { ...flow, claim: { id: "none", step: request.step, until: request.until, doubtful: false } },
      jar,
      commit: async (result) => (await late()).commit(result),
      release: async (options) => (await late()).release(options),
      markDoubtful: async (kept) => (await late()).markDoubtful(kept),
      expire: async (now) => (await late()).expire(now),
    };
    return { kind: "held", claim: held };
  };
  return { ...ports, store: { ...store, claim } };
};

/** Every call has connections kept from the last one, and trusts them. */
function keepsSockets(settings: PingOneSettings): Ports {
  const agent = new Agent({ keepAlive: true });
  return (ports) => ({
    ...ports,
    provider: {
      ...ports.provider,
      act: async (command: StepCommand, jar: Jar, application, device) => {
        const now = ports.clock.now();
        const outgoing = stepRequest(command, jar, { settings, device, now });
        const exchange = await sendKept(outgoing, agent).catch(
          (): Exchange => ({ kind: "broken", headers: {}, setCookie: [] }),
        );
        const setCookie = exchange.kind === "unsent" ? [] : exchange.setCookie;
        const { state } = jar;
        const call =
          command.step === "resume"
            ? resumeCall({ state, redirectUri: application.redirectUri, baseUrl: settings.baseUrl })
            : command.step === "poll"
              ? ({ kind: "read", step: "poll" } as const)
              : ({ kind: "action", step: command.step } as const);
        const { answer, upstreamFlowId = jar.upstreamFlowId } = readExchange(exchange, call, now);
        const cookies = mergeCookies(jar.cookies, setCookie, placeOf(outgoing.url, settings.baseUrl), now);
        return { answer, jar: { ...jar, upstreamFlowId, cookies } };
      },
    },
  });
}

async function sendKept(outgoing: UpstreamRequest, agent: Agent): Promise<Exchange> {
  const { promise, resolve, reject } = Promise.withResolvers<Exchange>();
  const { method, headers, url } = outgoing;
  const message = request(url, { method, headers, agent });
  message.once("error", reject);
  message.once("response", (incoming) => {
    const { "set-cookie": setCookie = [], ...named } = incoming.headersDistinct;
    const flat = Object.fromEntries(
      Object.entries(named).map(([name, values]) => [name, (values ?? []).join(", ")]),
    );
    buffer(incoming).then((body) => {
      const status = incoming.statusCode ?? 0;
      resolve({ kind: "answered", status, headers: flat, setCookie, body: body.toString("utf8") });
    }, reject);
  });
  message.end(outgoing.body);
  return promise;
}

/** Nobody remembers a 429: every call goes out. */
function shedsNothing(settings: PingOneSettings): Ports {
  return (ports) => {
    const fresh = () => createPingOne(settings, ports.clock, standInSecrets);
    const act: FlowPorts["provider"]["act"] = (...call) => fresh().act(...call);
    return { ...ports, provider: { ...ports.provider, act } };
  };
}

/** Keeps some of every call for ever: enough to be seen where a busy machine makes few calls. */
function leaks(): Ports {
  const kept: string[][] = [];
  return (ports) => {
    const act: FlowPorts["provider"]["act"] = (...call) => {
      kept.push(Array.from({ length: 5_000 }, (_, n) => `${kept.length}.${n}`));
      return ports.provider.act(...call);
    };
    return { ...ports, provider: { ...ports.provider, act } };
  };
}

/** A defect by its name. */
export function namedDefect(name: NamedDefect, settings: PingOneSettings): Ports {
  const defects: Readonly<Record<NamedDefect, () => Ports>> = {
    "claims late": () => claimsLate,
    "keeps sockets": () => keepsSockets(settings),
    "sheds nothing": () => shedsNothing(settings),
    leaks,
  };
  return defects[name]();
}
