/** What a page reads of an answer. */
interface Read {
  readonly status: number;
  json(): Promise<unknown>;
}

/** What a page can say of a request. */
interface Asked {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

const simpleTypes = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/**
 * A browser's `fetch` with credentials, as far as one page at one origin can tell: it asks
 * beforehand where the fetch standard says so, hides what the answer doesn't allow, and keeps the
 * other site's cookies to itself.
 */
export function browserAt(origin: string) {
  const jar = new Map<string, string>();

  function cookies() {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    return cookie === "" ? {} : { cookie };
  }

  function keepCookies(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      jar.set(name, value);
    }
  }

  function allowed(response: Response): boolean {
    const { headers } = response;
    const named = headers.get("access-control-allow-origin") === origin;
    return named && headers.get("access-control-allow-credentials") === "true";
  }

  async function preflight(url: string, method: string, names: readonly string[]): Promise<void> {
    const asking = {
      "access-control-request-method": method,
      "access-control-request-headers": names.join(),
    };
    const response = await fetch(url, { method: "OPTIONS", headers: { origin, ...asking } });
    const granted = (response.headers.get("access-control-allow-headers") ?? "").split(/, ?/);
    if (!(response.ok && allowed(response) && names.every((name) => granted.includes(name)))) {
      throw new TypeError("Failed to fetch");
    }
  }

  return {
    fetch: async (url: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Read> => {
      const unsafe = Object.entries(headers)
        .filter(([name, value]) => name !== "content-type" || !simpleTypes.includes(value))
        .map(([name]) => name);
      if (unsafe.length > 0) await preflight(url, method, unsafe.toSorted());
      const own = { origin, "user-agent": "Mozilla/5.0", ...cookies() };
      const init = { method, headers: { ...headers, ...own }, redirect: "manual" } as const;
      const response = await fetch(url, body === undefined ? init : { ...init, body });
      keepCookies(response);
      if (!allowed(response)) throw new TypeError("Failed to fetch");
      return response;
    },
  };
}
