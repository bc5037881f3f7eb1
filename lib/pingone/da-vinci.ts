import * as z from "zod/mini";
import { statusWord } from "./flow-body.ts";

const present = z.union([z.string(), z.number(), z.boolean()]);

/**
 * Members that every node of a DaVinci flow has some of, its success and its errors too, and no flow object.
 */
const ofDaVinci = z.union([
  z.object({ interactionToken: present }),
  z.object({ capabilityName: present }),
  z.object({ connectorId: present }),
  z.object({ connectionId: present }),
]);

/** What DaVinci sends as well, but a flow object might one day. */
const likeDaVinci = z.union([
  z.object({ interactionId: present }),
  z.object({ _links: z.object({ next: z.unknown().check(z.refine((link) => link !== undefined)) }) }),
  z.object({ eventName: present, form: z.unknown() }),
]);

const withStatus = z.object({ status: z.string().check(z.regex(statusWord)) });

/**
 * Whether a body is DaVinci's, another protocol under the same URLs (docs/pingone.md §1.4), whatever else it
 * says: a DaVinci flow that has come to its end says `COMPLETED`, as a flow object does.
 *
 * @param body the parsed JSON
 */
export function isDaVinci(body: unknown): boolean {
  return (
    ofDaVinci.safeParse(body).success ||
    (likeDaVinci.safeParse(body).success && !withStatus.safeParse(body).success)
  );
}
