import { Exchange, type ExchangeOptions } from "./exchange.ts";
import type { Outcome, Request } from "./next-move.ts";
import { randomText } from "./platform.ts";
import { ended, type State, stateOf } from "./state.ts";
import type { Authorization, FlowView } from "./view.ts";

type View = FlowView & Partial<Authorization>;

/** A request without its token: the newest one is added when it is sent. */
export type Asked = Omit<Request, "token">;

/** What a sign-on remembers from one request to the next. */
export class Session {
  readonly #exchange: Exchange;
  readonly #options: ExchangeOptions;
  #state: State | undefined;
  #view: View | undefined;
  #flowId = "";
  #deadline = 0;
  #verifier: Promise<string> | undefined;
  #busy: { readonly isRead: boolean; readonly done: Promise<State> } | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#exchange = new Exchange(options);
  }

  get state(): State | undefined {
    return this.#state;
  }

  /** The path of the flow. */
  get path(): string {
    return `/flows/${this.#flowId}`;
  }

  /** Whole seconds until the sign-on ends by itself. */
  get secondsLeft(): number {
    return Math.max(0, Math.floor((this.#deadline - this.#options.platform.now()) / 1_000));
  }

  /** The PKCE verifier: drawn once. */
  get verifier(): Promise<string> {
    this.#verifier ??= randomText(this.#options.platform, 32);
    return this.#verifier;
  }

  /**
   * Takes a request to its outcome. A step waits for a read; while a step is being taken, everything else
   * that is asked for is that step: two taps on a button are one.
   */
  run(make: () => Asked | Promise<Asked>, isRead = false): Promise<State> {
    const before = this.#busy;
    if (before !== undefined && !before.isRead) return before.done;
    const done = this.#after(before?.done, make).finally(() => {
      if (this.#busy?.done === done) this.#busy = undefined;
    });
    this.#busy = { isRead, done };
    return done;
  }

  /** Says why nothing was sent. */
  keep(error: string): State {
    const problem = { error, flowEnded: false, retryable: false, attemptCounted: false };
    return this.#settle({ kind: "keep", problem });
  }

  async #after(before: Promise<unknown> | undefined, make: () => Asked | Promise<Asked>): Promise<State> {
    await before?.catch(() => undefined);
    const asked = await make();
    return this.#settle(await this.#exchange.outcomeOf(asked, this.#view?.status));
  }

  #settle(outcome: Outcome): State {
    if (outcome.kind === "show") {
      const { flowId = this.#flowId, expiresIn } = outcome.view;
      this.#flowId = flowId;
      this.#view = outcome.view;
      if (expiresIn !== undefined) this.#deadline = this.#options.platform.now() + expiresIn * 1_000;
    }
    this.#state = stateAfter(outcome, this.#view);
    return this.#state;
  }
}

/** @param view the last one there was */
function stateAfter(outcome: Outcome, view: View | undefined): State {
  switch (outcome.kind) {
    case "show":
      return stateOf(outcome.view, outcome.problem);
    case "keep":
      return view === undefined
        ? ended(outcome.problem.error, outcome.problem)
        : stateOf(view, outcome.problem);
    case "end":
      return ended(outcome.error, outcome.problem);
    case "unanswered":
      return { status: "UNANSWERED", next: [], ...(outcome.problem && { problem: outcome.problem }) };
  }
}
