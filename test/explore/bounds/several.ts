import type { Plan } from "../search/plan.ts";
import {
  type Acting,
  cancelling,
  clientStepsOn,
  outdated,
  reading,
  repeating,
  startingOnce,
  startingOther,
  startingVouchedFor,
  strangers,
  taking,
  takingOther,
  waiting,
} from "./actors.ts";
import { starts } from "./one.ts";
import { planFor, type Reach } from "./plans.ts";
import type { Root } from "./root-state.ts";
import { doubtRoots, offeredOn, openRoots } from "./roots.ts";

/** Flows that somebody waits for. */
const roots: readonly Root[] = openRoots.map((root) => ({ ...root, waiter: "w0" }));

/** Two requests at the same time: each pair once. */
export function twoRequests(reach: Reach): readonly Plan[] {
  return [
    ...roots.flatMap((root) =>
      combinations([...company(root), waiting("w2")], 2).map((pair) => planFor(root, pair, reach)),
    ),
    ...starts.flatMap((root) => combinations(startingOn(root), 2).map((pair) => planFor(root, pair, reach))),
    ...doubtRoots.flatMap((root) =>
      combinations(settling(root), 2).map((pair) => planFor(root, pair, reach)),
    ),
    ...openRoots.flatMap((root) =>
      clientStepsOn(root).map((step) =>
        planFor(root, [taking(step), taking(step)], { ...reach, bringsRow: false }),
      ),
    ),
  ];
}

/** Three at the same time, of which one takes what is offered. */
export function threeRequests(reach: Reach): readonly Plan[] {
  return [
    ...starts.map((root) => {
      const [one, other] = startingOn(root);
      return planFor(root, [one, one, other], reach);
    }),
    ...roots.flatMap((root) =>
      combinations(company(root), 3)
        .filter((three) => three.some(({ name }) => offeredOn(root).some((step) => step === name)))
        .map((three) => planFor(root, three, reach)),
    ),
  ];
}

function startingOn({ serving }: Root): readonly [Acting, Acting] {
  return [serving === "all" ? startingVouchedFor : startingOnce, startingOther];
}

/** Everybody who may be there at the same time. */
function company(root: Root): readonly Acting[] {
  const [first] = clientStepsOn(root);
  const [stranger] = strangers;
  const [old] = outdated;
  return [
    ...clientStepsOn(root).map(taking),
    ...(first === undefined ? [] : [takingOther(first)]),
    ...[reading, cancelling, waiting("w1"), repeating],
    ...[old, stranger].filter((one) => one !== undefined),
  ];
}

/** Who is there when a doubt is settled. */
function settling(root: Root): readonly Acting[] {
  const { doubt } = root;
  const [other] = clientStepsOn(root).filter((step) => step !== doubt?.step);
  const own = doubt === undefined || doubt.step === "poll" ? [] : [taking(doubt.step)];
  return [...own, ...(other === undefined ? [] : [taking(other)]), reading, cancelling];
}

/** Every choice of so many, the same one several times included, in one order each. */
function combinations<One>(all: readonly One[], count: number): readonly (readonly One[])[] {
  if (count === 0) return [[]];
  return all.flatMap((one, index) =>
    combinations(all.slice(index), count - 1).map((others) => [one, ...others]),
  );
}
