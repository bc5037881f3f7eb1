import type { ApiReply } from "../support/flow-client.ts";
import type { Journey, Seen, World } from "./journey.ts";

/** What differs from one connection to the next, whatever was answered. */
const ofTheConnection = new Set(["connection", "content-length", "date", "keep-alive", "transfer-encoding"]);

const volatile = [
  ["seconds", /(?<="expiresIn":)\d+/g],
  ["tokens", /eyJ[\w-]+\.[\w-]+\.[\w-]+/g],
  ["time", /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g],
  ["id", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g],
  ["newcomer", /\bnew\.\d+\.\d+(?=\.)/g],
  ["token", /(?<![\w-])[\w-]{43}(?![\w-])/g],
] as const;

/** What a journey saw. */
export interface Account {
  /** As {@link Journey.seen} has it. */
  readonly brief: readonly string[];
  /**
   * Whole, with ids, tokens and times replaced by when they were first seen: the same again
   * is the same number.
   */
  readonly whole: readonly unknown[];
}

/** Takes a journey to its end. */
export async function travel(journey: Pick<Journey, "run">, world: World): Promise<Account> {
  const brief: string[] = [];
  const whole: unknown[] = [];
  const numbered = numbering();
  for await (const seen of journey.run(world)) {
    brief.push(briefly(seen));
    whole.push(numbered("reply" in seen ? told(seen.reply) : seen));
  }
  return { brief, whole };
}

/** A reply without what differs from one connection to the next. */
export function told({ http, headers, text, body }: ApiReply) {
  const kept = [...headers].filter(([name]) => !ofTheConnection.has(name)).sort();
  return { http, headers: Object.fromEntries(kept), body: text === "" ? "" : body };
}

function briefly(seen: Seen): string {
  if (!("reply" in seen)) return String(seen.claims.name);
  const { http, body } = seen.reply;
  if (http >= 400) return `${http} ${body.error}`;
  const brought = body.code === undefined ? body.id_token && "tokens" : "code";
  return [http, brought ?? body.status].join(" ").trim();
}

function numbering(): (value: unknown) => unknown {
  const numbers = new Map<string, string>();
  const replace = (kind: string) => (found: string) => {
    if (kind === "time") return kind;
    if (kind === "seconds") return "0";
    const number = numbers.get(found) ?? `${kind} ${numbers.size + 1}`;
    numbers.set(found, number);
    return number;
  };
  return (value) => {
    const text = volatile.reduce(
      (left, [kind, pattern]) => left.replace(pattern, replace(kind)),
      JSON.stringify(value),
    );
    return JSON.parse(text);
  };
}
