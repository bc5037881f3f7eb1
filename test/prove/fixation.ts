import { carriesSecret, isStep } from "../../lib/flow/steps.ts";
import { samples } from "../support/step-samples.ts";
import { type ApiCall, parseReply } from "./kit/api.ts";
import { type FlowRequest, flowFunctions, lastBought, requestFor } from "./kit/attack.ts";
import { Person } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import type { Random } from "./kit/random.ts";
import { drawSignOn, drawStep } from "./kit/sign-on.ts";
import { lifeMs } from "./kit/spans.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** So many guesses at a request are looked at. */
const guesses = 5;

/** Somebody starts a flow and has another person sign on in it: what they know of it brings them no code. */
export const fixation: Proof = {
  name: "fixation",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(1000);
    const tally: Tally = { tries: 0, followed: 0, refused: 0, codes: 0 };
    await onStage({ defect }, async (stage) => {
      for (let round = 0; round < wanted; round += 1) {
        await fixOnce(stage, random, misses, tally);
        stage.clock.advance(lifeMs);
      }
    });
    const { tries, followed, refused, codes } = tally;
    return {
      rounds: wanted,
      figure: `${codes} codes in ${tries} tries; ${followed} replies whose request was no secret were fetched; ${refused} times the right guess came after ${guesses} wrong ones, and opened nothing`,
      misses: misses.all,
    };
  },
};

interface Tally {
  tries: number;
  followed: number;
  /** Right guesses that came too late. */
  refused: number;
  codes: number;
}

async function fixOnce(stage: Stage, random: Random, misses: Misses, tally: Tally): Promise<void> {
  const drawn = drawSignOn(stage, random);
  const victim = new Person(stage);
  const started = await victim.start(drawn.policy);
  const attacker = new Attacker(stage, victim, tally);
  attacker.learn(started);
  if (random.chance(0.8)) attacker.username = drawn.who.username;
  for (let next = drawStep(drawn, victim, random); next !== undefined; ) {
    await victim.step(next.step, next.body);
    await attacker.follows();
    if (carriesSecret(next.step)) await attacker.guesses(random);
    next = drawStep(drawn, victim, random);
  }
  await attacker.triesEverything();
  const { reply } = victim.sent.at(-1) ?? {};
  const label = `fixation, ${drawn.policy}, ${drawn.who.username}`;
  misses.unless(reply?.body.redirectUri !== undefined, () => `${label}: the victim got ${reply?.text}`);
  tally.codes += attacker.codes;
  misses.unless(attacker.codes === 0, () => `${label}: ${attacker.codes} codes for the attacker`);
  const calls = stage.callsOf(attacker.tag).length;
  misses.unless(calls === 0, () => `${label}: the attacker had PingOne asked ${calls} times`);
}

let attackers = 0;

/** Knows the flow id, the first token and its reply, often the victim's name; never a password or a code. */
class Attacker {
  readonly tag: string;
  username: string | undefined;
  codes = 0;
  readonly #stage: Stage;
  readonly #victim: Person;
  readonly #tally: Tally;
  readonly #tokens = new Set<string>();
  readonly #devices = new Set<string>();

  constructor(stage: Stage, victim: Person, tally: Tally) {
    attackers += 1;
    this.tag = `attacker-${attackers}`;
    this.#stage = stage;
    this.#victim = victim;
    this.#tally = tally;
  }

  /** Keeps what a reply tells. */
  learn({ body, token }: ReturnType<typeof parseReply>): void {
    const { devices } = body;
    if (token !== undefined) this.#tokens.add(token);
    if (Array.isArray(devices)) for (const { id } of devices) this.#devices.add(String(id));
    if (body.redirectUri !== undefined) this.codes += 1;
  }

  /**
   * Repeats what the victim may have sent and what is no secret, with every token; gains some
   * new tokens by it.
   */
  async follows(): Promise<void> {
    const known = this.#tokens.size;
    const { username } = this;
    const lookups = username === undefined ? [] : [requestFor("lookup", { username })];
    const devices = [...this.#devices].map((deviceId) => requestFor("device", { deviceId }));
    for (const token of [...this.#tokens]) {
      // With a token that is still the newest they would be the client: they look, and wait for the code.
      const isNewest = token === this.#victim.token;
      const requests = isNewest ? [] : [...lookups, ...devices];
      for (const request of [...requests, requestFor("status"), requestFor("resume")]) {
        await this.#tries(request, token);
      }
    }
    this.#tally.followed += this.#tokens.size - known;
  }

  /**
   * Guesses what the victim has just sent, with the token that bought the reply: wrong
   * five times, then right.
   */
  async guesses(random: Random): Promise<void> {
    const right = lastBought(this.#victim);
    if (right?.token === undefined || !this.#tokens.has(right.token)) return;
    const { token } = right;
    const wrong = Array.from({ length: guesses }, () => wrongGuess(right, random));
    if (random.chance(0.5)) await Promise.all(wrong.map((guess) => this.#tries(guess, token)));
    else for (const guess of wrong) await this.#tries(guess, token);
    const known = this.#tokens.size;
    await this.#tries(requestOf(right), token);
    this.#tally.refused += this.#tokens.size === known ? 1 : 0;
    await this.follows();
  }

  /** Every function with every token, once the victim has signed on: the code can still be fetched. */
  async triesEverything(): Promise<void> {
    const { username = "ann@example.com" } = this;
    for (const token of this.#tokens) {
      for (const name of flowFunctions) await this.#tries(requestFor(name, { username }), token);
    }
  }

  async #tries(request: FlowRequest, token: string): Promise<void> {
    this.#tally.tries += 1;
    const { flowId } = this.#victim;
    this.learn(parseReply(await this.#stage.transport({ ...request, tag: this.tag, flowId, token })));
  }
}

function requestOf({ name, body }: ApiCall): FlowRequest {
  if (name === "start" || name === "refresh") throw new Error("A start bought no reply.");
  return { name, body };
}

/** As the victim's request, but for the secret in it. */
function wrongGuess(right: ApiCall, random: Random): FlowRequest {
  const { name, body } = requestOf(right);
  const wrong = isStep(name) ? samples[name].wrong?.(body, random.below(10 ** 9)) : undefined;
  if (wrong === undefined) throw new Error(`There is nothing to guess in ${name}.`);
  return { name, body: wrong };
}
