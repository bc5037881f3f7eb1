import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Copy } from "./copy.ts";

/** What came of an exploration of copied sources. */
export type Verdict =
  | { readonly kind: "found"; readonly key: string }
  | { readonly kind: "nothing found" }
  | { readonly kind: "failed"; readonly code: number | null };

/**
 * Explores copied sources until something is found that is not among what is known.
 *
 * @param args of the exploration
 * @param known keys that are no news
 */
export async function exploreCopy(
  { folder }: Copy,
  args: readonly string[],
  known: { has(key: string): boolean },
): Promise<{ readonly verdict: Verdict; readonly keys: readonly string[] }> {
  const program = join(folder, "test/explore/main.ts");
  const child = spawn(process.execPath, [program, "--keys", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = once(child, "exit");
  const keys: string[] = [];
  let news: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const key = /^KEY (.*)$/.exec(line)?.[1];
    if (key === undefined) continue;
    keys.push(key);
    if (known.has(key)) continue;
    news = key;
    child.kill();
    break;
  }
  const [code] = await exited;
  if (news !== undefined) return { verdict: { kind: "found", key: news }, keys };
  // One that finds something says what; one that stops over its own world says nothing, and has noticed too.
  const isDone = code === 0 || keys.length > 0;
  return { verdict: isDone ? { kind: "nothing found" } : { kind: "failed", code: Number(code) }, keys };
}
