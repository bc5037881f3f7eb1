import * as z from "zod/mini";

/**
 * A member that is as good as absent where it doesn't fit its schema. zod's own `catch` does the same, but
 * can't be bundled without all of zod's helpers (7 KB).
 */
export function ifFit<Value>(schema: z.ZodMiniType<Value>) {
  return z.optional(
    z.pipe(
      z.unknown(),
      z.transform((value) => schema.safeParse(value).data),
    ),
  );
}
