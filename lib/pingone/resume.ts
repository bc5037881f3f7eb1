import { createHash, timingSafeEqual } from "node:crypto";
import * as z from "zod/mini";
import type { UpstreamAnswer } from "../flow/provider.ts";
import { parseJson } from "./flow-body.ts";
import { resumeRefusal } from "./refusals.ts";
import type { OwnCall } from "./responses.ts";
import type { HttpAnswer } from "./send.ts";

/** What an authorization has to agree with. */
interface Expectation {
  /** The `state` we drew for the flow. */
  readonly state: string;
  /** The application's own, which PingOne must redirect to. */
  readonly redirectUri: string;
  /** What a relative `Location` is relative to. */
  readonly baseUrl: string;
}

/** As JSON, which is how it rests in the jar, beside the session cookie. */
const maxCodeLength = 1024;
/** RFC 6749 appendix A.11. */
const codeGrammar = /^[ -~]+$/;

const absent = z.optional(z.null());

/**
 * Whatever else a body with a code in it may lack (docs/pingone.md §6.1), it must not say that
 * the flow went otherwise.
 */
const authorizeResponseSchema = z.object({
  status: z.optional(z.literal("COMPLETED")),
  error: absent,
  authorizeResponse: z.object({
    code: z.optional(z.unknown()),
    state: z.optional(z.unknown()),
    error: z.optional(z.unknown()),
  }),
});

const failedSchema = z.object({ status: z.literal("FAILED") });

/** The call by which the code is asked for. */
export function resumeCall(expected: Expectation): OwnCall {
  return { kind: "resume", read: (answered, now) => readResumeAnswer(answered, expected, now) };
}

/**
 * Reads what PingOne answered to resume (docs/pingone.md §6): the code in a 200 and in a redirect alike,
 * provided that `state` is the one we drew. A redirect to anywhere but our own redirect URI is the sign-on
 * page: PingOne no longer knows the session. No redirect is ever followed.
 *
 * @param now our time, epoch milliseconds
 */
function readResumeAnswer(answered: HttpAnswer, expected: Expectation, now: number): UpstreamAnswer {
  const { status } = answered;
  if (status === 200) return readBody(answered, expected);
  if (status === 302 || status === 303) return readRedirect(answered.headers["location"], expected);
  return status >= 400 && status < 500 ? resumeRefusal(answered, now) : { kind: "doubtful" };
}

function readBody(answered: HttpAnswer, expected: Expectation): UpstreamAnswer {
  const body = parseJson(answered.body);
  const parsed = authorizeResponseSchema.safeParse(body);
  if (parsed.success) return judge(parsed.data.authorizeResponse, expected);
  return { kind: failedSchema.safeParse(body).success ? "denied" : "doubtful" };
}

function readRedirect(location: string | undefined, expected: Expectation): UpstreamAnswer {
  const target = location === undefined ? null : URL.parse(location, `${expected.baseUrl}/as/resume`);
  if (target === null) return { kind: "doubtful" };
  if (!leadsTo(target, expected.redirectUri)) return { kind: "signed-out" };
  const single = (name: string) => {
    const [value, ...others] = target.searchParams.getAll(name);
    return others.length === 0 ? value : undefined;
  };
  const error = target.searchParams.get("error") ?? undefined;
  return judge({ code: single("code"), state: single("state"), error }, expected);
}

function judge(
  response: { readonly code?: unknown; readonly state?: unknown; readonly error?: unknown },
  expected: Expectation,
): UpstreamAnswer {
  const { code, state, error } = response;
  if ((error !== undefined && error !== null) || !isSame(state, expected.state)) return { kind: "denied" };
  return isCode(code) ? { kind: "authorized", code } : { kind: "doubtful" };
}

function isCode(code: unknown): code is string {
  return (
    typeof code === "string" &&
    codeGrammar.test(code) &&
    JSON.stringify(code).length <= maxCodeLength + '""'.length
  );
}

/** Same place, with every parameter the redirect URI has of its own (RFC 6749 §3.1.2). */
function leadsTo(target: URL, redirectUri: string): boolean {
  const own = URL.parse(redirectUri);
  // By parts: the origin of a custom scheme is "null" whatever its host.
  return (
    own !== null &&
    place(own) === place(target) &&
    [...own.searchParams].every(([name, value]) => target.searchParams.getAll(name).includes(value))
  );
}

function place({ protocol, username, password, host, pathname }: URL): string {
  return JSON.stringify([protocol, username, password, host, pathname]);
}

/** In constant time; the digests make the lengths equal. */
function isSame(given: unknown, drawn: string): boolean {
  return typeof given === "string" && timingSafeEqual(digest(given), digest(drawn));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
