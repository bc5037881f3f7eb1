import { type StepName, stepNames } from "../../../lib/flow/steps.ts";
import type { FaultKind } from "../../simulator/faults.ts";

/** Where something breaks on our side; `nowhere` leaves it to PingOne. */
const points = [
  "before claim",
  "after claim",
  "before send",
  "mid-send",
  "after send",
  "before commit",
  "after commit",
  "nowhere",
] as const;

/** One of {@link points}. */
type Point = (typeof points)[number];

/** What PingOne makes of a call. */
interface Outcome {
  readonly name: string;
  /** What has become of the flow afterwards. */
  readonly effect: "moved" | "completed" | "failed" | "rejected" | "none";
  /** The steps that it can come of; all of them unless said. */
  readonly steps?: readonly StepName[];
  readonly fault?: FaultKind;
  /** The wrong credential is sent, where the step has one; the fault is for the other steps. */
  readonly wrong?: boolean;
  /** PingOne wants something more after a password. */
  readonly further?: boolean;
  /** A cookie that comes along. */
  readonly cookie?: string;
  /** Nothing whole was answered: afterwards one such outcome is like the other. */
  readonly broken?: boolean;
}

/** One case of the matrix. */
export interface Cell {
  readonly step: StepName;
  readonly point: Point;
  readonly outcome: Outcome;
}

/** More than PingOne is ever given: the answer goes when the faults are cleared. */
const tooLongMs = 600_000;

/** Where a step that goes well leads in its scene: to more, or to the end. */
const ways: Readonly<Record<StepName, readonly ("completed" | "moved")[]>> = {
  lookup: ["moved"],
  password: ["moved", "completed"],
  device: ["moved"],
  otp: ["completed"],
  resume: ["completed"],
  poll: ["completed"],
};

function status(code: number): Outcome {
  const fault = { kind: "status", status: code, ...(code === 429 ? { retryAfter: 2 } : {}) } as const;
  return { name: String(code), effect: "none", fault };
}

function stepsThat(way: "completed" | "moved"): readonly StepName[] {
  return stepNames.filter((step) => ways[step].includes(way));
}

const outcomes: readonly Outcome[] = [
  { name: "next", effect: "moved", steps: stepsThat("moved"), further: true },
  { name: "done", effect: "completed", steps: stepsThat("completed") },
  {
    name: "200 with error",
    effect: "failed",
    fault: { kind: "failed", code: "MFA_DISABLED" },
  },
  {
    name: "400",
    effect: "rejected",
    wrong: true,
    fault: { kind: "status", status: 400 },
  },
  ...[401, 403, 404, 415, 429, 500, 503].map(status),
  {
    name: "unreadable 200 with a cookie",
    effect: "completed",
    cookie: "LATE",
    fault: {
      kind: "reply",
      status: 200,
      headers: { "set-cookie": "LATE=kept; Path=/; Secure; HttpOnly" },
      body: { result: "ok" },
    },
  },
  {
    name: "reset before reply",
    effect: "none",
    broken: true,
    fault: { kind: "reset", applied: false },
  },
  {
    name: "time-out, then applied",
    effect: "completed",
    broken: true,
    fault: { kind: "delay", ms: tooLongMs, applied: "before" },
  },
  {
    name: "time-out, not applied",
    effect: "none",
    broken: true,
    fault: { kind: "delay", ms: tooLongMs, applied: "never" },
  },
];

/**
 * The distinct cells of a step: where an outcome can't be seen or can't come about, it makes no other cell.
 */
export function cellsOf(step: StepName): readonly Cell[] {
  const cells = new Map<string, Cell>();
  for (const point of points) {
    for (const outcome of outcomes.filter(({ steps = stepNames }) => steps.includes(step))) {
      const key = `${point}: ${seen(point, outcome)}`;
      if (!cells.has(key)) cells.set(key, { step, point, outcome });
    }
  }
  return [...cells.values()];
}

/** All that can be told apart of an outcome once something has broken at a point. */
function seen(point: Point, { name, effect, broken = false }: Outcome): string {
  switch (point) {
    case "before claim":
    case "after claim":
    case "before send":
    case "mid-send":
      return "nothing came of it";
    case "after send":
      return effect;
    case "before commit":
    case "after commit":
      return broken ? `broken, ${effect}` : name;
    case "nowhere":
      return name;
  }
}
