import type { FlowSettings } from "../../../lib/flow/context.ts";
import { resumed } from "../../../lib/flow/flow.ts";
import { sessionCookie } from "../pingone/upstream.ts";
import type { FlowRow } from "../table/flow-row.ts";
import { applicationIn } from "./application.ts";
import { type Check, isAlive, type RowSight } from "./check.ts";
import type { Deeds } from "./ledger.ts";

/** The session cookie stays. */
export const cookieKept: Check = {
  name: "cookie kept",
  promise: "A cookie that a write has stored, or that a writer was given, is kept as long as it is wanted.",
  onRow: (sight) => {
    const { deeds, purpose, before, after, settings } = sight;
    if (after === before) return undefined;
    return purpose === "commit" && after?.status === resumed
      ? faultAfterCode(after, deeds, settings)
      : faultOnTheWay(sight);
  },
};

function faultOnTheWay({ world, deeds, purpose, before, after }: RowSight): string | undefined {
  if (!isAlive(after, world.now)) return undefined;
  const held = after.jar === undefined ? undefined : cookieIn(after);
  const stored = before && cookieIn(before);
  if (stored !== undefined && held !== stored) return `${deeds.name} loses the session cookie of the row`;
  const isDue = deeds.given !== undefined && concluding.includes(purpose);
  return isDue && held !== deeds.given ? `${deeds.name} does not store the session cookie` : undefined;
}

/** The cookie has done its work then, save where it is to end the session. */
function faultAfterCode(row: FlowRow, { name, rows }: Deeds, settings: FlowSettings): string | undefined {
  const hadCookie = rows.some((one) => one !== undefined && cookieIn(one) !== undefined);
  const isWanted = hadCookie && applicationIn(row, settings)?.session === "end";
  if (isWanted === (cookieIn(row) !== undefined)) return undefined;
  return `${name} ${isWanted ? "loses" : "keeps"} the session cookie of a flow that has its code`;
}

/** What ends a claim, or leaves it in doubt. */
const concluding: readonly string[] = ["commit", "mark doubtful", "release"];

function cookieIn({ jar }: FlowRow): string | undefined {
  return jar?.peek().cookies.find(({ name }) => name === sessionCookie)?.value;
}
