import { Person, type Sent } from "./person.ts";
import type { Random } from "./random.ts";
import { drawSignOn, drawStep } from "./sign-on.ts";
import type { Stage } from "./stage.ts";

/** More than any sign-on needs, and an end to one that leads nowhere. */
const mostRequests = 16;
/** How often somebody at a choice takes the step that leads no further. */
const choosesAside = 0.1;

/** How a sign-on went whose answers nobody can trust. */
export interface Wandered {
  readonly person: Person;
  /** Whether it ended with a code. */
  readonly authorized: boolean;
}

/**
 * Signs somebody on as far as the replies lead: takes what is offered, reads where nothing is, waits by
 * moving the clock, and ends with a code, with the flow, or after so many requests.
 *
 * @param after is told of every request with its reply
 */
export async function wander(
  stage: Stage,
  random: Random,
  after: (sent: Sent, person: Person) => Promise<void> | void,
): Promise<Wandered> {
  const drawn = drawSignOn(stage, random);
  const person = new Person(stage);
  await person.start(drawn.policy).catch(() => undefined);
  for (let requests = 1; requests <= mostRequests; requests += 1) {
    const last = person.sent.at(-1);
    if (last === undefined) break;
    await after(last, person);
    // Whoever was told to wait has waited, and the next one as well.
    stage.clock.advance(Number(last.reply?.headers["retry-after"] ?? 0) * 1000);
    if (isOver(last)) return { person, authorized: last.reply?.body.redirectUri !== undefined };
    const next = drawStep(drawn, person, random, choosesAside);
    if (next === undefined) await person.status();
    else await person.step(next.step, next.body);
  }
  return { person, authorized: false };
}

function isOver({ call, reply }: Sent): boolean {
  const isStuck = reply?.http === 200 && reply.body.next?.length === 0 && reply.body.pending === undefined;
  const isUnbegun = call.name === "start" && reply?.http !== 201;
  return reply === undefined || isUnbegun || isStuck || reply.body.flowEnded === true || hasCode(reply);
}

function hasCode(reply: Sent["reply"]): boolean {
  return reply?.body.redirectUri !== undefined;
}
