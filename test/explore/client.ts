import type { FlowView } from "../../lib/flow/flow.ts";
import type { Answer, Reply } from "../../lib/flow/reply.ts";
import { type StepName, steps, takesDevice } from "../../lib/flow/steps.ts";
import type { FlowKey } from "../../lib/flow/store.ts";
import { runAlone } from "./immediate.ts";
import type { Judge } from "./judge/judge.ts";
import type { Footing } from "./ports.ts";
import { type RequestSpec, statusRequest, stepRequest } from "./requests.ts";
import { wordsOf } from "./words.ts";

/** A request of a client and what it was answered, if it was. */
export interface Sent {
  readonly spec: RequestSpec;
  readonly answer: Answer | undefined;
}

/** How a client went on that does what it is told and nothing else. */
export interface Course {
  /** Whether it came to a code, or to an end that has a name. */
  readonly isOver: boolean;
  /** What it sent and was told, in order. */
  readonly words: readonly string[];
}

/** More requests than any way on needs. */
const mostRequests = 14;

type ProblemReply = Reply & { readonly kind: "problem" };

type Move =
  | { readonly kind: "over" | "stuck" }
  | { readonly kind: "send"; readonly spec: RequestSpec; readonly afterMs: number };

/** What a client knows: its own requests, their answers, and from these its tokens. */
export class Client {
  readonly #footing: Footing;
  readonly #judge: Judge;
  readonly #sent: Sent[];
  /** What it has repeated to find the answer that bought the next token. */
  readonly #repeated = new Set<string>();
  #key: FlowKey;
  /** How long it would still wait for somebody who is at work: milliseconds. */
  #patienceMs: number;

  constructor(footing: Footing, judge: Judge, key: FlowKey, sent: readonly Sent[]) {
    this.#footing = footing;
    this.#judge = judge;
    this.#key = key;
    this.#sent = [...sent];
    this.#patienceMs = footing.settings.budgets.leaseMs;
    for (const { answer } of sent) this.#learn(answer);
  }

  /** Goes on until there is a code, an end with a name, or no way on. */
  async goOn(): Promise<Course> {
    const words: string[] = [];
    for (let requests = 0; requests < mostRequests; requests += 1) {
      const last = this.#sent.at(-1);
      const move = last === undefined ? this.#read() : this.#after(last);
      if (move.kind !== "send") return { isOver: move.kind === "over", words };
      this.#footing.world.now += move.afterMs;
      const answer = await runAlone(`c${requests}`, move.spec, this.#footing, this.#judge);
      words.push(`${move.spec.name}: ${wordFor(answer)}`);
      this.#sent.push({ spec: move.spec, answer });
      this.#learn(answer);
      if (this.#judge.violation !== undefined) break;
    }
    return { isOver: false, words };
  }

  #learn(answer: Answer | undefined): void {
    if (answer?.flowToken !== undefined) this.#key = { ...this.#key, flowToken: answer.flowToken };
  }

  #read(afterMs = 0): Move {
    return { kind: "send", spec: statusRequest("holder", this.#key), afterMs };
  }

  #after({ spec, answer }: Sent): Move {
    if (answer === undefined) return this.#read();
    switch (answer.reply.kind) {
      case "authorized":
      case "cancelled":
      case "redeemed":
      case "refreshed":
        return { kind: "over" };
      case "view":
        return this.#afterView(answer.reply.view);
      case "problem":
        return this.#afterProblem(spec, answer.reply);
    }
  }

  #afterView(view: FlowView): Move {
    if (view.pending !== undefined) return this.#wait((afterMs) => this.#read(afterMs));
    // Where nothing is offered the status is the name of the end.
    if (view.next.length === 0) return { kind: "over" };
    const [step] = view.next.toSorted((one, other) => usefulness(other) - usefulness(one));
    if (step === undefined) return { kind: "stuck" };
    // Where only another device is offered, the person may be about to answer on this one.
    if (takesDevice(step) && !this.#hasJustRead()) return this.#read();
    const deviceId = view.selectedDevice ?? view.devices?.[0]?.id;
    return { kind: "send", spec: stepRequest("holder", this.#key, step, "one", deviceId), afterMs: 0 };
  }

  #afterProblem(spec: RequestSpec, { problem, flow }: ProblemReply): Move {
    const { flowEnded, retryable, retryAfterMs } = wordsOf(problem, flow);
    if (flowEnded) return { kind: "over" };
    if (problem.error === "step-in-progress") {
      return this.#wait((afterMs) => ({ kind: "send", spec, afterMs }));
    }
    if (retryable) return { kind: "send", spec: this.#withNewest(spec, flow), afterMs: retryAfterMs };
    if (problem.error === "token-superseded") return this.#afterSuperseded(spec);
    return flow === undefined ? this.#read(retryAfterMs) : this.#afterView(flow);
  }

  /** The same request; where the answer brought a token, that is the one it has to show. */
  #withNewest(spec: RequestSpec, flow: FlowView | undefined): RequestSpec {
    if (flow === undefined || spec.command === undefined) return spec;
    return stepRequest(
      "holder",
      this.#key,
      spec.command.step,
      "one",
      flow.selectedDevice ?? flow.devices?.[0]?.id,
    );
  }

  /** Shows the newest token that it knows; or repeats what it has sent with this one, each request once. */
  #afterSuperseded({ token }: RequestSpec): Move {
    if (token !== this.#key.flowToken) return this.#read();
    const own = this.#sent.map(({ spec }) => spec).filter((spec) => spec.token === token);
    const left = own.find(({ canonical }) => canonical !== undefined && !this.#repeated.has(canonical));
    if (left?.canonical === undefined) return { kind: "stuck" };
    this.#repeated.add(left.canonical);
    return { kind: "send", spec: left, afterMs: 0 };
  }

  #hasJustRead(): boolean {
    const last = this.#sent.at(-1);
    return last !== undefined && last.spec.command === undefined;
  }

  #wait(then: (afterMs: number) => Move): Move {
    const afterMs = this.#patienceMs;
    this.#patienceMs = 0;
    return afterMs === 0 ? { kind: "stuck" } : then(afterMs);
  }
}

function usefulness(step: StepName): number {
  if (steps[step].call.kind === "resume") return 3;
  if (steps[step].triesCredential) return 2;
  return takesDevice(step) ? 0 : 1;
}

function wordFor(answer: Answer | undefined): string {
  if (answer === undefined) return "no answer";
  const { reply } = answer;
  if (reply.kind === "problem") return reply.problem.error;
  return reply.kind === "view" ? (reply.view.pending ?? reply.view.status) : reply.kind;
}
