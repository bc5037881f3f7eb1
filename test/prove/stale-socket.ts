import { type StepName, steps } from "../../lib/flow/steps.ts";
import { targetOf } from "../support/step-scenes.ts";
import { startChild } from "./kit/children.ts";
import { judgeRequests } from "./kit/judge.ts";
import { keptDeeds, spoilKeptOnes } from "./kit/kept-connections.ts";
import type { Sent } from "./kit/person.ts";
import { type Conditions, Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { keptSteps, nextStep, sceneAt } from "./kit/scenes.ts";
import { onStage, type Stage } from "./kit/stage.ts";
import { type PeerDeed, peerDeeds, unnoticed } from "./kit/upstream-proxy.ts";

/**
 * Connections that the peer closed between two steps, and processes that were frozen meanwhile: no step makes
 * a second call, and none falls into doubt.
 */
export const staleSocket: Proof = {
  name: "stale socket",
  async run(conditions) {
    const misses = new Misses();
    const wanted = conditions.rounds(1000);
    const frozen = conditions.rounds(200, 4);
    const dropped = await onStage({ defect: conditions.defect, proxied: true }, (stage) =>
      dropConnections(stage, wanted, conditions.random, misses),
    );
    const spoilt = conditions.rounds(400, 2 * peerDeeds.length);
    const inDoubt = await spoilEarlyOnes(spoilt, conditions, misses);
    const kept = conditions.rounds(400, keptDeeds.length);
    const reused = await spoilKeptOnes(kept, conditions, misses);
    const halves = [Math.ceil(frozen / 2), Math.floor(frozen / 2)];
    await Promise.all(halves.map((count) => freezeProcesses(count, conditions, misses)));
    return {
      rounds: wanted + spoilt + kept + frozen,
      figure: [
        `${dropped} idle connections gone before ${wanted} steps`,
        `${spoilt} early ones spoilt, in doubt: ${doubtsIn(inDoubt)}`,
        `${kept} starts after another, ${reused} on the connection that it left`,
        `${frozen} processes frozen and thawed`,
      ].join("; "),
      misses: misses.all,
    };
  },
};

function doubtsIn(counts: ReadonlyMap<PeerDeed, number>): string {
  return unnoticed.map((deed) => `${counts.get(deed) ?? 0} where the peer ${deed}`).join(", ");
}

/** The steps that another one follows. */
const followed = keptSteps.filter((step) => steps[step].call.kind !== "resume");

async function dropConnections(
  stage: Stage,
  wanted: number,
  random: Random,
  misses: Misses,
): Promise<number> {
  let dropped = 0;
  for (let round = 0; round < wanted; round += 1) {
    const step = pick(random, keptSteps);
    const { person, right } = await sceneAt(stage, step);
    dropped += drop(stage, random);
    const sent = await person.step(step, right);
    judgeStep(stage, sent, step, misses);
    judgeRequests(person, misses, `stale socket, ${step}`);
  }
  return dropped;
}

/**
 * While the claim is being written the peer does something to the connection that was begun for the call;
 * half of the processes are frozen meanwhile. Only what nobody can notice leaves a doubt: a peer that forgets
 * without a word, or closes at the very moment.
 */
async function spoilEarlyOnes(
  count: number,
  { random, defect }: Conditions,
  misses: Misses,
): Promise<ReadonlyMap<PeerDeed, number>> {
  const doubts = new Map<PeerDeed, number>();
  await onStage({ defect, proxied: true }, async (stage) => {
    for (let round = 0; round < count; round += 1) {
      const deed = peerDeeds[round % peerDeeds.length] ?? "closes";
      const isFrozen = round % (2 * peerDeeds.length) >= peerDeeds.length;
      const spoilt = spoilOne(stage, pick(random, keptSteps), { deed, isFrozen }, misses);
      // A function that is broken may not even start a flow.
      const isDoubt = await spoilt.catch((error: unknown) => {
        misses.unless(
          false,
          () => `stale socket, ${deed}: ${error instanceof Error ? error.message : "failed"}`,
        );
        return false;
      });
      if (isDoubt) doubts.set(deed, (doubts.get(deed) ?? 0) + 1);
    }
  });
  return doubts;
}

/** Whether it ended in a doubt. */
async function spoilOne(
  stage: Stage,
  step: StepName,
  { deed, isFrozen }: { readonly deed: PeerDeed; readonly isFrozen: boolean },
  misses: Misses,
): Promise<boolean> {
  const { person, right } = await sceneAt(stage, step);
  const child = isFrozen ? await startChild(stage.childSetup()) : undefined;
  try {
    if (child !== undefined) person.transport = child.transport;
    const arrival = stage.upstream.arrival();
    stage.engine.meanwhile("claim", async () => {
      await arrival;
      child?.freeze();
      stage.upstream.toEach(deed);
      child?.thaw();
    });
    const sent = await person.step(step, right);
    judgeRequests(person, misses, `stale socket, early, ${deed}, ${step}`);
    if (!unnoticed.includes(deed)) {
      judgeStep(stage, sent, step, misses);
      return false;
    }
    const calls = stage.callsOf(sent.call.tag).length;
    misses.unless(calls === 0, () => `stale socket, ${step}: ${calls} calls by a peer that ${deed}`);
    return sent.reply?.problem === "outcome-unknown";
  } finally {
    await child?.kill();
  }
}

async function freezeProcesses(count: number, { random, defect }: Conditions, misses: Misses): Promise<void> {
  await onStage({ defect, proxied: true }, async (stage) => {
    for (let round = 0; round < count; round += 1) await freezeOne(stage, random, misses);
  });
}

/**
 * The process takes one step, so that it has connections; then it sleeps while they die, and takes the next.
 */
async function freezeOne(stage: Stage, random: Random, misses: Misses): Promise<void> {
  const scene = await sceneAt(stage, pick(random, followed));
  const { person } = scene;
  const child = await startChild(stage.childSetup());
  try {
    person.transport = child.transport;
    judgeStep(stage, await person.step(scene.step, scene.right), scene.step, misses);
    const next = nextStep(scene, person.sent.at(-1)?.reply?.body.next ?? []);
    if (next === undefined) return misses.unless(false, () => "stale socket: nothing was offered next");
    child.freeze();
    drop(stage, random);
    // Asked before it wakes, it meets the request and the end of its connections at once.
    const isEarly = random.chance(0.5);
    const early = isEarly ? person.step(next.step, next.body) : undefined;
    child.thaw();
    judgeStep(stage, await (early ?? person.step(next.step, next.body)), next.step, misses);
    judgeRequests(person, misses, `stale socket, ${next.step}`);
  } finally {
    await child.kill();
  }
}

function drop({ engine, upstream }: Stage, random: Random): number {
  const openly = random.chance(0.5);
  upstream.dropAll(openly);
  return engine.dropAll(openly);
}

function judgeStep(stage: Stage, { call, reply }: Sent, step: StepName, misses: Misses): void {
  const calls = stage.callsOf(call.tag).filter(({ action }) => action === targetOf(step)).length;
  misses.unless(
    reply?.http === 200 && calls === 1,
    () => `stale socket, ${step}: ${reply?.problem ?? reply?.http} after ${calls} calls`,
  );
}
