import type { Flow } from "./flow.ts";
import type { World } from "./world.ts";

/**
 * The `Set-Cookie` lines that an answer on the flow carries now. Making them is what counts as telling: when
 * the answer is lost, so are they.
 */
export function cookiesFor(world: World, flow: Flow): string[] {
  const { session } = flow;
  if (session === undefined) return [];
  const firstTelling = flow.status === "COMPLETED" && !flow.completionTold;
  const heldBefore = world.switches.cookiesAt === "authorize" || flow.completionTold;
  if (flow.status === "COMPLETED") flow.completionTold = true;
  const { rotateST, repeatST, secureCookies } = world.switches;
  if (rotateST && heldBefore) world.sessions.rotate(session);
  const tells = firstTelling || rotateST || repeatST;
  return tells ? world.sessions.cookieLines(session, secureCookies) : [];
}
