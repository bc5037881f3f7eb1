import type { Account } from "./accounts.ts";
import { lookUp } from "./actions/user-lookup.ts";
import type { Answer, Call } from "./answers.ts";
import { hal, redirect, withCookies } from "./answers.ts";
import { loginRequired, readAuthorize, redirectBack } from "./authorize-request.ts";
import { cookiesFor } from "./cookies.ts";
import type { AuthorizeRequest, Flow } from "./flow.ts";
import { renderAuthorized, renderFlow } from "./render.ts";
import type { Session, SignOn } from "./sessions.ts";
import { sessionValue } from "./sessions.ts";
import { complete } from "./steps.ts";
import type { Told } from "./telling.ts";
import { tellOutcome } from "./telling.ts";
import type { World } from "./world.ts";

/** `GET|POST /{envID}/as/authorize`: starts a flow, or answers at once for a live session. */
export function authorize(world: World, call: Call): Answer {
  const read = readAuthorize(world, call);
  if (!read.ok) return read.answer;
  const { request } = read;
  const session = world.sessions.find(sessionValue(call.cookies));
  if (session?.signOn !== undefined && satisfies(world, request, session.signOn)) {
    return signOnBySession(world, request, session, session.signOn);
  }
  if (request.prompt === "none") return loginRequired(request);
  return start(world, request);
}

/** A new code for the flow, given back as the flow's application wants it. Spends the flow. */
export function answerWithCode(
  world: World,
  flow: Flow,
  signOn: SignOn,
  session: Session,
  asJson: boolean,
): Answer {
  const code = world.codes.issue(flow.request, session, signOn);
  flow.spent = true;
  if (asJson) return hal(200, renderAuthorized(world, flow, code), flow);
  return { ...redirectBack(flow.request, { code }), flow };
}

function satisfies(world: World, request: AuthorizeRequest, signOn: SignOn): boolean {
  const age = world.clock.now() - signOn.authTime;
  const fresh = request.maxAge === undefined || age <= request.maxAge * 1000;
  return fresh && request.prompt !== "login" && request.acr === signOn.acr;
}

function signOnBySession(world: World, request: AuthorizeRequest, session: Session, signOn: SignOn): Answer {
  const flow = world.flows.create(request);
  flow.account = signOn.account;
  flow.session = session;
  flow.status = "COMPLETED";
  flow.completionTold = true;
  return answerWithCode(world, flow, signOn, session, request.responseMode === "pi.flow");
}

/** A hint is the lookup under a policy that begins with one and asks for no password. */
function tellHint(world: World, flow: Flow): Told {
  const { loginHint, subject, policy } = flow.request;
  const hint = subject ?? loginHint;
  if (hint === undefined || policy.password) return { shows: "flow" };
  const account = subject === undefined ? undefined : world.accounts.withId(subject);
  if (account !== undefined && isBypassed(world, account)) {
    complete(world, flow, account);
    return { shows: "flow" };
  }
  return tellOutcome(world, flow, lookUp(world, flow, account?.person.username ?? hint));
}

/** Whom the application vouches for by its signature needs no device, where the policy says so. */
function isBypassed({ switches }: World, account: Account): boolean {
  const hasNone = account.devices.every(({ usable }) => !usable);
  return switches.noDevicesMode === "BYPASS" && account.person.enabled && hasNone;
}

function start(world: World, request: AuthorizeRequest): Answer {
  const flow = world.flows.create(request);
  const told = tellHint(world, flow);
  if (told.shows === "answer") return told.answer;
  const answer =
    request.responseMode === "pi.flow"
      ? hal(200, renderFlow(world, flow, told.error), flow)
      : redirect(`${world.baseUrl}/signon/?flowId=${flow.id}`, flow);
  if (flow.session !== undefined) return withCookies(answer, cookiesFor(world, flow));
  if (world.switches.cookiesAt !== "authorize") return answer;
  flow.session = world.sessions.open();
  return withCookies(answer, world.sessions.cookieLines(flow.session, world.switches.secureCookies));
}
