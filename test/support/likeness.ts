/** A reply, whoever brought it. */
export interface Answered {
  readonly http: number;
  readonly headers: Iterable<readonly [string, string]>;
  readonly text: string;
}

/** What differs from one connection to the next, whatever was answered. */
const ofTheConnection = new Set(["connection", "date", "keep-alive", "transfer-encoding"]);

const drawn = [
  ["time", /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g],
  ["id", /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g],
  ["token", /(?<![\w-])[\w-]{43}(?![\w-])/g],
] as const;

/**
 * A reply to the last byte, in which ids, tokens and times are replaced by how long they are: two replies
 * that look alike give the same text.
 */
export function likenessOf({ http, headers, text }: Answered): string {
  const named = [...headers].filter(([name]) => !ofTheConnection.has(name.toLowerCase()));
  const lines = named.map(([name, value]) => `${name}: ${value}`).sort();
  return drawn.reduce(
    (left, [kind, pattern]) => left.replace(pattern, (found) => `<${kind} of ${found.length}>`),
    [http, ...lines, text].join("\n"),
  );
}
