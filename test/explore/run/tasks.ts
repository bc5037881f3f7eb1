import * as z from "zod";

/** What a worker is asked: one plan of one bound. */
export const Task = z.object({
  bound: z.string(),
  /** Its place among the plans of the bound. */
  index: z.number(),
  /** How many faults fewer than in full. */
  fewer: z.number(),
});

/** A {@link Task}, as it is sent. */
export type Task = z.infer<typeof Task>;

const texts = z.array(z.string()).readonly();

/** What a worker answers. */
export const Explored = z.object({
  ...{
    schedules: z.number(),
    pruned: z.number(),
    asleep: z.number(),
    states: z.number(),
    followed: z.number(),
  },
  traces: z
    .array(
      z.object({
        ...{ check: z.string(), text: z.string(), choices: texts, words: texts },
        places: z.array(z.number()).readonly(),
      }),
    )
    .readonly(),
});
