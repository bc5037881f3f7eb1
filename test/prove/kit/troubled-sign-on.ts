import { type ClientStep, carriesSecret } from "../../../lib/flow/steps.ts";
import type { FaultKind } from "../../simulator/faults.ts";
import { samples } from "../../support/step-samples.ts";
import { targetOf } from "../../support/step-scenes.ts";
import type { ApiCall } from "./api.ts";
import { bringsCode, bringsTokens, follow } from "./course.ts";
import { Person } from "./person.ts";
import { pick, type Random } from "./random.ts";
import { nextStep, type Scene } from "./scenes.ts";
import { drawSignOn } from "./sign-on.ts";
import { lifeMs } from "./spans.ts";
import type { Stage } from "./stage.ts";

const mostSteps = 12;
/** With so many mishaps no try of a write is left. */
const everyTry = 3;

const faults: readonly FaultKind[] = [
  { kind: "reset", applied: true },
  { kind: "reset", applied: false },
  { kind: "unreadable" },
  { kind: "html", status: 502 },
  { kind: "status", status: 500, applied: true },
  { kind: "status", status: 404 },
  { kind: "status", status: 429, retryAfter: 1 },
  { kind: "failed", code: "NO_USABLE_DEVICES" },
  { kind: "unknown-status", status: "SOMETHING_NEW" },
  { kind: "davinci" },
  { kind: "changed-flow-id" },
  { kind: "extra-cookies", setCookie: ["LATE=5b1f7c1e-4a0d-4e0f-9c55-7d0e4a5261c3; Path=/; Secure"] },
];

/**
 * Somebody signs on under a policy that chance picks, with wrong credentials, faults of PingOne's
 * and of the engine's, and a change of mind among it. They go as far as their application allows,
 * to tokens and sign-off.
 *
 * @returns a word for how it ended
 */
export async function troubledSignOn(
  stage: Stage,
  random: Random,
  begun: (person: Person) => void,
): Promise<string> {
  stage.clock.advance(lifeMs);
  const { policy, application, who } = drawSignOn(stage, random);
  const person = new Person(stage);
  begun(person);
  await person.start(policy, application);
  for (let turn = 0; turn < mostSteps; turn += 1) {
    const end = await takeStep({ person, who }, random);
    if (end !== undefined) return end;
  }
  return "gave up";
}

/** Takes what is offered, in some trouble or none; gives a word when that was the end. */
async function takeStep(
  { person, who }: Pick<Scene, "person" | "who">,
  random: Random,
): Promise<string | undefined> {
  const { stage } = person;
  await person.status();
  const seen = person.sent.at(-1)?.reply?.body;
  const next = nextStep({ person, who }, seen?.next ?? []);
  if (next === undefined) return String(seen?.status ?? "over");
  if (random.chance(0.02)) return leave(person);
  if (random.chance(0.02)) stage.clock.advance(lifeMs);
  const course = await follow(person, await person.step(next.step, troubled(stage, next, random)));
  stage.simulator.faults.clear();
  stage.engine.clear();
  const isOver = course.ending === "ended" || course.ending === "expired" || course.ending === "lost";
  return (await signedOn(person, random)) ?? (isOver ? course.ending : undefined);
}

/** Whoever may have tokens fetches them as well, and some sign off in the end. */
async function signedOn(person: Person, random: Random): Promise<string | undefined> {
  const { reply } = person.sent.at(-1) ?? {};
  const hasTokens = bringsTokens(reply);
  const isDone = hasTokens || (bringsCode(reply) && reply?.body.next === undefined);
  if (!isDone) return undefined;
  if (random.chance(0.3)) return leave(person);
  return hasTokens ? "signed on, with tokens" : "signed on";
}

/** What is sent, with what is wrong about it, or about whoever it reaches. */
function troubled(stage: Stage, { step, body }: NonNullable<ReturnType<typeof nextStep>>, random: Random) {
  if (random.chance(0.15)) return wrongSecret(step, body, random);
  if (random.chance(0.25)) disturb(stage, step, random);
  return body;
}

async function leave({ stage, flowId, token }: Person): Promise<string> {
  await stage.transport({ name: "cancel", tag: "owner", flowId, token });
  return "cancelled";
}

function disturb(stage: Stage, step: ClientStep, random: Random): void {
  if (random.chance(0.2)) stage.engine.plan("ending", pick(random, ["unreached", "reply-lost"]), everyTry);
  else stage.simulator.faults.script({ ...pick(random, faults), on: targetOf(step) });
}

/** Whoever mistypes a name goes on as another person, or nobody; so only what proves a person is wrong. */
function wrongSecret(step: ClientStep, body: ApiCall["body"], random: Random): ApiCall["body"] {
  const wrong = carriesSecret(step) ? samples[step].wrong?.(body, random.below(10 ** 9)) : undefined;
  return wrong ?? body;
}
