import { type Child, startChild } from "./children.ts";
import { Person } from "./person.ts";
import type { Conditions, Misses } from "./proof.ts";
import { onStage, type Stage } from "./stage.ts";
import { peerDeeds } from "./upstream-proxy.ts";

/** What befalls a kept connection, or nothing. */
export const keptDeeds = ["stays", ...peerDeeds] as const;

type KeptDeed = (typeof keptDeeds)[number];

/**
 * Starts that name nobody, each after another, which leaves a connection for it. The peer does something to
 * that connection first; half of the processes are frozen meanwhile. Whatever it was, the start succeeds,
 * PingOne takes up one, and the flow is that start's own.
 *
 * @returns how many starts went by the connection that was kept
 */
export async function spoilKeptOnes(count: number, { defect }: Conditions, misses: Misses): Promise<number> {
  let [reused, untouched] = [0, 0];
  await onStage({ defect, proxied: true }, async (stage) => {
    for (let round = 0; round < count; round += 1) {
      const deed = keptDeeds[round % keptDeeds.length] ?? "stays";
      const isFrozen = round % (2 * keptDeeds.length) >= keptDeeds.length;
      const isReused = await startAfter(stage, { deed, isFrozen }, misses).catch((error: unknown) => {
        misses.unless(false, () => `kept, ${deed}: ${error instanceof Error ? error.message : "failed"}`);
        return false;
      });
      if (deed === "stays") untouched += 1;
      if (isReused) reused += 1;
    }
  });
  misses.unless(untouched === 0 || reused > 0, () => "kept: no start went by a connection that was kept");
  return reused;
}

interface Spoilt {
  readonly deed: KeptDeed;
  readonly isFrozen: boolean;
}

/** Whether PingOne took the second start up on the connection of the first. */
async function startAfter(stage: Stage, { deed, isFrozen }: Spoilt, misses: Misses): Promise<boolean> {
  const child = isFrozen ? await startChild(stage.childSetup()) : undefined;
  try {
    const first = await started(stage, child);
    child?.freeze();
    if (deed !== "stays") stage.upstream.toEach(deed);
    child?.thaw();
    const second = await started(stage, child);
    const jar = await stage.store.read({ flowId: second.flowId, flowToken: second.token });
    const [before, calls] = [callsOf(first), callsOf(second)];
    misses.unless(calls.length === 1, () => `kept, ${deed}: PingOne took up ${calls.length} starts`);
    const flowId = jar?.jar?.upstreamFlowId;
    misses.unless(
      flowId !== undefined && calls.some((call) => call.flowId === flowId),
      () => `kept, ${deed}: the flow is not the one that was started`,
    );
    return calls.some(({ remotePort }) => before.some((call) => call.remotePort === remotePort));
  } finally {
    await child?.kill();
  }
}

async function started(stage: Stage, child: Child | undefined): Promise<Person> {
  const person = new Person(stage);
  if (child !== undefined) person.transport = child.transport;
  await person.start("Single_Factor");
  return person;
}

function callsOf({ sent, stage }: Person) {
  return sent.flatMap(({ call }) => stage.callsOf(call.tag));
}
