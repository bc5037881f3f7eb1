import type { Proof, Verdict } from "./proof.ts";

/** A proof that has run. */
export interface Row {
  readonly name: string;
  readonly verdict: Verdict;
  readonly seconds: number;
}

/** Runs a proof. One that breaks has not been held. */
export async function rowFor(proof: Proof, conditions: Parameters<Proof["run"]>[0]): Promise<Row> {
  const from = performance.now();
  const verdict = await proof.run(conditions).catch((error: unknown) => ({
    rounds: 0,
    figure: "it could not be run",
    misses: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  }));
  return { name: proof.name, verdict, seconds: (performance.now() - from) / 1000 };
}

/** Whether a proof holds. */
export function holds({ verdict }: Row): boolean {
  return verdict.misses.length === 0;
}

/** One line of the table. */
export function lineFor(row: Row): string {
  const { rounds, figure } = row.verdict;
  const pass = holds(row) ? "pass" : "MISS";
  const seconds = `${row.seconds.toFixed(1)} s`;
  return `${row.name.padEnd(16)} ${pass}  ${String(rounds).padStart(6)}  ${seconds.padStart(8)}  ${figure}`;
}

/** So many misses tell what is wrong. */
const printed = 8;

/** What was missed: the first few whole, the rest as a number. */
export function missLinesFor({ verdict: { misses } }: Row): readonly string[] {
  const more = misses.length - printed;
  return [...misses.slice(0, printed), ...(more > 0 ? [`and ${more} more`] : [])].map(
    (line) => `    ${line}`,
  );
}

/** The head of the table. */
export const heading = `${"proof".padEnd(16)} held  rounds      time  figure`;
