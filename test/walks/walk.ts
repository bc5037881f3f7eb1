import { pollAfter } from "../../lib/flow/flow.ts";
import { problems } from "../../lib/flow/problems.ts";
import { type ClientStep, clientSteps, type StepName } from "../../lib/flow/steps.ts";
import type { Person } from "../simulator/people.ts";
import { createPkce } from "../support/flow-client.ts";
import { redeem } from "../support/redeem.ts";
import type { SampleBody } from "../support/step-sample.ts";
import { samples, stepToTake } from "../support/step-samples.ts";
import { type Move, seeded, type WalkPlan } from "./moves.ts";
import { offerFault } from "./offers.ts";
import type { WalkReply, WalkRequest, WalkStage } from "./stage.ts";

/** How a walk went. */
export interface Walked {
  /** Where it ended: the status, or the problem of a start that failed. */
  readonly end: string;
  readonly steps: readonly StepName[];
  /** Every request and what it was answered, for a counterexample to be read. */
  readonly words: readonly string[];
}

/** What must not be told where everything answers in time and nobody else is there. */
const unfounded: readonly string[] = ["internal", "step-in-progress", "upstream-unavailable"];

/** A promise that a walk has broken. */
class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

/** Takes a walk. @throws BrokenPromise with everything that was sent and told */
export async function walk(stage: WalkStage, plan: WalkPlan): Promise<Walked> {
  return new Walker(stage, plan).go();
}

class Walker {
  readonly #stage: WalkStage;
  readonly #plan: WalkPlan;
  readonly #who: Person;
  readonly #pkce = createPkce();
  readonly #words: string[] = [];
  readonly #steps: StepName[] = [];
  #flowId = "";
  #token = "";
  #last: WalkReply = { http: 0, body: {} };
  /** The last request that bought a token, and its reply. */
  #bought: { readonly request: WalkRequest; readonly reply: WalkReply } | undefined;

  constructor(stage: WalkStage, plan: WalkPlan) {
    this.#stage = stage;
    this.#plan = plan;
    this.#who = stage.simulator.enrol(seeded(plan));
  }

