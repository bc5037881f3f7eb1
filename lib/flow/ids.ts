/**
 * An id as it is told from others. Letters of a UUID have no case (RFC 9562 §4): some platforms print them in
 * capitals, whatever they were given.
 */
export function foldedId(id: string): string {
  return id.toLowerCase();
}

/** The one of these ids that is meant, in its own spelling. */
export function idAmong(ids: readonly string[], meant: string): string | undefined {
  return ids.find((id) => id === meant) ?? ids.find((id) => foldedId(id) === foldedId(meant));
}
