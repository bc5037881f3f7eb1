import { type Plan, prepared } from "../search/plan.ts";
import { type Figures, search } from "../search/search.ts";
import { shrunk, type Traced } from "../search/shrink.ts";

/** What came of one plan. */
export interface Explored extends Figures {
  readonly traces: readonly Traced[];
}

/** So many findings of one plan are told, each of another kind. */
const mostTraces = 5;

/** Looks at every schedule of a plan, and shrinks what is found. */
export async function exploredPlan(plan: Plan): Promise<Explored> {
  const made = await prepared(plan);
  const { findings, ...figures } = await search(made);
  const kinds = new Map(findings.map((finding) => [`${finding.check} ${finding.text}`, finding]));
  const traces: Traced[] = [];
  for (const finding of [...kinds.values()].slice(0, mostTraces)) traces.push(await shrunk(made, finding));
  return { ...figures, traces };
}
