import { randomBytes } from "node:crypto";
import type { Application } from "../flow/application.ts";
import type { ClientSecrets } from "../flow/client-secrets.ts";
import type { Clock } from "../flow/clock.ts";
import type { Jar } from "../flow/jar.ts";
import {
  type DeviceContext,
  type IdentityProvider,
  namesSomebody,
  type RefreshCommand,
  type StartCommand,
  type UpstreamAnswer,
  type UpstreamReply,
} from "../flow/provider.ts";
import type { StepCommand, StepName } from "../flow/steps.ts";
import { type Connections, createConnections } from "./connections.ts";
import { placeOf } from "./cookie-scope.ts";
import { fittingBesideCode, mergeCookies } from "./cookies.ts";
import { sendHarmless } from "./harmless.ts";
import type { ReadIdToken } from "./id-tokens.ts";
import { isForEverybody } from "./rate-limits.ts";
import {
  authorizeRequest,
  browserUrl,
  keysRequest,
  type RequestContext,
  readRequest,
  signOffRequest,
  stepRequest,
  type UpstreamRequest,
} from "./requests.ts";
import { type Call, readExchange } from "./responses.ts";
import { type Exchange, send } from "./send.ts";
import type { PingOneSettings } from "./settings.ts";
import type { Means, SignedStart } from "./signed.ts";

/** Where a limit lasts longer, one request finds out for everybody whether it still does. */
const longestHoldMs = 30_000;

/** Of a policy's name that a jar keeps: bytes. */
const longestPolicy = 128;

const noSecrets: ClientSecrets = { of: async () => undefined, forget: () => undefined };

/**
 * PingOne over HTTP: every call builds one request, sends it once and reads what came back; one that spends
 * nothing may be sent once more ({@link sendHarmless}). The jar in a
 * reply has every cookie that came, whatever the answer was, and the flow's latest id. Never throws for what
 * PingOne or the network does.
 *
 * After a 429 for all our calls ({@link isForEverybody}) nothing is sent until its `Retry-After` has passed,
 * or 30 s: calls are answered as rate-limited here. One person's limit is theirs alone.
 *
 * When a start brings no flow that can be read, the jar's `upstreamFlowId` is empty.
 *
 * @param settings a `baseUrl` for which `baseUrlFault` finds nothing
 * @param secrets of the applications that have one
 * @param signingKey gives the key by which applications sign that say so
 */
export function createPingOne(
  settings: PingOneSettings,
  clock: Clock,
  secrets: ClientSecrets = noSecrets,
  signingKey?: Means["signingKey"],
): IdentityProvider {
  const context = (device: DeviceContext): RequestContext => ({ settings, device, now: clock.now() });

  const connections = createConnections(new URL(settings.baseUrl), clock);
  const issuer = `${settings.baseUrl}/as`;
  const { call, isHeld } = createCaller(settings, clock, connections);
  const granter = { settings, secrets, call };

  return {
    prepare: connections.prepare,
    async start(command: StartCommand, device: DeviceContext) {
      const jar = emptyJar(command);
      const startedAt = performance.now();
      const signed = await signedFor(command, device, { secrets, signingKey, issuer, now: clock.now() });
      if (signed === undefined) return { answer: { kind: "unsent" }, jar };
      const request = authorizeRequest(command, jar, context(device), signed.parameters);
      const left = Math.max(1, settings.timeoutMs - (performance.now() - startedAt));
      const reply = await call(request, { kind: "start", spends: namesSomebody(command) }, jar, left);
      if (isOfSignature(reply) && signed.isBySecret) secrets.forget(jar.application);
      return reply;
    },
    verify: idTokenVerification({ settings, issuer, isHeld }, clock, connections),
    async act(command: StepCommand, jar: Jar, application: Application, device: DeviceContext) {
      connections.won();
      if (command.call.kind === "exchange") {
        const { redeem } = await import("./granting.ts");
        return redeem(command.call.codeVerifier, { application, jar, device }, granter);
      }
      const kind = await kindOfCall(command, jar, application, settings);
      return call(stepRequest(command, jar, context(device)), kind, jar);
    },
    browserLeg: (jar, application) => browserLegFor(jar, application, settings),
    async signOff(jar: Jar, device: DeviceContext) {
      connections.won();
      const { readSignOffAnswer } = await import("./sign-off.ts");
      const kind = { kind: "grant", read: readSignOffAnswer } as const;
      const { jar: _, ...told } = await call(signOffRequest(jar, context(device)), kind, jar);
      return told;
    },
    async refresh(command: RefreshCommand, device: DeviceContext) {
      const { refresh } = await import("./granting.ts");
      return refresh(command, device, granter);
    },
    read(jar: Jar, device: DeviceContext, step: StepName) {
      connections.won();
      return call(readRequest(jar, context(device)), { kind: "read", step }, jar);
    },
  };
}

/** Makes calls, and none before the time of everybody's limit: that would only be refused as well. */
function createCaller(settings: PingOneSettings, clock: Clock, connections: Connections) {
  let openAt = 0;

  async function call(
    request: UpstreamRequest,
    kind: Call,
    jar: Jar,
    timeoutMs = settings.timeoutMs,
  ): Promise<UpstreamReply> {
    const wait = openAt - clock.now();
    if (wait > 0) return { answer: { kind: "rate-limited", retryAfter: Math.ceil(wait / 1000) }, jar };
    const exchange = spendsNothing(kind)
      ? await sendHarmless(request, timeoutMs, connections)
      : await send(request, timeoutMs, connections.own);
    const reply = replyOf(exchange, kind, { request, settings, jar }, clock.now());
    openAt = Math.max(openAt, clock.now() + holdMs(exchange, kind, reply.answer));
    return reply;
  }

  return { call, isHeld: () => openAt > clock.now() };
}

