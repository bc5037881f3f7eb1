import { actions, offeredAction } from "./actions.ts";
import type { Answer, Call } from "./answers.ts";
import { accessFailed, hal, invalidRequest, notFound, refusal, withCookies } from "./answers.ts";
import { parseJson } from "./bodies.ts";
import { cookiesFor } from "./cookies.ts";
import type { Flow } from "./flow.ts";
import { actionIn } from "./media-types.ts";
import { isForm } from "./parameters.ts";
import { renderFlow, renderSlipped } from "./render.ts";
import { sessionValue } from "./sessions.ts";
import { expirePush } from "./steps.ts";
import type { Outcome, Told } from "./telling.ts";
import { tellOutcome, tellState } from "./telling.ts";
import type { World } from "./world.ts";

/** Every action PingOne documents for flows: known here even when not performed. */
const knownActions: readonly string[] = [
  ...actions.map(({ name }) => name),
  "password.forgot",
  "password.recover",
  "password.sendRecoveryCode",
  "user.register",
  "user.verify",
  "user.sendVerificationCode",
  "user.confirm",
  "user.acceptInvite",
  "kerberos.lookup",
  "deviceAuthGrant.userCode.verify",
  "deviceAuthGrant.consent",
];

/** The action that a request names by its media type. */
export function actionOf({ switches }: World, { headers }: Call): string | undefined {
  return actionIn(switches, headers.get("content-type") ?? "", knownActions);
}

/** The flow that a call's path or query names, if it lives. */
export function flowOf(world: World, call: Call): Flow | undefined {
  const id = flowIdOf(call);
  return id === undefined ? undefined : world.flows.find(id);
}

/** The flow id in a call's path or query. */
export function flowIdOf(call: Call): string | undefined {
  return /\/flows\/([^/]+)$/.exec(call.url.pathname)?.[1] ?? call.url.searchParams.get("flowId") ?? undefined;
}

/** `GET /{envID}/flows/{flowID}`: reads the flow; how a push is polled. */
export function readFlow(world: World, call: Call): Answer {
  return refuseHeaders(world, call) ?? onFlow(world, call, (flow) => tellState(world, flow));
}

/** `POST /{envID}/flows/{flowID}`: does the action the content type names. */
export function actOnFlow(world: World, call: Call): Answer {
  const refused = refuseHeaders(world, call) ?? refuseContentType(world, call);
  if (refused !== undefined) return refused;
  const name = actionOf(world, call) ?? "";
  const run = (flow: Flow) => tellOutcome(world, flow, act(world, flow, name, call.body));
  return onFlow(world, call, run, name);
}

function refuseHeaders(world: World, { headers }: Call): Answer | undefined {
  const authorization = headers.get("authorization");
  const { flowsBearer, acceptJsonOnly } = world.switches;
  if (flowsBearer === "refused" && authorization !== null) return accessFailed();
  if (flowsBearer === "required" && !/^Bearer \S+$/.test(authorization ?? "")) return accessFailed();
  const types = ["*/*", "application/*", "application/hal+json"];
  if (acceptJsonOnly === "accepted") types.push("application/json");
  const accepted = (headers.get("accept") ?? "*/*").split(",").map(toMediaRange);
  return accepted.some((type) => types.includes(type))
    ? undefined
    : refusal(406, "INVALID_REQUEST", "No acceptable representation.");
}

function toMediaRange(text: string): string {
  return text.replace(/;.*$/, "").trim().toLowerCase();
}

function refuseContentType(world: World, call: Call): Answer | undefined {
  if (actionOf(world, call) !== undefined) return undefined;
  return isForm(call) ? accessFailed() : refusal(415, "INVALID_REQUEST", "Unsupported media type.");
}

function onFlow(world: World, call: Call, run: (flow: Flow) => Told, name = "read"): Answer {
  const flow = flowOf(world, call);
  if (flow === undefined) return notFound();
  if (call.url.search !== "") return invalidRequest("A flow takes no query.");
  if (world.sessions.isVoided(sessionValue(call.cookies))) return accessFailed();
  expirePush(world, flow);
  const told = run(flow);
  if (told.shows === "answer") return withCookies({ ...told.answer, flow }, cookiesFor(world, flow));
  world.flows.touch(flow);
  const slipped = world.switches.shapes === "2018" && name === "otp.check";
  const body = slipped ? renderSlipped(world, flow) : renderFlow(world, flow, told.error);
  return withCookies(hal(200, body, flow), cookiesFor(world, flow));
}

function act(world: World, flow: Flow, name: string, text: string): Outcome {
  const action = offeredAction(flow, name, world.switches);
  if (action === undefined) return malformed(`The flow does not offer ${name} in this state.`);
  const body = parseJson(text);
  return body === undefined ? malformed("The body is not JSON.") : action.act(world, flow, body.value);
}

function malformed(message: string): Outcome {
  return { kind: "malformed", answer: invalidRequest(message) };
}
