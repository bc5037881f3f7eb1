import { stepsIn } from "../pingone/statuses.ts";
import type { Plan } from "../search/plan.ts";
import {
  type Acting,
  cancelling,
  clientStepsIn,
  outdated,
  reading,
  repeating,
  startingOnce,
  startingOther,
  strangers,
  taking,
  takingOther,
  waiting,
} from "./actors.ts";
import { starts } from "./one.ts";
import { planFor, type Reach } from "./plans.ts";
import type { Root } from "./root-state.ts";
import { doubtRoots, openRoots } from "./roots.ts";

/** Flows that somebody waits for. */
const roots: readonly Root[] = openRoots.map((root) => ({ ...root, waiter: "w0" }));

/** Two requests at the same time: each pair once. */
export function twoRequests(reach: Reach): readonly Plan[] {
  return [
    ...roots.flatMap((root) =>
      combinations([...company(root.status), waiting("w2")], 2).map((pair) => planFor(root, pair, reach)),
    ),
    ...starts.flatMap((root) =>
      combinations([startingOnce, startingOther], 2).map((pair) => planFor(root, pair, reach)),
    ),
    ...doubtRoots.flatMap((root) =>
      combinations(settling(root), 2).map((pair) => planFor(root, pair, reach)),
    ),
    ...roots
      .flatMap(({ status }) => clientStepsIn(status).map((step) => ({ status, step })))
      .map(({ status, step }) =>
        planFor({ status, ...held(status) }, [taking(step), taking(step)], { ...reach, bringsRow: false }),
      ),
  ];
}

/** Three at the same time, of which one takes what is offered. */
export function threeRequests(reach: Reach): readonly Plan[] {
  const startingAll = [startingOnce, startingOnce, startingOther];
  return [
    ...starts.map((root) => planFor(root, startingAll, reach)),
    ...roots.flatMap((root) =>
      combinations(company(root.status), 3)
        .filter((three) => three.some(({ name }) => stepsIn(root.status).some((step) => step === name)))
        .map((three) => planFor(root, three, reach)),
    ),
  ];
}

function held(status: string): Pick<Root, "session"> {
  return status === "COMPLETED" ? { session: "held" } : {};
}

/** Everybody who may be there at the same time. */
function company(status: string): readonly Acting[] {
  const [first] = clientStepsIn(status);
  const [stranger] = strangers;
  const [old] = outdated;
  return [
    ...clientStepsIn(status).map(taking),
    ...(first === undefined ? [] : [takingOther(first)]),
    ...[reading, cancelling, waiting("w1"), repeating],
    ...[old, stranger].filter((one) => one !== undefined),
  ];
}

/** Who is there when a doubt is settled. */
function settling({ status, doubt }: Root): readonly Acting[] {
  const [other] = clientStepsIn(status).filter((step) => step !== doubt?.step);
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
