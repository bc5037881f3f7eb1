import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";

/** A client's own PKCE pair (RFC 7636). */
export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

/** Draws a verifier and its S256 challenge. */
export function createPkce(): Pkce {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** The members any view of a flow may have. */
const View = z.looseObject({
  flowId: z.string().optional(),
  flowToken: z.string().optional(),
  status: z.string().optional(),
  next: z.array(z.string()).optional(),
  expiresAt: z.string().optional(),
  expiresIn: z.number().optional(),
  devices: z
    .array(z.looseObject({ id: z.string(), type: z.string(), hint: z.string().optional() }))
    .optional(),
});

/** A reply of the API: the members any of its bodies may have. */
const Body = View.extend({
  code: z.string().optional(),
  state: z.string().optional(),
  nonce: z.string().optional(),
  redirectUri: z.string().optional(),
  access_token: z.string().optional(),
  id_token: z.string().optional(),
  refresh_token: z.string().optional(),
  error: z.string().optional(),
  attemptsRemaining: z.number().optional(),
  fields: z
    .array(z.strictObject({ name: z.string(), reason: z.string(), didYouMean: z.string().optional() }))
    .optional(),
  flow: View.optional(),
});

/** One HTTP reply, read whole. */
export interface ApiReply {
  readonly http: number;
  readonly headers: Headers;
  readonly text: string;
  /** `{}` where there was no JSON object. */
  readonly body: z.output<typeof Body>;
}

/** The next flow token in a reply: a problem has it in its flow. */
export function tokenIn({ body }: ApiReply): string | undefined {
  return body.flowToken ?? body.flow?.flowToken;
}

/**
 * What a reply says was wrong with its request, in a few words each: `username
 * missing`, `body unknown (otp?)`.
 */
export function faultsIn({ body: { fields = [] } }: Pick<ApiReply, "body">): string[] {
  return fields.map(({ name, reason, didYouMean }) =>
    didYouMean === undefined ? `${name} ${reason}` : `${name} ${reason} (${didYouMean}?)`,
  );
}

/** What to send beside the method and the path. */
export interface ApiRequest {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one request to the public API. */
export async function callApi(
  url: string,
  method: "DELETE" | "GET" | "POST",
  path: string,
  { body, token, headers }: ApiRequest = {},
): Promise<ApiReply> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = text !== "" && /json/.test(response.headers.get("content-type") ?? "");
  return {
    http: response.status,
    headers: response.headers,
    text,
    body: isJson ? Body.parse(JSON.parse(text)) : {},
  };
}

/** A well-behaved client of one flow: it remembers the id and always shows the newest token. */
export class FlowClient {
  readonly pkce = createPkce();
  flowId = "";
  token = "";
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** `POST /flows`. */
  async start(body: Readonly<Record<string, number | string>> = {}): Promise<ApiReply> {
    const reply = await callApi(this.#url, "POST", "/flows", {
      body: { codeChallenge: this.pkce.challenge, ...body },
    });
    this.flowId = reply.body.flowId ?? "";
    return this.#remember(reply);
  }

  /** `POST /flows/{flowId}/{step}`. */
  async step(step: string, body?: Readonly<Record<string, unknown>>, token = this.token): Promise<ApiReply> {
    const request = { token, ...(body === undefined ? {} : { body }) };
    return this.#remember(await callApi(this.#url, "POST", `/flows/${this.flowId}/${step}`, request));
  }

  /** `GET /flows/{flowId}`. */
  async status(token = this.token): Promise<ApiReply> {
    return callApi(this.#url, "GET", `/flows/${this.flowId}`, { token });
  }

  /** `DELETE /flows/{flowId}`. */
  async cancel(token = this.token): Promise<ApiReply> {
    return callApi(this.#url, "DELETE", `/flows/${this.flowId}`, { token });
  }

  #remember(reply: ApiReply): ApiReply {
    this.token = tokenIn(reply) ?? this.token;
    return reply;
  }
}
