import * as z from "zod";
import type { Answer, Call } from "./answers.ts";
import { invalidRequest, notFound, redirect, refusal, withCookies } from "./answers.ts";
import { answerWithCode } from "./authorize.ts";
import { redirectError } from "./authorize-request.ts";
import { cookiesFor } from "./cookies.ts";
import type { Flow } from "./flow.ts";
import { flowOf } from "./flows.ts";
import { heededParameters, uniqueParameters } from "./parameters.ts";
import { sessionValue } from "./sessions.ts";
import { expirePush } from "./steps.ts";
import type { World } from "./world.ts";

/** `GET /{envID}/as/resume?flowId=`: ends a completed flow with an authorization code. */
export function resume(world: World, call: Call): Answer {
  if (!takes(world, call)) return invalidRequest("resume takes flowId and nothing else.");
  const flow = flowOf(world, call);
  if (flow === undefined) return notFound();
  expirePush(world, flow);
  if (flow.status === "FAILED") return { ...accessDenied(world, flow), flow };
  if (flow.status !== "COMPLETED") return unfinished(world, flow);
  if (flow.spent) return toSignOn(world, flow, "The flow has been resumed before.");
  const session = world.sessions.find(sessionValue(call.cookies));
  if (session === undefined || session !== flow.session || session.signOn === undefined) {
    return toSignOn(world, flow, "The session token is missing or not valid.");
  }
  world.flows.touch(flow);
  const answer = answerWithCode(world, flow, session.signOn, session, answersJson(world, flow));
  return withCookies(answer, cookiesFor(world, flow));
}

const knownParameters = z.strictObject({ flowId: z.string() });

/** `dvResponse` belongs to another protocol, which is not played. */
function takes({ switches }: World, { url }: Call): boolean {
  const parameters = uniqueParameters(url.searchParams) ?? {};
  return knownParameters.safeParse(heededParameters(switches, knownParameters, parameters, ["dvResponse"]))
    .success;
}

function answersJson(world: World, flow: Flow): boolean {
  const { resumeAnswer } = world.switches;
  return resumeAnswer === "by-response-mode"
    ? flow.request.responseMode === "pi.flow"
    : resumeAnswer === "200";
}

function toSignOn(world: World, flow: Flow, message: string): Answer {
  const error = JSON.stringify({ code: "INVALID_REQUEST", message });
  return redirect(`${world.baseUrl}/signon/?error=${encodeURIComponent(error)}`, flow);
}

function unfinished(world: World, flow: Flow): Answer {
  if (world.switches.unfinishedResume === "404") return { ...notFound(), flow };
  return redirect(`${world.baseUrl}/signon/?flowId=${flow.id}`, flow);
}

function accessDenied(world: World, flow: Flow): Answer {
  const message = "The sign-on failed.";
  if (!answersJson(world, flow)) return redirectError(flow.request, "access_denied", message);
  return refusal(403, "ACCESS_FAILED", message, [{ code: "access_denied", message }]);
}
