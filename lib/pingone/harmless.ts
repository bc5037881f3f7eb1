import type { Connections } from "./connections.ts";
import type { UpstreamRequest } from "./requests.ts";
import { type Exchange, send } from "./send.ts";

/**
 * The exchange of a call that can be made twice, which a start that names nobody is. Where a connection
 * was kept it goes there first, and once more on one of its own where the kept one proves stale before an
 * answer. Nothing that carries a credential, sends a message or may bring a cookie that comes once goes
 * this way.
 *
 * @param budgetMs for both together: milliseconds
 */
export async function sendHarmless(
  outgoing: UpstreamRequest,
  budgetMs: number,
  { kept, own }: Connections,
): Promise<Exchange> {
  const from = performance.now();
  const first = await send(outgoing, budgetMs, kept);
  const left = budgetMs - (performance.now() - from);
  const isStale = first.kind === "unsent" || (first.kind === "broken" && first.status === undefined);
  return isStale && left > 0 ? send(outgoing, left, own) : first;
}
