import { people } from "../simulator/people.ts";
import type { ApiCall } from "./kit/api.ts";
import { Person, type Sent } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import { otherCode, pick, type Random } from "./kit/random.ts";
import { lockMs } from "./kit/spans.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** Credentials that one flow may try: the limit's own default. */
const most = 5;
/** How many come at once at first, and how many each time after that. */
const [firstWave, laterWave] = [50, 8] as const;
/** More waves than there are tries, so that it is the limit that ends them. */
const waves = 2 * most;

const { username, password } = people.emailOtp;

/** Ways to a flow that asks for a code, and how many credentials they have tried. */
const ways: readonly { readonly policy: string; readonly body: ApiCall["body"]; readonly tried: number }[] = [
  { policy: "Passwordless", body: { username }, tried: 0 },
  { policy: "Multi_Factor", body: { username, password }, tried: 1 },
];

/**
 * Somebody guesses codes, many at a time, until nothing is let through: PingOne hears of five at the most.
 */
export const brute: Proof = {
  name: "brute",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(1_000);
    let [sent, reached] = [0, 0];
    await onStage({ defect }, async (stage) => {
      for (let round = 0; round < wanted; round += 1) {
        const guessed = await guess(stage, random, misses);
        sent += guessed.sent;
        reached = Math.max(reached, guessed.reached);
        stage.clock.advance(lockMs);
      }
    });
    const figure = `${sent} guesses, at most ${reached} credentials of a flow reached PingOne`;
    return { rounds: wanted, figure, misses: misses.all };
  },
};

async function guess(stage: Stage, random: Random, misses: Misses) {
  const { policy, body, tried } = pick(random, ways);
  const person = new Person(stage);
  await person.start(policy);
  await person.step(policy === "Passwordless" ? "lookup" : "password", body);
  const from = person.sent.length;
  await wave(person, random, firstWave);
  for (let more = 0; more < waves; more += 1) await wave(person, random, laterWave);
  const guesses = person.sent.slice(from);
  const reached = tried + callsOf(stage, guesses);
  misses.unless(reached === most, () => `brute, ${policy}: ${reached} credentials reached PingOne`);
  const last = guesses.at(-1)?.reply?.problem;
  misses.unless(last === "attempts-exhausted", () => `brute, ${policy}: it ended in ${last}`);
  const named = guesses.every(({ reply }) => reply?.problem !== undefined && reply.http < 500);
  misses.unless(named, () => `brute, ${policy}: a guess was answered otherwise than by a named problem`);
  return { sent: guesses.length, reached };
}

/** So many different guesses at once, all with the newest token. */
async function wave(person: Person, random: Random, width: number): Promise<void> {
  const { token, stage } = person;
  const right = stage.simulator.inbox.latest(username)?.code ?? "000000";
  const submit = () => person.step("otp", { otp: otherCode(random, right) }, token);
  await Promise.all(Array.from({ length: width }, submit));
}

function callsOf(stage: Stage, sent: readonly Sent[]): number {
  return sent.reduce((count, { call }) => count + stage.callsOf(call.tag).length, 0);
}
