import type * as z from "zod";
import type { Call } from "./answers.ts";
import type { Switches } from "./switches.ts";

const form = "application/x-www-form-urlencoded";

/** Parameters by name. */
type Parameters = Readonly<Record<string, string>>;

/** Whether the body is (or would be) a form. */
export function isForm(call: Call): boolean {
  return mediaTypeOf(call.headers) === form;
}

/** The media type of a body without parameters, in lower case. */
function mediaTypeOf(headers: Headers): string {
  return (headers.get("content-type") ?? "").split(";", 1).join("").trim().toLowerCase();
}

/** Parameters by name; `undefined` when one stands twice, which OAuth forbids. */
export function uniqueParameters(...sources: readonly URLSearchParams[]): Parameters | undefined {
  const pairs = sources.flatMap((source) => [...source]);
  const unique = new Map(pairs);
  return unique.size === pairs.length ? Object.fromEntries(unique) : undefined;
}

/**
 * What PingOne looks at among parameters. RFC 6749 §3.1 has unknown ones ignored, and the switch
 * `unknownParameters` decides whether that is done. Those in `unplayed` are never ignored: PingOne would heed
 * them, and the stand-in can't.
 */
export function heededParameters(
  { unknownParameters }: Switches,
  known: z.ZodObject,
  parameters: Parameters,
  unplayed: readonly string[] = [],
): Parameters {
  if (unknownParameters === "refused") return parameters;
  const heeded = [...Object.keys(known.shape), ...unplayed];
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => heeded.includes(name)));
}
