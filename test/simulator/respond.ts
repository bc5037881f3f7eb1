import { randomUUID } from "node:crypto";
import type { Answer, HeaderLine } from "./answers.ts";
import type { World } from "./world.ts";

/** All header lines of an answer: its own, plus `Date` by the injected clock and a `Correlation-Id`. */
export function headerLines(world: World, answer: Answer): readonly HeaderLine[] {
  const own = new Set(answer.headers.map(([name]) => name.toLowerCase()));
  const common: readonly HeaderLine[] = [
    ["date", new Date(world.clock.now()).toUTCString()],
    ["correlation-id", randomUUID()],
  ];
  return [...answer.headers, ...common.filter(([name]) => !own.has(name))];
}

/** The answer as a fetch `Response`. */
export function respond(world: World, answer: Answer): Response {
  const headers = new Headers();
  for (const [name, value] of headerLines(world, answer)) headers.append(name, value);
  return new Response(answer.body === "" ? null : answer.body, { status: answer.status, headers });
}
