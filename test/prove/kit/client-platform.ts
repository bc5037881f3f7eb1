import { parseSetCookie } from "cookie";
import type { FetchedReply, FetchInit, Platform } from "../../../lib/client/platform.ts";
import type { TestClock } from "../../support/composition.ts";

/** By what a client's time limit is told from its pauses: milliseconds. */
export const hangUpMs = 87_654_321;

/** What one client runs on: a browser's cookies, its own `User-Agent`, a clock that waiting moves. */
export class ClientPlatform implements Partial<Platform> {
  readonly #clock: TestClock;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cookies = new Map<string, string>();
  #limit: (() => void) | undefined;
  /** How many requests were sent. */
  sent = 0;

  constructor(clock: TestClock, headers: Readonly<Record<string, string>>) {
    this.#clock = clock;
    this.#headers = headers;
  }

  readonly fetch = async (url: string, init: FetchInit): Promise<FetchedReply> => {
    this.sent += 1;
    const { pathname } = new URL(url);
    const fitting = [...this.#cookies].filter(
      ([path]) => pathname === path || pathname.startsWith(`${path}/`),
    );
    const cookie = fitting.map(([, value]) => `__Secure-flow-token=${value}`).join("; ");
    const isWithCookies = init.credentials === "include" && cookie !== "";
    const headers = { ...init.headers, ...this.#headers, ...(isWithCookies ? { cookie } : {}) };
    const reply = await fetch(url, { ...init, headers });
    // A browser takes a cookie with the head of a reply, whatever becomes of its body.
    for (const line of reply.headers.getSetCookie()) this.#keep(line);
    return reply;
  };

  readonly now = (): number => this.#clock.now();

  readonly after = (milliseconds: number, work: () => void): (() => void) => {
    if (milliseconds === hangUpMs) {
      this.#limit = work;
      return () => {
        this.#limit = undefined;
      };
    }
    this.#clock.advance(milliseconds);
    setImmediate(work);
    return () => undefined;
  };

  /** The time limit of the request that is under way has come. */
  hangUp(): void {
    this.#limit?.();
  }

  #keep(line: string): void {
    const { value = "", path = "/", maxAge = 1 } = parseSetCookie(line);
    if (maxAge > 0) this.#cookies.set(path, value);
    else this.#cookies.delete(path);
  }
}
