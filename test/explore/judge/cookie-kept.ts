import { sessionCookie } from "../pingone/upstream.ts";
import type { FlowRow } from "../table/flow-row.ts";
import { type Check, isAlive } from "./check.ts";

/** The session cookie stays. */
export const cookieKept: Check = {
  name: "cookie kept",
  promise: "A cookie that a write has stored, or that a writer was given, is not lost while its flow lives.",
  onRow: ({ world, deeds, purpose, before, after }) => {
    if (after === before || !isAlive(after, world.now)) return undefined;
    const held = after.jar === undefined ? undefined : cookieIn(after);
    const stored = before && cookieIn(before);
    if (stored !== undefined && held !== stored) return `${deeds.name} loses the session cookie of the row`;
    const isDue = deeds.given !== undefined && concluding.includes(purpose);
    return isDue && held !== deeds.given ? `${deeds.name} does not store the session cookie` : undefined;
  },
};

/** What ends a claim, or leaves it in doubt. */
const concluding: readonly string[] = ["commit", "mark doubtful", "release"];

function cookieIn({ jar }: FlowRow): string | undefined {
  return jar?.peek().cookies.find(({ name }) => name === sessionCookie)?.value;
}
