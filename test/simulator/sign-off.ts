import { decodeJwt } from "jose";
import * as z from "zod";
import type { Answer, Call } from "./answers.ts";
import { invalidRequest, redirect } from "./answers.ts";
import { isForm, uniqueParameters } from "./parameters.ts";
import { sessionValue } from "./sessions.ts";
import type { World } from "./world.ts";

const parametersSchema = z.strictObject({
  id_token_hint: z.string().optional(),
  state: z.string().optional(),
});

/**
 * `GET|POST /{envID}/as/signoff`: ends the session of the cookie; without one it ends nothing. A hint has to
 * be of the same person.
 */
export function signOff(world: World, call: Call): Answer {
  const parameters = readParameters(call);
  if (parameters === undefined) return invalidRequest("Malformed sign-off.");
  const session = world.sessions.find(sessionValue(call.cookies));
  const hinted = subjectOf(parameters.id_token_hint);
  const isOther = hinted !== undefined && hinted !== session?.signOn?.account.person.id;
  if (isOther) return invalidRequest("The hint is of another person.");
  if (session !== undefined) world.sessions.end(session);
  return confirmed(world);
}

/** `GET /{envID}/as/idpSignoff?id_token_hint=`: without a cookie, where the application allows it. */
export async function idpSignOff(world: World, call: Call): Promise<Answer> {
  const hint = readParameters(call)?.id_token_hint ?? "";
  const claims = await world.signer.verify(hint, world.clock.now());
  const application = world.applications.find(String(claims?.["aud"]));
  if (application?.idpSignoff !== true) return invalidRequest("The application ends no session this way.");
  world.sessions.endById(String(claims?.["sid"]));
  return confirmed(world);
}

function confirmed({ baseUrl }: World): Answer {
  return redirect(`${baseUrl}/signon/#signedOff`);
}

function readParameters(call: Call) {
  if (call.body !== "" && !isForm(call)) return undefined;
  return parametersSchema.safeParse(uniqueParameters(call.url.searchParams, new URLSearchParams(call.body)))
    .data;
}

function subjectOf(hint: string | undefined): string | undefined {
  try {
    return hint === undefined ? undefined : decodeJwt(hint).sub;
  } catch {
    return "";
  }
}
