import type { IdTokenReading, UpstreamReply } from "../../../lib/flow/provider.ts";
import type { Answer } from "../../../lib/flow/reply.ts";
import { StoreUnavailable } from "../../../lib/flow/store.ts";
import type { UpstreamCall } from "../pingone/calls.ts";
import { type Footing, type News, portsFor, type WaysOut } from "../ports.ts";
import type { RequestSpec } from "../requests.ts";
import type { TableRequest, Wire } from "../table/table.ts";
import { quiet } from "./quiet.ts";

/** What a request waits for. */
export type Wait =
  | { readonly kind: "table"; readonly request: TableRequest<unknown> }
  | { readonly kind: "pingone"; readonly call: UpstreamCall }
  | { readonly kind: "keys" }
  | { readonly kind: "waiter"; readonly waiter: Uint8Array; readonly news: News };

/** What a request does by itself. */
export type Act =
  | Wait
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "threw"; readonly error: unknown };

/** What a request is told. */
export type Told =
  | { readonly kind: "table"; readonly purpose: string; readonly result: unknown }
  | { readonly kind: "pingone"; readonly reply: UpstreamReply }
  | { readonly kind: "keys"; readonly reading: IdTokenReading }
  | { readonly kind: "waiter"; readonly isReached: boolean }
  | { readonly kind: "lost" };

/** One run of a request's code: it stops wherever something leaves it, until it is told what became of it. */
export class Run {
  #acts: Act[] = [];
  #goOn: ((told: Told) => void) | undefined;

  constructor(name: string, spec: RequestSpec, footing: Footing) {
    const ports = portsFor(name, footing, this.#waysOut());
    spec.run(ports).then(
      (given) => this.#acts.push({ kind: "answered", answer: footing.defect?.answer?.(given) ?? given }),
      (error: unknown) => this.#acts.push({ kind: "threw", error }),
    );
  }

  /** Lets it go on as far as it comes. Gives what it has done since it was last asked. */
  async next(told?: Told): Promise<readonly Act[]> {
    const goOn = this.#goOn;
    if (told !== undefined) {
      this.#goOn = undefined;
      goOn?.(told);
    }
    await quiet();
    const acts = this.#acts;
    this.#acts = [];
    return acts;
  }

  #waysOut(): WaysOut {
    const wire: Wire = (request) =>
      this.#stop({ kind: "table", request }, (told) => {
        if (told.kind === "lost") throw new StoreUnavailable("The table did not answer.");
        if (!isResultOf(request, told)) throw strange(told);
        return told.result;
      });
    return {
      wire,
      ask: (call) =>
        this.#stop({ kind: "pingone", call }, (told) => {
          if (told.kind !== "pingone") throw strange(told);
          return told.reply;
        }),
      verify: () =>
        this.#stop({ kind: "keys" }, (told) => {
          if (told.kind !== "keys") throw strange(told);
          return told.reading;
        }),
      tell: (waiter, news) =>
        this.#stop({ kind: "waiter", waiter, news }, (told) => {
          if (told.kind === "lost") throw new Error("No reply came.");
          if (told.kind !== "waiter") throw strange(told);
          return told.isReached;
        }),
    };
  }

  #stop<Value>(wait: Wait, valueIn: (told: Told) => Value): Promise<Value> {
    const { promise, resolve } = Promise.withResolvers<Told>();
    this.#acts.push(wait);
    this.#goOn = resolve;
    return promise.then(valueIn);
  }
}

/** The same request in another run of the same code has the same result. */
function isResultOf<Result>(
  { purpose }: TableRequest<Result>,
  told: Told,
): told is Told & { readonly kind: "table"; readonly result: Result } {
  return told.kind === "table" && told.purpose === purpose;
}

function strange({ kind }: Told): Error {
  return new Error(`The same request has been told something else by the ${kind}.`);
}
