import { isDeepStrictEqual } from "node:util";
import { stepNames } from "../../lib/flow/steps.ts";
import { finish, follow } from "./kit/course.ts";
import { judgeRequests } from "./kit/judge.ts";
import type { Person, Sent } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { endsSignOn, sceneAt } from "./kit/scenes.ts";
import { createStage, type Stage } from "./kit/stage.ts";

const timesAgain = 2;

/**
 * Every request of recorded sign-ons comes twice more, at random later points: PingOne hears nothing
 * and no row changes. Starts are left out: one that comes again begins another flow, and nothing was
 * spent on the first.
 */
export const replay: Proof = {
  name: "replay",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(1000);
    const stage = await createStage({ defect });
    let repeated = 0;
    try {
      for (let round = 0; round < wanted; round += 1) repeated += await signOn(stage, random, misses);
    } finally {
      await stage.close();
    }
    return {
      rounds: wanted,
      figure: `${repeated} requests came again, at one of the later points each`,
      misses: misses.all,
    };
  },
};

async function signOn(stage: Stage, random: Random, misses: Misses): Promise<number> {
  const scene = await sceneAt(stage, pick(random, stepNames), random.chance(0.5));
  const { person } = scene;
  const due: Sent[] = person.sent.filter(({ call }) => call.name !== "start").flatMap(again);
  let again_ = 0;
  const someComeAgain = async (share: number) => {
    for (const sent of due.splice(0)) {
      if (random.chance(share)) {
        again_ += 1;
        await comesAgain(stage, person, sent, misses);
      } else {
        due.push(sent);
      }
    }
  };
  if (scene.wrong !== undefined && random.chance(0.5)) {
    due.push(...again(await person.step(scene.step, scene.wrong)));
    await someComeAgain(0.3);
  }
  due.push(...again(await person.status()));
  await someComeAgain(0.3);
  const last = await person.step(scene.step, scene.right);
  due.push(...again(last));
  await someComeAgain(0.5);
  const before = person.sent.length;
  if ((await follow(person, last)).ending === "accepted" && !endsSignOn(scene.step)) await finish(scene);
  const since = person.sent.slice(before).filter((one) => !one.call.tag.startsWith("again"));
  misses.unless(
    endsSignOn(scene.step) || since.at(-1)?.reply?.body.redirectUri !== undefined,
    () => `replay: the sign-on by ${scene.step} did not end with a code`,
  );
  due.push(...since.flatMap(again));
  await someComeAgain(0.5);
  await someComeAgain(1);
  judgeRequests(person, misses, "replay");
  return again_;
}

function again(sent: Sent): Sent[] {
  return Array.from({ length: timesAgain }, () => sent);
}

async function comesAgain(stage: Stage, person: Person, sent: Sent, misses: Misses): Promise<void> {
  const { name } = sent.call;
  const { token } = person;
  const calls = stage.simulator.calls.length;
  const row = await stage.rowOf(person.flowId);
  const { reply } = await person.repeat(sent);
  person.token = token;
  // A look reads through what doesn't fit the row.
  const isLook = name === "status" && sent.reply?.body["more"] !== undefined;
  misses.unless(isLook || stage.simulator.calls.length === calls, () => `replay: ${name} made a call`);
  misses.unless(
    isDeepStrictEqual(row, await stage.rowOf(person.flowId)),
    () => `replay: ${name} changed the row`,
  );
  misses.unless(isExpected(sent, reply), () => `replay: ${name} got ${reply?.http} ${reply?.problem}`);
}

const conflicts: readonly (string | undefined)[] = ["flow-not-found", "token-superseded", "wrong-step"];

/** The same answer, or a name for why it is no longer told. */
function isExpected(first: Sent, reply: Sent["reply"]): boolean {
  // Tokens are given once.
  if (first.reply?.body["access_token"] !== undefined && reply?.problem === "restart-required") return true;
  const same = reply?.http === first.reply?.http && reply?.token === first.reply?.token;
  return same || conflicts.includes(reply?.problem) || (reply?.http === 200 && first.call.name !== "start");
}