  async go(): Promise<Walked> {
    Object.assign(this.#stage.simulator.switches, this.#plan.switches);
    const started = await this.#start();
    if (started.http !== 201) return this.#over(started.body.error ?? "");
    for (const move of this.#plan.moves) {
      if (this.#view().status === "COMPLETED" || this.#next().length === 0) break;
      await this.#checkOffers(move);
      await this.#make(move);
    }
    if (this.#view().status === "COMPLETED") await this.#finish();
    return this.#over(String(this.#view().status));
  }

  #over(end: string): Walked {
    return { end, steps: this.#steps, words: this.#words };
  }

  #view() {
    const { flow, ...body } = this.#last.body;
    return flow ?? body;
  }

  #next(): readonly string[] {
    return this.#view().next ?? [];
  }

  async #start(): Promise<WalkReply> {
    const { policy, isHinted } = this.#plan;
    const hint = isHinted ? { loginHint: this.#who.username } : {};
    const body = { codeChallenge: this.#pkce.challenge, policy, ...hint };
    const reply = await this.#send({ name: "start", body });
    this.#flowId = reply.body.flowId ?? "";
    this.#learn(reply);
    return reply;
  }

  async #make(move: Move): Promise<void> {
    switch (move.kind) {
      case "right":
        return this.#take(stepToTake(this.#next(), move.drawn % 8 === 0), move);
      case "any":
      case "wrong":
        return this.#take(this.#offered(move), move);
      case "approve":
      case "deny":
        await this.#answerPush(move.kind);
        return this.#read();
      case "read":
        return this.#read();
      case "repeat":
        return this.#repeat();
      case "outside":
        return this.#askOutside(move);
    }
  }

  #offered({ drawn }: Move): ClientStep | undefined {
    const offered = clientSteps.filter((step) => this.#next().includes(step));
    return offered[drawn % Math.max(1, offered.length)];
  }

  async #take(step: ClientStep | undefined, move: Move): Promise<void> {
    // Where nobody is asked for anything, the person waits.
    if (step === undefined) return this.#read();
    const request = { name: step, ...this.#key(), body: this.#bodyFor(step, move) };
    const reply = await this.#send(request);
    this.#steps.push(step);
    const { error } = reply.body;
    if (error === "wrong-step" || error === "unsupported-step") {
      this.#fail(`${step} was offered, and is ${error}`);
    }
    // An answer that can't be read leaves a doubt, which the next read settles (docs/pingone.md §4.3).
    if (error === "outcome-unknown") return this.#read(request);
    this.#settle(request, reply);
  }

  /** @param doubtful the request whose outcome the read is to tell: it is that request's answer */
  async #read(doubtful?: WalkRequest): Promise<void> {
    const request = { name: "status", ...this.#key() } as const;
    const reply = await this.#send(request);
    if (reply.body.error === "outcome-unknown") this.#fail("a read leaves the outcome unknown");
    this.#settle(doubtful ?? request, reply);
  }

  async #repeat(): Promise<void> {
    if (this.#bought === undefined) return this.#read();
    const { request, reply } = this.#bought;
    const again = await this.#send(request);
    if (textOf(again) !== textOf(reply)) this.#fail("a repetition is answered otherwise");
  }

  /** A step that is not offered is refused by that name, and PingOne is not asked. */
  async #askOutside(move: Move): Promise<void> {
    const others = clientSteps.filter((step) => !this.#next().includes(step));
    const step = others[move.drawn % Math.max(1, others.length)];
    if (step === undefined) return;
    const calls = this.#stage.simulator.calls.length;
    const { body } = await this.#send({ name: step, ...this.#key(), body: samples[step].body });
    if (body.error !== "wrong-step") this.#fail(`${step} was not offered, and is ${body.error ?? "taken"}`);
    if (this.#stage.simulator.calls.length !== calls) this.#fail(`PingOne is asked for ${step}`);
  }

  async #answerPush(answer: "approve" | "deny"): Promise<void> {
    if (this.#view().status !== "PUSH_CONFIRMATION_REQUIRED") return;
    const push = `${this.#stage.simulator.origin}/_simulator/push/${this.#who.username}`;
    const { status } = await fetch(push, { method: "POST", body: JSON.stringify({ answer }) });
    this.#words.push(`${answer}s the push: ${status}`);
    this.#stage.clock.advance(pollAfter * 1_000);
  }

  #bodyFor(step: ClientStep, { kind, drawn }: Move): SampleBody {
    const sample = samples[step];
    const right = sample.answer({
      who: this.#who,
      code: this.#stage.simulator.atHand(this.#who.username),
      pick: (choices) => chosen(choices, drawn),
    });
    const fitting = step === "device" ? { deviceId: this.#shownDevice(drawn) } : right;
    return kind === "wrong" && sample.wrong !== undefined ? sample.wrong(fitting, drawn) : fitting;
  }

  #shownDevice(drawn: number): string {
    const { devices = [], selectedDevice } = this.#view();
    const ids = [...devices.map(({ id }) => id), ...(selectedDevice === undefined ? [] : [selectedDevice])];
    return ids[drawn % Math.max(1, ids.length)] ?? this.#who.devices[0]?.id ?? "none";
  }

  /** What `next` offers is what PingOne takes. */
  async #checkOffers({ drawn }: Move): Promise<void> {
    const jar = this.#stage.jarOf(this.#flowId);
    // A decoy is nobody's flow. Where each answer voids the cookie before it, a look would change the flow.
    if (jar === undefined || jar.standing === "decoy" || this.#plan.switches.rotateST) return;
    const fault = await offerFault(this.#stage, jar, this.#next(), drawn);
    if (fault !== undefined) this.#fail(fault);
  }

  /** A flow that is complete gives its code, and the code its tokens. */
  async #finish(): Promise<void> {
    const resumed = await this.#send({ name: "resume", ...this.#key() });
    const { code, redirectUri, error } = resumed.body;
    if (code === undefined || redirectUri === undefined) return this.#fail(`a completed flow is ${error}`);
    const { simulator, application, clock } = this.#stage;
    const claims = await redeem({
      ...{ baseUrl: simulator.baseUrl, clientId: application.clientId, code, redirectUri },
      ...{ verifier: this.#pkce.verifier, now: clock.now() },
    });
    if (claims["preferred_username"] !== this.#who.username) this.#fail("somebody else is signed on");
    this.#steps.push("resume");
  }

  #key() {
    return { flowId: this.#flowId, token: this.#token };
  }

  async #send(request: WalkRequest): Promise<WalkReply> {
    const reply = await this.#stage.send(this.#plan.disclosure, request);
    const { error, status, next = [] } = { ...reply.body.flow, ...reply.body };
    this.#words.push(`${request.name}: ${reply.http} ${error ?? ""} ${status ?? ""} [${next.join(" ")}]`);
    const isTold = error === undefined || (Object.hasOwn(problems, error) && !unfounded.includes(error));
    if (!isTold) this.#fail(`a request ends in ${error}`);
    return reply;
  }

  #settle(request: WalkRequest, reply: WalkReply): void {
    const before = this.#token;
    this.#learn(reply);
    if (this.#token !== before) this.#bought = { request, reply };
    const { error, flow } = reply.body;
    const expired = { http: reply.http, body: { status: "EXPIRED", next: [] } };
    // A flow that has expired tells nothing more of itself.
    if (error === "flow-expired") this.#last = expired;
    else if (error === undefined || flow !== undefined) this.#last = reply;
  }

  #learn(reply: WalkReply): void {
    this.#token = reply.body.flowToken ?? reply.body.flow?.flowToken ?? this.#token;
    if (reply.http === 201) this.#last = reply;
  }

  #fail(text: string): never {
    throw new BrokenPromise([text, ...this.#words].join("\n  "));
  }
}

/** A reply without what tells two requests apart. */
function textOf({ http, body: { requestId: _, instance: _instance, ...body } }: WalkReply): string {
  return JSON.stringify({ http, ...body });
}

function chosen<Choice>(choices: readonly Choice[], drawn: number): Choice {
  const [one] = choices.slice(drawn % choices.length);
  if (one === undefined) throw new Error("There is nothing to choose from.");
  return one;
}
