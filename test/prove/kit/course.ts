import type { ProblemName } from "../../../lib/flow/problems.ts";
import { steps } from "../../../lib/flow/steps.ts";
import type { ApiReply } from "./api.ts";
import type { Person, Sent } from "./person.ts";
import { nextStep, type Scene } from "./scenes.ts";

/**
 * Where a request ends, for a client that does what each problem tells it to and nothing else. `ended` is a
 * flow that is over by name; `no-progress` a doubt that was settled without PingOne having acted; `lost` a
 * client that was left without a named way on.
 */
type Ending = "accepted" | "rejected" | "expired" | "ended" | "no-progress" | "lost";

/** How a request went. */
export interface Course {
  readonly ending: Ending;
  /** Whether it was in doubt on the way. */
  readonly doubtful: boolean;
  /** What was answered, in order: for a miss to be understood. */
  readonly words: readonly string[];
}

type Move = Ending | "read" | "repeat" | "wait" | "replay";

const moves: Readonly<Record<ProblemName, Move>> = {
  "request-invalid": "rejected",
  "credentials-rejected": "rejected",
  "otp-rejected": "rejected",
  "name-taken": "rejected",
  "refresh-rejected": "rejected",
  "password-refused": "rejected",
  "idempotency-key-reused": "rejected",
  "assertion-rejected": "rejected",
  "push-denied": "rejected",
  "profile-rejected": "rejected",
  "consent-refused": "rejected",
  "locked-out": "rejected",
  "attempts-exhausted": "rejected",
  "flow-expired": "expired",
  "flow-failed": "ended",
  "flow-not-found": "ended",
  "restart-required": "ended",
  "unsupported-step": "ended",
  "wrong-step": "read",
  "outcome-unknown": "read",
  "token-superseded": "replay",
  "upstream-unavailable": "repeat",
  "step-in-progress": "wait",
  "rate-limited": "wait",
};

const mostTurns = 12;
/** How long a client waits before it looks again: milliseconds. */
const pollMs = 5_000;

/** Whether a problem has a name that the API documents. */
export function isNamed(problem: string | undefined): problem is ProblemName {
  return problem !== undefined && Object.hasOwn(moves, problem);
}

/** Goes on from a request as its replies tell, waiting by moving the clock. */
export async function follow(person: Person, first: Sent): Promise<Course> {
  const words: string[] = [];
  let doubtful = false;
  let sent = first;
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const move = moveAfter(sent, first);
    words.push(wordFor(sent.reply));
    doubtful ||= isDoubtful(sent);
    switch (move) {
      case "read":
        person.stage.clock.advance(Number(sent.reply?.headers["retry-after"] ?? 0) * 1000);
        sent = await person.status();
        break;
      case "replay":
        sent = await person.repeat(first);
        break;
      case "wait":
        person.stage.clock.advance(
          Number(sent.reply?.headers["retry-after"] ?? 0) * 1000 || person.stage.leaseMs,
        );
        sent = await person.repeat(sent);
        break;
      case "repeat":
        sent = await person.repeat(sent);
        break;
      default:
        return { ending: move, doubtful, words };
    }
  }
  return { ending: "lost", doubtful, words };
}

const overAfter: ReadonlySet<Ending> = new Set(["ended", "lost"]);

/** Goes on with what is right until the code is there, or the flow is over by name. */
export async function finish(scene: Scene): Promise<Course> {
  const { person } = scene;
  const words: string[] = [];
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const seen = await follow(person, await person.status());
    const { next: offered = [], status } = person.sent.at(-1)?.reply?.body ?? {};
    words.push(...seen.words);
    // Who has another device needn't wait for an answer that nobody gives.
    if (waitsForPush(status) && scene.who.devices.length < 2) {
      person.stage.clock.advance(pollMs);
      continue;
    }
    const next = nextStep(scene, offered);
    if (next === undefined) return { ...seen, ending: over(seen.ending), words };
    const course = await follow(person, await person.step(next.step, next.body));
    words.push(...course.words);
    if (overAfter.has(course.ending) || isSignedOn(person)) return { ...course, words };
  }
  return { ending: "lost", doubtful: false, words };
}

function isSignedOn({ sent }: Person): boolean {
  const reply = sent.at(-1)?.reply;
  return bringsCode(reply) || bringsTokens(reply);
}

/** Whether a reply has the authorization code. */
export function bringsCode(reply: ApiReply | undefined): boolean {
  return reply?.body.redirectUri !== undefined;
}

/** Whether a reply has what the code was redeemed for. */
export function bringsTokens(reply: ApiReply | undefined): boolean {
  return reply?.body["access_token"] !== undefined;
}

/** Whether the person has something to do elsewhere, and a client looks again. */
function waitsForPush(status: string | number | undefined): boolean {
  return steps.poll.offeredIn?.some((one) => one === status) === true;
}

function isDoubtful({ reply }: Sent): boolean {
  return reply === undefined || reply.problem === "outcome-unknown" || reply.body.settled !== undefined;
}

/** A view that offers nothing tells that the flow is over. */
function over(ending: Ending): Ending {
  return ending === "accepted" || ending === "no-progress" ? "ended" : ending;
}

function moveAfter({ call, reply }: Sent, first: Sent): Move {
  if (reply === undefined) return "read";
  if (reply.http >= 400) return isNamed(reply.problem) ? moves[reply.problem] : "lost";
  if (reply.body.pending !== undefined) return "wait";
  if (reply.body.settled === "no-progress") return "no-progress";
  // A plain view says nothing of a request that left no trace: it can be sent again.
  const plain = call.name === "status" && reply.token === undefined;
  return plain && first.call.name !== "status" ? "replay" : "accepted";
}

function wordFor(reply: ApiReply | undefined): string {
  if (reply === undefined) return "no reply";
  const { pending, settled, status } = reply.body;
  return reply.problem ?? pending ?? settled ?? String(status ?? reply.http);
}
