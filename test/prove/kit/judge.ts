import type { Cookie } from "../../../lib/flow/jar.ts";
import { clientSteps } from "../../../lib/flow/steps.ts";
import type { RecordedCall } from "../../simulator/calls.ts";
import { targetOf } from "../../support/step-scenes.ts";
import { isNamed } from "./course.ts";
import type { Person } from "./person.ts";
import type { Misses } from "./proof.ts";

/** What PingOne is asked for by a step of ours. */
const stepActions: readonly string[] = clientSteps.map(targetOf);

/** Refused by PingOne before it looked at what the call carried. */
export const unlooked: readonly number[] = [401, 403, 404, 415, 429];

/** Whether a call carries a credential or spends something. */
export function isOnceOnly({ action }: RecordedCall): boolean {
  return stepActions.includes(action);
}

/**
 * Holds all that a person sent to the promises: a request makes at most one call that carries a credential, a
 * flow token buys at most one that PingOne looks at (a doubtful resume, which carries none, may be asked
 * again, each time after a longer pause), and no failure is without a name.
 */
export function judgeRequests(person: Person, misses: Misses, label: string): void {
  const { stage } = person;
  const perToken = new Map<string, RecordedCall[]>();
  for (const { call, reply } of person.sent) {
    const calls = stage.callsOf(call.tag).filter(isOnceOnly);
    misses.unless(calls.length <= 1, () => `${label}: ${call.name} made ${calls.length} calls`);
    misses.unless(
      reply === undefined || reply.http < 400 || isNamed(reply.problem),
      () => `${label}: ${call.name} was answered ${reply?.http} without a name`,
    );
    const token = call.token ?? "";
    perToken.set(token, [...(perToken.get(token) ?? []), ...calls]);
  }
  for (const calls of [...perToken].filter(([token]) => token !== "").map(([, all]) => all)) {
    const looked = calls.filter(({ status }) => !unlooked.includes(status));
    const [resumes, credentials] = [looked.filter(isResume), looked.filter((call) => !isResume(call))];
    const actions = () => looked.map(({ action }) => action).join(", ");
    misses.unless(credentials.length <= 1, () => `${label}: one token bought ${actions()}`);
    const early = resumes.find((call, index) => isEarly(call, resumes[index - 1], index, stage.leaseMs));
    misses.unless(early === undefined, () => `${label}: resume was asked again before its time`);
  }
}

function isResume({ action }: RecordedCall): boolean {
  return action === "resume";
}

/**
 * Whether a resume came sooner after the one before than twice as long each time, or than a lease that ran
 * out.
 */
function isEarly(
  { at }: RecordedCall,
  before: RecordedCall | undefined,
  index: number,
  leaseMs: number,
): boolean {
  return before !== undefined && at - before.at < Math.min(1_000 * 2 ** (index - 1), 60_000, leaseMs);
}

const overStatuses: readonly string[] = ["RESUMED", "FAILED", "UNSUPPORTED", "RESTART_REQUIRED"];

/** Watches the jar of a flow: what a write has stored stays until PingOne replaces it or the flow is over. */
export class JarWatch {
  readonly #seen = new Map<string, string[]>();
  readonly #person: Person;

  constructor(person: Person) {
    this.#person = person;
  }

  /** Opens the jar, if the person holds its token, and compares. Gives the cookies in it. */
  async look(misses: Misses, label: string): Promise<readonly Cookie[] | undefined> {
    const { flowId, token, stage } = this.#person;
    const found = await stage.store.read({ flowId, flowToken: token });
    const { flow, jar } = found ?? {};
    if (found?.token !== "current" || flow === undefined) return undefined;
    if (overStatuses.includes(flow.status) || flow.deadline <= stage.clock.now()) return undefined;
    const cookies = jar?.cookies ?? [];
    const held = new Map(cookies.map(({ name, value }) => [name, value]));
    for (const name of this.#seen.keys()) {
      misses.unless(this.#isCurrent(name, held.get(name)), () => `${label}: the cookie ${name} is lost`);
    }
    for (const [name, value] of held) this.#note(name, value);
    return cookies;
  }

  /** Whether a cookie is there and has not gone back to a value that was replaced. */
  #isCurrent(name: string, value: string | undefined): boolean {
    const values = this.#seen.get(name) ?? [];
    return value !== undefined && (value === values.at(-1) || !values.includes(value));
  }

  #note(name: string, value: string): void {
    const values = this.#seen.get(name) ?? [];
    if (values.at(-1) !== value) this.#seen.set(name, [...values, value]);
  }
}
