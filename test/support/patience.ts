import { setTimeout as pause } from "node:timers/promises";

/**
 * How long a test waits for what has to come: milliseconds. It says nothing about the product. A machine with
 * much else to do stays far below it, and what never comes is told once it has passed.
 */
export const patienceMs = 120_000;

/** How long one test or hook may take, which may have to wait for several things: milliseconds. */
export const testMs = 5 * 60_000;

/**
 * For the table's client where the engine shares the machine with the tests: none of
 * the product's own budgets.
 */
export const patientStore = { storeTries: 3, storeTryMs: patienceMs / 4 } as const;

/** A rest between two looks, so that what is waited for has the processor: milliseconds. */
const restMs = 2;

/**
 * Resolves once something has come true.
 *
 * @param what ends the sentence "Waited in vain for …"
 * @param ms {@link patienceMs} unless somebody tries what comes of it
 * @throws an error with that sentence when it doesn't come true in the meantime
 */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  ms = patienceMs,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await pause(restMs);
  }
}
