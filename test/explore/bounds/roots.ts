import { actionOf, type StepName } from "../../../lib/flow/steps.ts";
import { statuses, stepsIn, strangeStatus, successorsOf } from "../pingone/statuses.ts";
import type { Doubt, Root } from "./root-state.ts";

/** Words of ours for flows that have ended. */
const endedStatuses: readonly string[] = ["RESUMED", "RESTART_REQUIRED", "UNSUPPORTED"];

/** A flow in each status that offers a step to take or to wait for. */
export const openRoots: readonly Root[] = statuses
  .filter((status) => stepsIn(status).length > 0)
  .map((status) => (status === "COMPLETED" ? { status, session: "held" } : { status }));

/** A flow in every status there is. */
export const everyRoot: readonly Root[] = [
  ...openRoots,
  ...statuses.filter((status) => stepsIn(status).length === 0).map((status) => ({ status })),
  ...[...endedStatuses, strangeStatus].map((status) => ({ status })),
  ...(["now", "next", "never"] as const).map((session) => ({ status: "COMPLETED", session })),
];

/** Every doubt that a flow can be in, with everything that can have come of it. */
export const doubtRoots: readonly Root[] = openRoots.flatMap((root) =>
  stepsIn(root.status).flatMap((step) =>
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
  const { status, session, doubt, broken, waiter, isBare, attempts, disclosure, standing } = root;
  const parts = [
    status,
    session && status === "COMPLETED" ? `session ${session}` : undefined,
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
