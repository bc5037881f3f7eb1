import { PASSWORD_ATTEMPTS } from "../simulator/accounts.ts";
import { from, type Transport } from "./kit/api.ts";
import { Person } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { drawSignOn, drawStep } from "./kit/sign-on.ts";
import { lockMs } from "./kit/spans.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** What a stranger sends for each owner. */
const flood = 60;
/** A name from one network is let through less often than PingOne lets a password be wrong. */
const environment = { NAME_LIMIT: String(PASSWORD_ATTEMPTS - 1), NETWORK_LIMIT: "200" };

/** A stranger floods a name from another network, and its owner signs on all the same. */
export const lockOutAbuse: Proof = {
  name: "lock-out abuse",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(100, 4);
    let [sent, slowed, signedOn] = [0, 0, 0];
    await onStage({ defect, environment }, async (stage) => {
      for (let round = 0; round < wanted; round += 1) {
        const { policy, who } = drawSignOn(stage, random);
        const flooded = await floodName(stage, who.username, random);
        sent += flooded.sent;
        slowed += flooded.slowed;
        const owner = await signOn(stage, { policy, who }, random);
        signedOn += owner === undefined ? 1 : 0;
        misses.unless(owner === undefined, () => `lock-out abuse, ${policy}: the owner got ${owner}`);
        stage.clock.advance(lockMs);
      }
    });
    misses.unless(
      slowed >= wanted * (flood / 2),
      () => `lock-out abuse: only ${slowed} of ${sent} were slowed`,
    );
    const figure = `${sent} of a stranger, ${slowed} slowed; ${signedOn} of ${wanted} owners signed on`;
    return { rounds: wanted, figure, misses: misses.all };
  },
};

/** Each way to name somebody, in flows of the stranger's own. */
async function floodName(stage: Stage, username: string, random: Random) {
  const elsewhere = from(`198.51.100.${random.below(256)}`, stage.transport);
  const problems: (string | undefined)[] = [];
  for (let index = 0; index < flood; index += 1) {
    const policy = pick(random, ["Single_Factor", "Multi_Factor", "Passwordless", "Identifier_First"]);
    const stranger = await started(stage, elsewhere, policy);
    const asked = /Factor/.test(policy)
      ? await stranger.step("password", { username, password: "a stranger's guess" })
      : await stranger.step("lookup", { username });
    problems.push(asked.reply?.problem);
  }
  return { sent: flood, slowed: problems.filter((one) => one === "rate-limited").length };
}

/** Signs somebody on, from where they always do. Gives what stood in the way; nothing where nothing did. */
async function signOn(stage: Stage, who: Parameters<typeof drawStep>[0], random: Random) {
  const owner = await started(stage, from("192.0.2.1", stage.transport), who.policy);
  for (let steps = 0; steps < 10; steps += 1) {
    const next = drawStep(who, owner, random);
    if (next === undefined) break;
    const { reply } = await owner.step(next.step, next.body);
    if (reply?.body.code !== undefined && reply.problem === undefined) return undefined;
    if (reply?.problem !== undefined) return reply.problem;
  }
  return "no code";
}

async function started(stage: Stage, transport: Transport, policy: string): Promise<Person> {
  const person = new Person(stage);
  person.transport = transport;
  await person.start(policy);
  return person;
}
