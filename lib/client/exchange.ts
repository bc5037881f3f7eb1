import { leavesOpen, moveAfter, type Outcome, type Request, type Situation } from "./next-move.ts";
import type { Platform } from "./platform.ts";
import { type Answer, readAnswer, tokenIn } from "./view.ts";

/** How requests reach the API. */
export interface ExchangeOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly byCookie: boolean;
  /** How long one request may take: milliseconds. */
  readonly timeoutMs: number;
  readonly platform: Platform;
}

/**
 * Takes requests of one flow to their outcome, one at a time: shows the newest token, repeats what was not
 * answered, settles by reading what is in doubt.
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  #token: string | undefined;
  /** A request without its outcome: nothing else is sent before it has one. */
  #unanswered: Request | undefined;
  /** A request that was given up; what it came to may still stand in the way of another. */
  #missed: Request | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /**
   * What a request comes to. Where an earlier one has no outcome yet, that one's outcome, and nothing else
   * is done.
   *
   * @param status where the flow stood before
   */
  async outcomeOf(asked: Omit<Request, "token">, status: string | undefined): Promise<Outcome> {
    const about = this.#unanswered ?? this.#withToken(asked);
    const { byCookie } = this.#options;
    const isUnsure = about === this.#unanswered;
    const isRead = isUnsure && byCookie && about.isOnce;
    return this.#follow({
      about,
      isRead,
      isUnsure,
      byCookie,
      status,
      sends: 1,
      hasMissed: this.#missed !== undefined,
    });
  }

  async #follow(first: Situation): Promise<Outcome> {
    let situation = first;
    for (;;) {
      const { about, isRead } = situation;
      const answer = await this.#send(isRead ? this.#readOf(about) : about);
      this.#token = (answer && tokenIn(answer)) ?? this.#token;
      situation = { ...situation, isUnsure: situation.isUnsure || leavesOpen(answer) };
      const move = moveAfter(answer, situation);
      if (move.kind !== "send") return this.#concluded(about, move);
      await this.#pause(move.afterMs);
      situation = this.#after(situation, move.what, answer);
    }
  }

  #after(situation: Situation, what: "itself" | "read" | "missed", answer: Answer | undefined): Situation {
    const sends = situation.sends + 1;
    if (what === "missed" && this.#missed !== undefined) {
      return { ...situation, about: this.#missed, isRead: false, isUnsure: true, hasMissed: false, sends };
    }
    const isWrongStep = answer?.kind === "problem" && answer.problem.error === "wrong-step";
    const told = isWrongStep && !situation.isUnsure ? { problem: answer.problem } : {};
    return { ...situation, ...told, isRead: what === "read", sends };
  }

  #concluded(about: Request, outcome: Outcome): Outcome {
    this.#unanswered = outcome.kind === "unanswered" ? about : undefined;
    this.#missed = outcome.kind === "show" && outcome.isMissed === true ? about : undefined;
    return outcome;
  }

  /** A request with the newest token. */
  #withToken(asked: Omit<Request, "token">): Request {
    return { ...asked, ...(this.#token === undefined ? {} : { token: this.#token }) };
  }

  /** A read of the flow that a request is about. */
  #readOf({ path }: Request): Request {
    const flow = path.split("/", 3).join("/");
    return this.#withToken({ kind: "read", method: "GET", path: flow, isOnce: false });
  }

  /** Nothing where no answer came, or only part of one. */
  async #send({ method, path, body, token, idempotencyKey }: Request): Promise<Answer | undefined> {
    const { url, byCookie, timeoutMs, platform } = this.#options;
    const controller = new AbortController();
    const stop = platform.after(timeoutMs, () => controller.abort());
    try {
      const reply = await platform.fetch(`${url}${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": `"${idempotencyKey}"` }),
        },
        ...(body === undefined ? {} : { body }),
        credentials: byCookie ? "include" : "omit",
        cache: "no-store",
        redirect: "error",
        signal: controller.signal,
      });
      return readAnswer(reply.status, await reply.text(), reply.headers.get("retry-after"));
    } catch {
      return undefined;
    } finally {
      stop();
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.platform.after(milliseconds, resolve);
    });
  }
}
