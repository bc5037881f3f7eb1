/** What of a flow's row may not depend on who was named: its members, where it stands, and when it ends. */
export function rowLikenessOf(row: Readonly<Record<string, unknown>> | undefined): string {
  if (row === undefined) return "no row";
  const { status, next, attempts, credentialTries, deadline, ttl } = row;
  return JSON.stringify({
    members: Object.keys(row).toSorted(),
    ...{ status, next, attempts, credentialTries },
    isKeptToTheSecond: ttl === Math.ceil(Number(deadline) / 1000),
  });
}
