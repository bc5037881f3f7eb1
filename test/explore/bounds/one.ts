import { takesDevice } from "../../../lib/flow/steps.ts";
import type { Holder } from "../../../lib/flow/store.ts";
import { publicKeyOf } from "../../../lib/x25519.ts";
import { type Beginning, type RequestSpec, renewalRequest, startRequest } from "../requests.ts";
import type { Plan } from "../search/plan.ts";
import { tokenIn } from "../table/tokens.ts";
import { applicationName, type Serving } from "../world.ts";
import {
  type Acting,
  cancelling,
  clientStepsOn,
  looking,
  outdated,
  reading,
  repeating,
  startingOnce,
  startingVouchedFor,
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
import { doubtRoots, everyRoot, offeredOn, openRoots } from "./roots.ts";

/** One request by itself: everybody's, on every flow. */
export function oneRequest(reach: Reach): readonly Plan[] {
  const on = (root: Root, actors: readonly Acting[]) => actors.map((actor) => planFor(root, [actor], reach));
  return [
    ...everyRoot.flatMap((root) => on(root, everybody(root))),
    ...doubtRoots.flatMap((root) => on(root, afterDoubt(root))),
    ...troubledRoots.flatMap((root) => on(root, [...steps(root), reading, cancelling, waiting("w1")])),
    ...minimalRoots.flatMap((root) => on(root, [...steps(root), ...shown(root), reading])),
    ...starts.flatMap((root) => on(root, startingOn(root))),
    ...openRoots.flatMap((root) => on(root, unfit(root.status)).map(withoutRows)),
  ];
}

function steps(root: Root): readonly Acting[] {
  return clientStepsOn(root).map(taking);
}

function shown(root: Root): readonly Acting[] {
  return clientStepsOn(root).filter(takesDevice).map(takingShown);
}

/** Everybody who can ask for something. */
function everybody(root: Root): readonly Acting[] {
  return [
    ...[
      ...steps(root),
      ...clientStepsOn(root).map(takingUnfit),
      ...unfit(root.status),
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
function afterDoubt(root: Root): readonly Acting[] {
  const { doubt } = root;
  const others = clientStepsOn(root).filter((step) => step !== doubt?.step);
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
    .filter((root) => offeredOn(root).includes("otp"))
    .flatMap((root) =>
      (["named", "decoy"] as const).map((standing): Root => ({ ...root, disclosure: "minimal", standing })),
    ),
];

/** No flow yet. */
export const starts: readonly Root[] = (["hints", "minimal"] as const).flatMap((disclosure) =>
  (["little", "all"] as const).map((serving) => ({ status: noFlow, disclosure, serving })),
);

const loginHint = "ada@example.com";
const idToken = "token-of-ada";

function startingOn({ serving = "little" }: Root): readonly Acting[] {
  const asked: readonly Beginning[] = serving === "all" ? [{ idToken }] : [{}, { loginHint }];
  return [
    ...asked.flatMap((one) => [startRequest(one), startRequest({ ...one, holder: holder() })]),
    ...unfitOn(serving).map((one) => startRequest(one, true)),
    renewalRequest(applicationName, serving === "little"),
    renewalRequest("nobody", true),
  ]
    .map(acting)
    .concat(serving === "all" ? startingVouchedFor : startingOnce);
}

/** Starts that the application does not take. */
function unfitOn(serving: Serving): readonly Beginning[] {
  const policy = "Nobodys_Policy";
  if (serving === "little") return [{ application: "nobody" }, { policy }, { idToken }];
  return [
    { idToken, policy },
    { idToken, loginHint },
  ];
}

function acting(spec: RequestSpec): Acting {
  return { name: spec.name, request: () => spec };
}

function holder(): Holder {
  const token = tokenIn(Buffer.alloc(32, "H").toString("base64url"));
  if (token === undefined) throw new Error("This is no token.");
  return { tokenHash: Buffer.from(token.hash, "hex"), publicKey: publicKeyOf(token.bytes) };
}

function withoutRows(plan: Plan): Plan {
  return { ...plan, name: `${plan.name}, no row comes with a refusal`, bringsRow: false };
}
