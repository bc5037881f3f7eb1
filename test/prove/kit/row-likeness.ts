/**
 * What of a flow's row may not depend on who was named: its members, where it stands, and when it ends.
 *
 * @param now epoch milliseconds, by any clock that stands
 */
export function rowLikenessOf(row: Readonly<Record<string, unknown>> | undefined, now: number): string {
  if (row === undefined) return "no row";
  const { status, next, attempts, credentialTries, deadline, ttl } = row;
  return JSON.stringify({
    members: Object.keys(row).toSorted(),
    ...{ status, next, attempts, credentialTries },
    // By our own clock alone: PingOne's has no part in a decoy.
    lifeMs: Number(deadline) - now,
    isKeptToTheSecond: ttl === Math.ceil(Number(deadline) / 1000),
  });
}
