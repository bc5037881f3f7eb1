import { parseSetCookie, stringifyCookie } from "cookie";
import { type ApiReply, callApi, createPkce } from "./flow-client.ts";

/** What a browser says of a page on the API's own site. */
export const fromOwnSite = { origin: "https://app.example.com", "sec-fetch-site": "same-site" } as const;

/** The variables of functions that deliver cookies to that page. */
export const cookieDelivery = { COOKIE_DELIVERY: "true", ALLOWED_ORIGINS: fromOwnSite.origin } as const;

/** A page in a browser that signs a person on by cookie: it never sees a flow token. */
export class BrowserClient {
  readonly pkce = createPkce();
  flowId = "";
  /** What the browser keeps: the value of each cookie, by path and name. */
  readonly jar = new Map<string, Map<string, string>>();
  /** The body of every reply there was. */
  readonly texts: string[] = [];
  /**
   * Every token that came as a cookie, the newest last; one that came for several spellings of a path, once.
   */
  readonly tokens: string[] = [];
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** `POST /flows`, asking for the cookie. */
  async start(body: Readonly<Record<string, string>> = {}): Promise<ApiReply> {
    const asked = { codeChallenge: this.pkce.challenge, tokenDelivery: "cookie", ...body };
    const reply = await this.#send("POST", "/flows", asked);
    this.flowId = reply.body.flowId ?? "";
    return reply;
  }

  /** `POST /flows/{flowId}/{step}`. */
  step(step: string, body?: Readonly<Record<string, unknown>>): Promise<ApiReply> {
    return this.#send("POST", `/flows/${this.flowId}/${step}`, body);
  }

  /** `GET /flows/{flowId}`. */
  status(): Promise<ApiReply> {
    return this.#send("GET", `/flows/${this.flowId}`);
  }

  /** `DELETE /flows/{flowId}`. */
  cancel(): Promise<ApiReply> {
    return this.#send("DELETE", `/flows/${this.flowId}`);
  }

  /** Has the browser forget the last token, as if the reply that brought it had been lost. */
  loseLastReply(): void {
    this.tokens.pop();
    this.texts.pop();
    for (const id of [this.flowId.toLowerCase(), this.flowId.toUpperCase()]) {
      this.jar.set(`/flows/${id}`, new Map([["__Secure-flow-token", this.tokens.at(-1) ?? ""]]));
    }
  }

  async #send(method: "DELETE" | "GET" | "POST", path: string, body?: object): Promise<ApiReply> {
    const cookie = this.#cookiesFor(path);
    const headers = { ...fromOwnSite, ...(cookie === "" ? {} : { cookie }) };
    const reply = await callApi(this.#url, method, path, {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    this.texts.push(reply.text);
    for (const line of reply.headers.getSetCookie()) this.#keep(line);
    return reply;
  }

  /** RFC 6265 §5.1.4: a path fits itself and what lies below. */
  #cookiesFor(path: string): string {
    const fitting = [...this.jar].filter(([of]) => path === of || path.startsWith(`${of}/`));
    return stringifyCookie(Object.fromEntries(fitting.flatMap(([, cookies]) => [...cookies])));
  }

  #keep(line: string): void {
    const { name, value = "", path = "/", maxAge = 1 } = parseSetCookie(line);
    const cookies = this.jar.get(path) ?? new Map<string, string>();
    this.jar.set(path, cookies);
    if (maxAge > 0) {
      cookies.set(name, value);
      if (this.tokens.at(-1) !== value) this.tokens.push(value);
    } else {
      cookies.delete(name);
    }
  }
}
