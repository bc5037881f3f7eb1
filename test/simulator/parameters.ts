import type { Call } from "./answers.ts";

const form = "application/x-www-form-urlencoded";

/** Whether the body is (or would be) a form. */
export function isForm(call: Call): boolean {
  return mediaType(call) === form;
}

/** The media type of the body without parameters, in lower case. */
function mediaType(call: Call): string {
  return (call.headers.get("content-type") ?? "").split(";", 1).join("").trim().toLowerCase();
}

/** Parameters by name; `undefined` when one stands twice, which OAuth forbids. */
export function uniqueParameters(
  ...sources: readonly URLSearchParams[]
): Readonly<Record<string, string>> | undefined {
  const pairs = sources.flatMap((source) => [...source]);
  const unique = new Map(pairs);
  return unique.size === pairs.length ? Object.fromEntries(unique) : undefined;
}
