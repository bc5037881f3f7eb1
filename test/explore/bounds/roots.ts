import { isOver } from "../../../lib/flow/flow.ts";
import { actionOf, type StepName, steps } from "../../../lib/flow/steps.ts";
import { statuses, stepsIn, strangeStatus, successorsOf } from "../pingone/statuses.ts";
import { type Doubt, isServed, type Root } from "./root-state.ts";

/** Words of ours for flows that have ended. */
const endedStatuses: readonly string[] = ["RESUMED", "RESTART_REQUIRED", "UNSUPPORTED"];

/**
 * A flow in each status that offers a step to take or to wait for, of an application that is served little.
 */
const plainRoots: readonly Root[] = statuses
  .map((status): Root => (status === "COMPLETED" ? { status, session: "held" } : { status }))
  .filter((root) => offeredOn(root).length > 0);

/** The same where it makes a difference that the application is served all there is. */
const servedRoots: readonly Root[] = statuses
  .filter((status) => isOver(status) || stepsIn(status).some((step) => steps[step].needs !== undefined))
  .map((status): Root => ({ status, serving: "all", ...(isOver(status) ? { session: "held" } : {}) }))
  .filter((root) => offeredOn(root).length > 0);

/** A flow in each status that offers a step. */
export const openRoots: readonly Root[] = [...plainRoots, ...servedRoots];

/** A flow in every status there is. */
export const everyRoot: readonly Root[] = [
  ...openRoots,
  ...[...new Set([...statuses, ...endedStatuses, strangeStatus])]
    .filter((status) => !plainRoots.some((root) => root.status === status))
    .map((status) => ({ status })),
  // Cookies that were too many to be kept.
  { status: "RESUMED", serving: "all" },
  ...(["now", "next", "never"] as const).map((session) => ({ status: "COMPLETED", session })),
];

/** Every doubt that a flow can be in, with everything that can have come of it. */
export const doubtRoots: readonly Root[] = openRoots.flatMap((root) =>
  offeredOn(root).flatMap((step) =>
    outcomesOf(root.status, step).flatMap((upstream) =>
      [true, false].map(
        (isMarked): Root => ({
          ...root,
          ...sessionAfter(root, upstream),
          doubt: { step, upstream, isMarked },
        }),
      ),
    ),
  ),
);

/** The steps that a flow offers. */
export function offeredOn(root: Pick<Root, "serving" | "status">): readonly StepName[] {
  return stepsIn(root.status).filter((step) => isServed(step, root));
}

function outcomesOf(status: string, step: StepName): readonly Doubt["upstream"][] {
  const action = actionOf(step);
  if (action !== undefined) return [undefined, ...successorsOf(status, action).slice(0, 2)];
  return [undefined, "COMPLETED"];
}

/** A cookie that came with the lost answer is lost; whether it comes again is PingOne's. */
function sessionAfter({ session }: Root, upstream: string | undefined): Pick<Root, "session"> {
  return session === "held" || upstream !== "COMPLETED" ? { session } : { session: "now" };
}

/** In words, for the name of a plan. */
export function nameOf(root: Root): string {
  const { status, session, doubt, broken, waiter, isBare, attempts, disclosure, standing, serving } = root;
  const parts = [
    status,
    session && isOver(status) ? `session ${session}` : undefined,
    serving && `serving ${serving}`,
    doubt &&
      `${doubt.step} in doubt${doubt.isMarked ? "" : " by silence"}, PingOne ${doubt.upstream ?? "as it was"}`,
    broken && `broken ${broken}`,
    waiter && `${waiter} waits`,
    isBare && "nothing told beside it",
    attempts === undefined ? undefined : `${attempts} attempts`,
    disclosure,
    standing,
  ];
  return parts.filter(Boolean).join(", ");
}
