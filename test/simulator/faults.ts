import * as z from "zod";
import { placeSchema } from "./reason.ts";

/** The name of a flow action, such as `otp.check`. */
export type ActionName = `${string}.${string}`;

/** Calls that are no flow action, and any call at all. */
const callTarget = z.enum([
  "any",
  "authorize",
  "read",
  "resume",
  "token",
  "jwks",
  "signoff",
  "userinfo",
  "discovery",
  "signon",
  "unknown",
]);

/** What a fault can be scripted `on`: every recorded action of PingOne's paths, or `any`. */
const target = z.union([callTarget, z.custom<ActionName>(hasActionName)]);

function hasActionName(value: unknown): boolean {
  return typeof value === "string" && /^\w+(\.\w+)+$/.test(value);
}

const common = { on: target, times: z.int().min(1).default(1) };
const status = z.int().min(200).max(599);
const detail = z.strictObject({
  code: z.string().min(1),
  message: z.string().default("The request was refused."),
  target: z.string().optional(),
  innerError: z.record(z.string(), z.unknown()).optional(),
});
const headers = z.union([
  z.record(z.string(), z.string()),
  z.array(z.tuple([z.string(), z.string()])).readonly(),
]);

/**
 * What can go wrong with a call. `applied` says whether the state change happens all the same.
 *
 * | `kind` | Effect | `applied` unless said |
 * |---|---|---|
 * | `status` | PingOne's error body of that status, `Retry-After` from `retryAfter` | `false` |
 * | `html` | an HTML page with `status` (200) | `false` |
 * | `delay` | waits `ms`, or until `clear`; the state changes before, after, or never (then 503) | required |
 * | `reset` | the socket dies with no answer | required |
 * | `close-mid-body` | the head and half the body, then the socket dies | `true` |
 * | `changed-flow-id` | the answer's flow has a new id, the old one is 404 | always |
 * | `unknown-status` | the answer's status is `status`, its links are unknown | always |
 * | `failed` | the flow ends: 200 `FAILED` with `error.code` | never |
 * | `reason` | `details`, in their order, told where `in` says, else the switch `reasonsIn` | `false` |
 * | `davinci` | the other protocol's body, with its cookies | `false` |
 * | `unreadable` | 200 JSON that is not a flow; cookies kept | always |
 * | `reply` | a canned answer, verbatim; its ids and its `ST` lead to the flow | `true` |
 * | `extra-cookies` | the normal answer with more `Set-Cookie` lines | always |
 */
export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...common,
    kind: z.literal("status"),
    status: z.int().min(400).max(599),
    retryAfter: z.union([z.number(), z.string()]).optional(),
    applied: z.boolean().default(false),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("html"),
    status: status.default(200),
    applied: z.boolean().default(false),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("delay"),
    ms: z.int().min(0),
    applied: z.enum(["before", "after", "never"]),
  }),
  z.strictObject({ ...common, kind: z.literal("reset"), applied: z.boolean() }),
  z.strictObject({ ...common, kind: z.literal("close-mid-body"), applied: z.boolean().default(true) }),
  z.strictObject({ ...common, kind: z.literal("changed-flow-id") }),
  z.strictObject({ ...common, kind: z.literal("unknown-status"), status: z.string().min(1) }),
  z.strictObject({ ...common, kind: z.literal("failed"), code: z.string().min(1) }),
  z.strictObject({
    ...common,
    kind: z.literal("reason"),
    details: z.tuple([detail], detail),
    in: placeSchema.optional(),
    code: z.string().min(1).optional(),
    status: z.int().min(400).max(499).optional(),
    applied: z.boolean().default(false),
  }),
  z.strictObject({ ...common, kind: z.literal("davinci"), applied: z.boolean().default(false) }),
  z.strictObject({ ...common, kind: z.literal("unreadable") }),
  z.strictObject({
    ...common,
    kind: z.literal("reply"),
    status,
    headers: headers.default({}),
    body: z.union([z.string(), z.record(z.string(), z.unknown())]),
    applied: z.boolean().default(true),
  }),
  z.strictObject({ ...common, kind: z.literal("extra-cookies"), setCookie: z.array(z.string()).readonly() }),
]);

/** A fault as one scripts it; see the table at `faultSchema`. */
export type Fault = z.input<typeof faultSchema>;

/** What goes wrong, whichever call it befalls. */
export type FaultKind = Fault extends infer One ? (One extends Fault ? Omit<One, "on"> : never) : never;

/** A fault with its defaults filled in. */
export type ScriptedFault = z.output<typeof faultSchema>;

/** No call has the name that a fault was scripted on. */
export class UnknownTarget extends Error {
  constructor(on: string) {
    super(`The stand-in for PingOne performs no ${on}.`);
  }
}

/** Faults waiting for their call, oldest first. */
export interface FaultQueue {
  /** Queues a fault; throws on one that does not fit the schema, or that nothing could ever befall. */
  script(fault: Fault): void;
  /** Drops what waits for its call, and lets every slow answer go at once. */
  clear(): void;
  /** Fires at the next `clear`. */
  readonly cleared: AbortSignal;
  /** Takes one use of the first fault that fits the action. */
  take(action: string): ScriptedFault | undefined;
}

/**
 * An empty queue.
 *
 * @param isPerformed whether the stand-in performs a flow action of that name
 */
export function createFaults(isPerformed: (action: string) => boolean): FaultQueue {
  let waiting: { readonly fault: ScriptedFault; left: number }[] = [];
  let clearing = new AbortController();
  return {
    script: (input) => {
      const fault = faultSchema.parse(input);
      const isCall = callTarget.safeParse(fault.on).success;
      if (!isCall && !isPerformed(fault.on)) throw new UnknownTarget(fault.on);
      waiting.push({ fault, left: fault.times });
    },
    clear: () => {
      waiting = [];
      clearing.abort();
      clearing = new AbortController();
    },
    get cleared() {
      return clearing.signal;
    },
    take: (action) => {
      const found = waiting.find(({ fault }) => fault.on === "any" || fault.on === action);
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left === 0) waiting = waiting.filter((one) => one !== found);
      return found.fault;
    },
  };
}
