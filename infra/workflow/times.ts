import { budgetsFor } from "../../lib/flow/budgets.ts";

/** What Lambda may take to start a function and to hand its output over: seconds. */
const overhead = 5;

/** How long a task of ours may take. @param upstreamMs what PingOne may take */
export function taskSeconds(upstreamMs: number): number {
  return Math.ceil(budgetsFor(upstreamMs).functionMs / 1_000) + overhead;
}

/** How long a function holds a flow at the longest. @param upstreamMs what PingOne may take */
export function leaseSeconds(upstreamMs: number): number {
  return Math.ceil(budgetsFor(upstreamMs).leaseMs / 1_000);
}

/**
 * What a monitor's run is given: the time of five tasks and one lease; with more trouble than
 * that it times out.
 *
 * @param upstreamMs what PingOne may take
 */
export function runSeconds(upstreamMs: number): number {
  const tasks = ["start", "lookup", "password", "resume", "status"].length;
  return tasks * taskSeconds(upstreamMs) + leaseSeconds(upstreamMs);
}
