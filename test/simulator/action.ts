import type * as z from "zod";
import { parseBody } from "./bodies.ts";
import type { ActionName } from "./faults.ts";
import type { Flow, FlowStatus } from "./flow.ts";
import type { Reason } from "./reason.ts";
import type { Outcome } from "./telling.ts";
import type { World } from "./world.ts";

/** What a flow action is and does. */
interface ActionFacts<Body> {
  /** The name in its media type, and the key of its link. */
  readonly name: ActionName;
  /** The statuses whose flows have a link for it. */
  readonly offeredIn: readonly FlowStatus[];
  /** Only under policies that let people help themselves. */
  readonly isSelfService?: boolean;
  readonly body: z.ZodObject & z.ZodType<Body>;
  readonly perform: (world: World, flow: Flow, body: Body) => Outcome;
}

/** One flow action, whatever its body. */
export interface Action extends Pick<ActionFacts<object>, "isSelfService" | "name" | "offeredIn"> {
  readonly body: z.ZodObject;
  /** Does it, unless the body is malformed. */
  act(world: World, flow: Flow, body: unknown): Outcome;
}

/** Makes an action of what a file in `actions/` says of it. */
export function defineAction<Body>({
  name,
  offeredIn,
  isSelfService = false,
  body: schema,
  perform,
}: ActionFacts<Body>): Action {
  return {
    name,
    offeredIn,
    isSelfService,
    body: schema,
    act: (world, flow, body) => {
      const parsed = parseBody(schema, body);
      return parsed.ok ? perform(world, flow, parsed.value) : { kind: "malformed", answer: parsed.answer };
    },
  };
}

/** The action is done. */
export const done: Outcome = { kind: "done" };

/** Something stands against it. */
export function refused(reason: Reason): Outcome {
  return { kind: "reason", reason };
}
