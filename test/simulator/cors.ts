import type { Answer, Call } from "./answers.ts";
import { notFound, withHeaders } from "./answers.ts";
import type { Application } from "./applications.ts";
import { claimedClientId } from "./client-authentication.ts";
import type { World } from "./world.ts";

/** What an application has to list origins for, once anybody's page may call the rest. */
const guarded: readonly string[] = ["authorize", "token", "resume"];

/**
 * Answers a preflight. It names no application, so every one is answered as if allowed: the answer that comes
 * after it decides. Without the headers of a preflight there is nothing at `OPTIONS`.
 */
export function preflight({ headers }: Call, methods: readonly string[]): Answer {
  const origin = headers.get("origin");
  if (origin === null || headers.get("access-control-request-method") === null) return notFound();
  const asked = headers.get("access-control-request-headers");
  return withHeaders({ status: 204, headers: [], body: "" }, [
    ...allow(origin),
    ["access-control-allow-methods", methods.join(", ")],
    ...(asked === null ? [] : [["access-control-allow-headers", asked] as const]),
  ]);
}

/**
 * The answer, readable by the page that asked if that page may.
 *
 * | `corsOrigins` of the application | Pages that may read |
 * |---|---|
 * | not set | all, but not what authorize, token and resume answer |
 * | a list | those listed |
 *
 * Answers about no application, such as the keys, are for all. `cors: "any-origin"` lets every page read.
 */
export function withCors(world: World, call: Call, action: string, answer: Answer): Answer {
  const origin = call.headers.get("origin");
  if (origin === null || action === "preflight") return answer;
  return mayRead(world, call, action, answer, origin) ? withHeaders(answer, allow(origin)) : answer;
}

function allow(origin: string) {
  return [
    ["access-control-allow-origin", origin],
    ["access-control-allow-credentials", "true"],
    ["vary", "origin"],
  ] as const;
}

function mayRead(world: World, call: Call, action: string, answer: Answer, origin: string): boolean {
  if (world.switches.cors === "any-origin") return true;
  const origins = concerned(world, call, answer)?.corsOrigins;
  return origins === undefined ? !guarded.includes(action) : origins.includes(origin);
}

/** The application that an answer is about: the flow's, or the one that the request names. */
function concerned({ applications }: World, call: Call, { flow }: Answer): Application | undefined {
  if (flow !== undefined) return flow.request.application;
  const parameters = new URLSearchParams([...call.url.searchParams, ...new URLSearchParams(call.body)]);
  const client_id = parameters.get("client_id") ?? undefined;
  return applications.find(claimedClientId(call, { client_id }) ?? "");
}
