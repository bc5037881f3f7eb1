import type { Figures } from "./rounds.ts";
import { signOns } from "./server.ts";
import { startOurs } from "./sign-on.ts";
import type { Surroundings } from "./surroundings.ts";

const parts = 10;
const atOnce = 10;

/**
 * The live heap of a process that serves sign-ons, after a collection: MB. First after a warm-up of a tenth,
 * and then after each tenth.
 */
export async function heapOver(surroundings: Surroundings, count: number): Promise<Figures> {
  const server = await startOurs(surroundings);
  try {
    const figures: Record<string, readonly number[]> = {};
    for (let part = 0; part <= parts; part += 1) {
      await signOns(server, count / parts, atOnce);
      const { heapBytes } = await server.read();
      figures[part === 0 ? "after warm-up" : `${(part * count) / parts} sign-ons later`] = [heapBytes / 1e6];
    }
    return figures;
  } finally {
    await server.stop();
  }
}
