import { takesDevice } from "../../../lib/flow/steps.ts";
import type { Holder } from "../../../lib/flow/store.ts";
import { publicKeyOf } from "../../../lib/x25519.ts";
import { stepsIn } from "../pingone/statuses.ts";
import { startRequest } from "../requests.ts";
import type { Plan } from "../search/plan.ts";
import { tokenIn } from "../table/tokens.ts";
import {
  type Acting,
  cancelling,
  clientStepsIn,
  looking,
  outdated,
  reading,
  repeating,
  startingOnce,
  stepNotIn,
  strangers,
  taking,
  takingOther,
  takingShown,
  takingUnfit,
  waiting,
} from "./actors.ts";
import { planFor, type Reach } from "./plans.ts";
import { noFlow } from "./root.ts";
import type { Root } from "./root-state.ts";
import { doubtRoots, everyRoot, openRoots } from "./roots.ts";

/** One request by itself: everybody's, on every flow. */
export function oneRequest(reach: Reach): readonly Plan[] {
  const on = (root: Root, actors: readonly Acting[]) => actors.map((actor) => planFor(root, [actor], reach));
  return [
    ...everyRoot.flatMap((root) => on(root, everybody(root.status))),
    ...doubtRoots.flatMap((root) => on(root, afterDoubt(root))),
    ...troubledRoots.flatMap((root) => on(root, [...steps(root.status), reading, cancelling, waiting("w1")])),
    ...minimalRoots.flatMap((root) => on(root, [...steps(root.status), ...shown(root.status), reading])),
    ...starts.flatMap((root) => on(root, [...starting, startingOnce])),
    ...openRoots.flatMap((root) => on(root, unfit(root.status)).map(withoutRows)),
  ];
}

function steps(status: string): readonly Acting[] {
  return clientStepsIn(status).map(taking);
}

function shown(status: string): readonly Acting[] {
  return clientStepsIn(status).filter(takesDevice).map(takingShown);
}

/** Everybody who can ask for something. */
function everybody(status: string): readonly Acting[] {
  return [
    ...[
      ...steps(status),
      ...clientStepsIn(status).map(takingUnfit),
      ...unfit(status),
      reading,
      cancelling,
      repeating,
    ],
    ...[...outdated, ...strangers, looking, waiting("w1")],
  ];
}

function unfit(status: string): readonly Acting[] {
  const step = stepNotIn(status);
  return step === undefined ? [] : [taking(step)];
}

/** Who settles a doubt, and who can't. */
function afterDoubt({ status, doubt }: Root): readonly Acting[] {
  const others = clientStepsIn(status).filter((step) => step !== doubt?.step);
  const own =
    doubt === undefined || doubt.step === "poll" ? [] : [taking(doubt.step), takingOther(doubt.step)];
  return [...own, ...others.map(taking), reading, cancelling, waiting("w1")];
}

/** Flows that somebody waits for, that have no attempts left, or whose row can't be used. */
const troubledRoots: readonly Root[] = openRoots.flatMap((root): readonly Root[] => [
  { ...root, waiter: "w0" },
  { ...root, attempts: 4 },
  { ...root, isBare: true },
  ...(["application", "jar", "version"] as const).map((broken) => ({ ...root, broken, waiter: "w0" })),
]);

/** Flows whose answers tell as little as can be. */
const minimalRoots: readonly Root[] = [
  ...openRoots.map((root): Root => ({ ...root, disclosure: "minimal" })),
  ...[...openRoots, ...doubtRoots]
    .filter(({ status }) => stepsIn(status).includes("otp"))
    .flatMap((root) =>
      (["named", "decoy"] as const).map((standing): Root => ({ ...root, disclosure: "minimal", standing })),
    ),
];

/** No flow yet. */
export const starts: readonly Root[] = (["hints", "minimal"] as const).map((disclosure) => ({
  status: noFlow,
  disclosure,
}));

const starting: readonly Acting[] = [undefined, "ada@example.com"].flatMap((loginHint) =>
  [undefined, holder()].map((somebody) => {
    const spec = startRequest({ ...(loginHint && { loginHint }), ...(somebody && { holder: somebody }) });
    return { name: spec.name, request: () => spec };
  }),
);

function holder(): Holder {
  const token = tokenIn(Buffer.alloc(32, "H").toString("base64url"));
  if (token === undefined) throw new Error("This is no token.");
  return { tokenHash: Buffer.from(token.hash, "hex"), publicKey: publicKeyOf(token.bytes) };
}

function withoutRows(plan: Plan): Plan {
  return { ...plan, name: `${plan.name}, no row comes with a refusal`, bringsRow: false };
}
