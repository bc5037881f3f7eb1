import { createHash, randomUUID } from "node:crypto";
import * as z from "zod";
import type { Answer, Call } from "./answers.ts";
import { json } from "./answers.ts";
import type { Application } from "./applications.ts";
import { findApplication } from "./applications.ts";
import type { Grant } from "./codes.ts";
import { isForm, uniqueParameters } from "./parameters.ts";
import { issueTokens } from "./tokens.ts";
import type { World } from "./world.ts";

const parametersSchema = z.strictObject({
  grant_type: z.string(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
});

type Parameters = z.infer<typeof parametersSchema>;

const uncached = [
  ["cache-control", "no-store"],
  ["pragma", "no-cache"],
] as const;

/** `POST /{envID}/as/token`: a code for tokens. Errors are OAuth-shaped, unlike those of `/flows`. */
export async function token(world: World, call: Call): Promise<Answer> {
  const form = isForm(call) ? uniqueParameters(new URLSearchParams(call.body)) : undefined;
  const parsed = parametersSchema.safeParse(form);
  if (!parsed.success || call.url.search !== "") {
    return oauthError(400, "invalid_request", "Malformed token request");
  }
  const application = authenticate(call, parsed.data);
  if (application === undefined) {
    return oauthError(401, "invalid_client", "Request denied: Unsupported authentication method");
  }
  if (parsed.data.grant_type !== "authorization_code") {
    return oauthError(400, "unsupported_grant_type", "The grant type is not allowed");
  }
  const grant = redeem(world, application, parsed.data);
  if (grant === undefined) return oauthError(400, "invalid_grant", "The authorization code is not valid");
  const { baseUrl, environmentId, clock, signer } = world;
  return json(200, await issueTokens(signer, { grant, baseUrl, environmentId, now: clock.now() }), uncached);
}

/** An OAuth error; PingOne's description quotes a correlation id, repeated in the header. */
function oauthError(status: number, error: string, description: string): Answer {
  const id = randomUUID();
  const body = { error, error_description: `${description} (Correlation ID: ${id})` };
  return json(status, body, [...uncached, ["correlation-id", id]]);
}

/** The application, if it proves itself by its one registered method and no other. */
function authenticate(call: Call, parameters: Parameters): Application | undefined {
  const header = call.headers.get("authorization");
  if (parameters.client_secret !== undefined) return undefined;
  return header === null ? authenticateNone(parameters) : authenticateBasic(header, parameters);
}

function authenticateNone({ client_id }: Parameters): Application | undefined {
  const application = findApplication(client_id ?? "");
  return application?.tokenEndpointAuthMethod === "NONE" ? application : undefined;
}

function authenticateBasic(header: string, { client_id }: Parameters): Application | undefined {
  const encoded = /^Basic ([\w+/]+=*)$/.exec(header)?.[1] ?? "";
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  const id = formDecode(pair.slice(0, colon));
  const application = findApplication(id);
  const sameClient = client_id === undefined || client_id === id;
  const usesBasic = application?.tokenEndpointAuthMethod === "CLIENT_SECRET_BASIC";
  const rightSecret = application?.clientSecret === formDecode(pair.slice(colon + 1));
  return colon > 0 && sameClient && usesBasic && rightSecret ? application : undefined;
}

/** RFC 6749 §2.3.1: both halves of Basic are form-encoded first. */
function formDecode(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll("&", "%26")}`).get("v") ?? "";
}

/** The grant of a code presented by its own client. Any such presentation spends the code, right or wrong. */
function redeem(world: World, application: Application, parameters: Parameters): Grant | undefined {
  const { code = "", code_verifier = "", redirect_uri } = parameters;
  const grant = world.codes.peek(code);
  if (grant?.request.application.clientId !== application.clientId) return undefined;
  world.codes.spend(code);
  const challenge = createHash("sha256").update(code_verifier).digest("base64url");
  const sameChallenge = challenge === grant.request.codeChallenge;
  return sameChallenge && redirect_uri === grant.request.redirectUri ? grant : undefined;
}
