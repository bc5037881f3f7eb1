import { largeDetails } from "../../../lib/flow/details.ts";
import type { ShownView } from "../../../lib/flow/flow.ts";
import { flowStatuses } from "../../../lib/flow/flow.ts";
import type { Authorization, Reply } from "../../../lib/flow/reply.ts";
import { clientSteps } from "../../../lib/flow/steps.ts";
import type { Tokens } from "../../../lib/flow/tokens.ts";
import { FlowToken } from "../../../lib/http/schemas.ts";
import { AuthorizationSchema, ViewSchema } from "../../../lib/store/secrets.ts";
import { type JsonObject, objectAt, textsIn } from "../json.ts";
import { jsonSchema, schemaRef } from "./schemas.ts";

/** A member of a view that only a client sees, and not the row. */
type Shown = ShownView & { readonly flowToken?: string };

/** What each member of a view says. The members themselves are those of the stored view. */
const said = {
  flowId: "Our id of the flow: no secret.",
  status: `PingOne's status word, or one of ours once the flow has ended. Known are ${flowStatuses.join(", ")}; any other is passed on.`,
  next: "The steps that can be taken now: each is the last segment of the URL to POST to. Later versions may add some.",
  expiresAt: "When we stop acting on the flow.",
  expiresIn: "Whole seconds until then, by our clock.",
  flowToken: "The next flow token: it replaces the one before. Absent where it travels as a cookie.",
  otpLength: "How many digits the one-time passcode has.",
  selectedDevice: "The id of the device that a code or push was sent to.",
  devices: "The person's devices.",
  email: "The masked address that a code for verification went to.",
  identityProvider:
    "Who signs the person on in PingOne's place: what to call them. Only a browser can go there.",
  passwordPolicy: "What PingOne asks of a new password. A rule that is absent is not enforced.",
  resend: "Choosing the device again sends nothing: the code stands on it.",
  publicKey: "What a passkey has to sign: PublicKeyCredentialRequestOptionsJSON of WebAuthn.",
  profile: "What the policy wants to know of the person: the attributes that `profile` takes.",
  agreement: "What the person is asked to accept or refuse by `consent`.",
  pollAfter: "How long to wait before the next look at a push: whole seconds.",
  more: "Members that are too large to be kept: a read of the flow has them.",
  fallback: "This API can't lead on from here, and a browser sign-on can.",
  browser:
    "Where a browser begins that sign-on, with a state and nonce of its own. Only a read of the flow has it.",
  pending: "The step that another request is still waiting for.",
  settled: "A doubt has been settled: PingOne shows no sign of having acted, and the person may try again.",
} as const satisfies Record<keyof Shown, string>;

const saidOfCode = {
  flowId: said.flowId,
  status: "The flow's status, now that it has been resumed.",
  code: "The authorization code. The client redeems it with its own PKCE verifier.",
  state: "The state of the authorization request. Made by us.",
  nonce: "What the ID token's nonce has to be.",
  next: "The steps that can be taken then, where there are any.",
  redirectUri: "The redirect URI to name when the code is redeemed.",
} as const satisfies Record<keyof Authorization, string>;

const flowToken = jsonSchema(FlowToken, "output");

/** What the document says closer than the schema of the row. */
const closer: JsonObject = {
  flowId: { type: "string", format: "uuid" },
  next: { type: "array", items: { type: "string", enum: clientSteps } },
  expiresAt: { type: "string", format: "date-time" },
  // What a later release has put there is passed over, which no schema can say.
  more: { readOnly: true, type: "array", items: { type: "string", enum: largeDetails } },
  pending: { type: "string", enum: clientSteps },
  redirectUri: { type: "string", format: "uri" },
};

/** The bodies of replies that are no problem, by the kind of reply; `undefined` where there is none. */
export const replyBodies = {
  view: schemaRef("Flow"),
  authorized: schemaRef("Authorization"),
  redeemed: schemaRef("Redemption"),
  refreshed: schemaRef("Tokens"),
  cancelled: undefined,
} as const satisfies Record<Exclude<Reply["kind"], "problem">, JsonObject | undefined>;

/** The schemas that they refer to. */
export function viewSchemas(): JsonObject {
  return {
    Flow: shown(jsonSchema(ViewSchema, "output"), said, {
      expiresIn: { type: "integer", minimum: 0 },
    }),
    Tokens: tokens({}),
    Redemption: tokens({
      flowId: { ...objectAt(closer["flowId"]), description: said.flowId },
      status: { type: "string", description: saidOfCode.status },
      flowToken: { ...flowToken, description: said.flowToken },
    }),
    Authorization: shown(jsonSchema(AuthorizationSchema, "output"), saidOfCode, {}),
  };
}

const ofTokens = {
  access_token: { type: "string", description: "The access token (RFC 6749 §1.4)." },
  token_type: { type: "string", description: "How it is used: Bearer." },
  expires_in: { type: "number", minimum: 0, description: "Seconds that it lives." },
  refresh_token: { type: "string", description: "For POST /tokens, once." },
  id_token: { type: "string", description: "Who has signed on (OpenID Connect Core §2)." },
  scope: { type: "string", description: "What it is good for, with blanks between." },
} as const satisfies Record<keyof Tokens, JsonObject>;

/** What the token endpoint gave. @param beside members of ours; `flowToken` alone may be absent */
function tokens(beside: JsonObject): JsonObject {
  const always = Object.keys(beside).filter((name) => name !== "flowToken");
  return {
    type: "object",
    properties: { ...beside, ...ofTokens },
    required: [...always, "access_token", "token_type"],
    additionalProperties: false,
  };
}

/**
 * A stored schema as clients see it: with words, what is told closer, and the next flow token.
 *
 * @param beside required members that are not stored
 */
function shown(stored: JsonObject, words: Readonly<Record<string, string>>, beside: JsonObject): JsonObject {
  const members = { ...objectAt(stored, "properties"), ...beside, flowToken };
  const properties = Object.entries(members).map(([name, schema]) => {
    const description = words[name] ?? said.flowToken;
    return [name, { ...objectAt(closer[name] ?? schema), description }];
  });
  return {
    ...stored,
    properties: Object.fromEntries(properties),
    required: [...textsIn(stored["required"]), ...Object.keys(beside)],
  };
}