/**
 * Whether a call can be made twice: a start that names nobody leaves a flow behind that ends by itself. A
 * read can't, since its answer may bring the session cookie, which comes once.
 */
function spendsNothing(call: Call): boolean {
  return call.kind === "start" && !call.spends;
}

/** How long nobody may call after an answer. */
function holdMs(exchange: Exchange, call: Call, answer: UpstreamAnswer): number {
  if (exchange.kind !== "answered" || exchange.status !== 429 || answer.kind !== "rate-limited") return 0;
  const { retryAfter } = answer;
  return isForEverybody(exchange, call, retryAfter) ? Math.min(retryAfter * 1000, longestHoldMs) : 0;
}

/** What a call was made with. */
interface Asked {
  readonly request: UpstreamRequest;
  readonly settings: PingOneSettings;
  readonly jar: Jar;
}

function replyOf(
  exchange: Exchange,
  call: Call,
  { request, settings, jar }: Asked,
  now: number,
): UpstreamReply {
  const { answer, upstreamFlowId = jar.upstreamFlowId } = readExchange(exchange, call, now);
  if (exchange.kind === "unsent") return { answer, jar };
  const place = placeOf(request.url, settings.baseUrl);
  const merged = mergeCookies(jar.cookies, exchange.setCookie, place, now);
  const cookies = answer.kind === "authorized" ? fittingBesideCode(merged, place) : merged;
  const correlationId = /^[\w-]{1,64}$/.exec(exchange.headers["correlation-id"] ?? "")?.[0];
  return {
    answer,
    jar: { ...jar, upstreamFlowId, cookies },
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(exchange.status === undefined ? {} : { httpStatus: exchange.status }),
  };
}

/**
 * Whether PingOne may not have taken a signature: then the secret is to be read anew. Where PingOne has
 * judged the name it is not, since how long the next start takes would tell what was judged.
 */
function isOfSignature({ answer }: UpstreamReply): boolean {
  return answer.kind === "refused" || answer.kind === "unsupported";
}

/** What goes signed into a start; nothing where it can't be signed. */
async function signedFor(
  command: StartCommand,
  device: DeviceContext,
  means: Means,
): Promise<SignedStart | undefined> {
  const tells = device.address !== undefined && command.application.signedRequest !== undefined;
  if (command.subject === undefined && !tells) return { parameters: {}, isBySecret: false };
  const { signStart } = await import("./signed.ts");
  return signStart(command, device, means);
}

/** Verifies ID tokens, by what is loaded when the first one comes. */
function idTokenVerification(
  { settings, issuer, isHeld }: { settings: PingOneSettings; issuer: string; isHeld: () => boolean },
  clock: Clock,
  connections: Connections,
): IdentityProvider["verify"] {
  // Half of a call's time, since the start that the keys are read for needs its own.
  const readKeys = async () => {
    if (isHeld()) return undefined;
    const read = await sendHarmless(keysRequest(settings), settings.timeoutMs / 2, connections);
    return read.kind === "answered" && read.status === 200 ? read.body : undefined;
  };
  let readIdToken: ReadIdToken | undefined;
  return async (idToken, { clientId }) => {
    const { createIdTokens } = await import("./id-tokens.ts");
    readIdToken ??= createIdTokens(readKeys, clock);
    return readIdToken(idToken, { issuer, clientId });
  };
}

async function kindOfCall(
  { step, call }: StepCommand,
  { state }: Jar,
  { redirectUri }: Application,
  { baseUrl }: PingOneSettings,
): Promise<Call> {
  switch (call.kind) {
    case "resume": {
      const { resumeCall } = await import("./resume.ts");
      return resumeCall({ state, redirectUri, baseUrl });
    }
    case "read":
      return { kind: "read", step };
    case "action":
      return { kind: "action", step };
    case "exchange":
      throw new TypeError("A code is redeemed at the token endpoint.");
  }
}

function emptyJar(command: StartCommand): Jar {
  return {
    upstreamFlowId: "",
    cookies: [],
    state: secret(),
    nonce: command.nonce ?? secret(),
    codeChallenge: command.codeChallenge,
    ...policyOf(command),
    ...(command.maxAge === undefined ? {} : { maxAge: command.maxAge }),
    application: command.applicationName,
  };
}

function browserLegFor(jar: Jar, application: Application, settings: PingOneSettings) {
  const secrets = { state: secret(), nonce: secret() };
  const url = browserUrl(jar, application, secrets, settings);
  return url === undefined ? undefined : { url, ...secrets };
}

/** A jar has no room for a name that is absurdly long. */
function policyOf({ policy }: StartCommand): Pick<Jar, "policy"> {
  return policy === undefined || Buffer.byteLength(policy) > longestPolicy ? {} : { policy };
}

/** 256 bits, as a parameter can carry them. */
function secret(): string {
  return randomBytes(32).toString("base64url");
}
