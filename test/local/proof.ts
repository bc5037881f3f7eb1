import { clientSteps, type StepName, stepNames } from "../../lib/flow/steps.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { type ApiReply, FlowClient, tokenIn } from "../support/flow-client.ts";
import { claimsIn } from "../support/redeem.ts";
import type { SampleScene } from "../support/step-sample.ts";
import { samples, stepToTake } from "../support/step-samples.ts";
import { rightAnswer, sceneBefore, walkerBy, walkTo } from "../support/step-scenes.ts";

/** Where the proof sign-ons are made. */
export interface Proving {
  /** The public API. */
  readonly api: string;
  readonly simulator: Simulator;
  readonly print: (line: string) => void;
  /** The applications that the API knows, where it doesn't know all of the stand-in's. */
  readonly known?: readonly string[];
}

/** A proof sign-on took another way than it should have. The message says where, and no more. */
export class ProofFailed extends Error {
  override readonly name = "ProofFailed";
}

/** More than any sign-on needs. */
const mostSteps = 8;

/**
 * Signs people on through the public API, each until an ID token has been verified, by way of every step.
 *
 * @throws ProofFailed at the first reply that leads nowhere
 */
export async function prove(proving: Proving): Promise<void> {
  const proved = new Set<StepName>();
  for (const step of stepNames) {
    if (proved.has(step)) continue;
    const scene = sceneBefore(step, proving.simulator);
    if (scene.application !== undefined && proving.known?.includes(scene.application) === false) continue;
    const signOn = new SignOn(scene, proving);
    await signOn.begin();
    for (const taken of await signOn.endBy(step)) proved.add(taken);
  }
}

/** One sign-on, and the steps that it took. */
export class SignOn {
  readonly #proving: Proving;
  readonly #scene: SampleScene;
  readonly #client: FlowClient;
  readonly #taken: StepName[] = [];

  constructor(scene: SampleScene, proving: Proving) {
    this.#scene = scene;
    this.#proving = proving;
    this.#client = new FlowClient(proving.api);
  }

  /** Goes to where its scene is. */
  async begin(): Promise<void> {
    const { simulator } = this.#proving;
    const walker = { ...walkerBy(this.#client, simulator), step: (one: StepName) => this.#take(one) };
    await walkTo(this.#scene, walker, simulator);
  }

  /** Signs on by way of a step. Gives all the steps that were taken. */
  async endBy(step: StepName): Promise<readonly StepName[]> {
    let reply = await this.#take(step);
    const isOffered = reply.body.next?.includes(step) === true;
    if (samples[step].aside === true && isOffered) reply = await this.#takeAgain(step);
    for (let next = stepToTake(reply.body.next ?? []); next !== undefined; ) {
      reply = await this.#take(next);
      next = stepToTake(reply.body.next ?? []);
    }
    await this.#redeem(reply);
    return this.#taken;
  }

  async #take(step: StepName): Promise<ApiReply> {
    const body = rightAnswer(step, this.#scene.who, walkerBy(this.#client, this.#proving.simulator));
    const isNamed = clientSteps.some((one) => one === step);
    const reply = await (isNamed ? this.#client.step(step, body) : this.#client.status());
    this.#taken.push(step);
    // A read that settles or polls brings the next token too.
    this.#client.token = tokenIn(reply) ?? this.#client.token;
    if (reply.http !== 200 || this.#taken.length > mostSteps) this.#fail(`it was answered ${reply.http}`);
    return reply;
  }

  /** The same device again has a new code sent. */
  async #takeAgain(step: StepName): Promise<ApiReply> {
    const { inbox } = this.#proving.simulator;
    const first = inbox.latest(this.#scene.who.username)?.code;
    const reply = await this.#take(step);
    if (inbox.latest(this.#scene.who.username)?.code === first) this.#fail("no new code was sent");
    return reply;
  }

  async #redeem(reply: ApiReply): Promise<void> {
    const { print, simulator } = this.#proving;
    const { username } = this.#scene.who;
    const { code, id_token: idToken } = reply.body;
    if (code === undefined && idToken === undefined) return this.#fail("there was no code");
    const { baseUrl } = simulator;
    const claims = await claimsIn(reply, this.#client.pkce, { baseUrl, now: Date.now() });
    if (claims["preferred_username"] !== username) this.#fail(`the ID token is not ${username}'s`);
    const way = [...this.#taken, ...(idToken === undefined ? ["token"] : [])].join(" → ");
    print(`  ✔ start → ${way}: ID token verified for ${username}`);
  }

  #fail(what: string): never {
    throw new ProofFailed(`start → ${this.#taken.join(" → ")}: ${what}.`);
  }
}
