import { resumed } from "../../../lib/flow/flow.ts";
import { sessionCookie } from "../pingone/upstream.ts";
import { type FlowRow, jarIn, placeOf } from "../table/flow-row.ts";
import { tokenIn } from "../table/tokens.ts";
import { environment } from "../world.ts";
import { applicationIn } from "./application.ts";
import type { Check, Sight } from "./check.ts";

/** A session is ended when that is asked for, and only then. */
export const signedOff: Check = {
  name: "signed off",
  promise: "Whoever cancels a flow that has its code is signed off first, where the application says so.",
  onRow: ({ world, deeds, before, after, purpose, settings }) => {
    if (purpose !== "remove" || before === undefined || after !== undefined) return undefined;
    const token = tokenIn(deeds.token);
    // Nobody can be signed off whose cookies don't open any more.
    const isOpen = token && jarIn(before, placeOf(environment, world.flowId, before), token) !== undefined;
    const isLeft = isOpen && isToEnd(before, settings) && world.upstream?.isSignedOff === false;
    return isLeft ? "the flow is forgotten, and its person is still signed on" : undefined;
  },
  onCall: ({ call, deeds, settings }) => {
    if (call.kind !== "sign off") return undefined;
    const row = deeds.rows.at(-1);
    const isAsked = deeds.kinds.has("current") && row !== undefined && isToEnd(row, settings);
    return isAsked ? undefined : `${deeds.name} signs somebody off who has not asked for it`;
  },
};

function isToEnd(row: FlowRow, settings: Sight["settings"]): boolean {
  const hasCookie = row.jar?.peek().cookies.some(({ name }) => name === sessionCookie) === true;
  return row.status === resumed && hasCookie && applicationIn(row, settings)?.session === "end";
}
