/** A request, as the product builds them. */
export interface Request {
  readonly method: "DELETE" | "GET" | "OPTIONS" | "POST" | "PUT";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** An answer read whole. */
interface Answer {
  readonly kind: "answered";
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; nothing where it isn't JSON. */
  readonly json: unknown;
}

/** What came of a request. */
export type Asked = Answer | { readonly kind: "silent"; readonly why: string };

/** Sends a request once, and follows nothing. Never rejects. */
export type Ask = (request: Request) => Promise<Asked>;

/** The platform's `fetch`, or what stands in its place. */
export type Fetch = typeof globalThis.fetch;

/**
 * Asks over HTTP.
 *
 * @param timeoutMs what one call may take: milliseconds
 */
export function asking(fetch: Fetch, timeoutMs: number): Ask {
  return async ({ url, method, headers, body }) => {
    try {
      const answer = await fetch(url, {
        method,
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined ? {} : { body }),
      });
      const json = parsed(await answer.text());
      return { kind: "answered", status: answer.status, headers: answer.headers, json };
    } catch (error) {
      return { kind: "silent", why: reasonOf(error, timeoutMs) };
    }
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "the request could not be sent";
  if (error.name === "TimeoutError") return `no answer came within ${timeoutMs} ms`;
  const code = codeOf(error.cause);
  if (/^(?:ENOTFOUND|EAI_)/.test(code)) return "nobody knows its host name";
  if (code === "ECONNREFUSED") return "nothing listens there";
  if (/CERT|TLS|SSL/.test(code)) return `no secure connection came about (${code})`;
  return code === "" ? "the connection broke" : `the connection broke (${code})`;
}

function codeOf(cause: unknown): string {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return "";
  return typeof cause.code === "string" ? cause.code : "";
}
