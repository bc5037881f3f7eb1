import type * as z from "zod";
import type { Answer } from "./answers.ts";
import { invalidData } from "./answers.ts";
import type { Detail } from "./reason.ts";

/** A body that fits its schema, or the refusal to send. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly answer: Answer };

/** Reads JSON text; an empty body counts as `{}`. `undefined` when it is not JSON. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: text === "" ? {} : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Fits a value to a schema; a misfit becomes 400 `INVALID_DATA` with a detail for each field. */
export function parseBody<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, answer: invalidData(...result.error.issues.flatMap(toDetails)) };
}

function toDetails(issue: z.core.$ZodIssue): Detail[] {
  const target = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ code: "INVALID_PARAMETER", target: key, message: "Unknown member." }));
  }
  if (issue.code === "too_small") return [{ code: "EMPTY_VALUE", target, message: "Must not be empty." }];
  const missing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  return [
    missing
      ? { code: "REQUIRED_VALUE", target, message: "Is required." }
      : { code: "INVALID_VALUE", target, message: "Is not valid." },
  ];
}
