import * as z from "zod";
import { actionOf, isStep } from "../../lib/flow/steps.ts";
import { isNamed } from "./kit/course.ts";
import { createMutator } from "./kit/mutations.ts";
import type { Sent } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import type { Random } from "./kit/random.ts";
import { reasonPlaces, tellReasonsIn } from "./kit/reason-places.ts";
import { type Heard, inPlaceOfPingOne, type Passed } from "./kit/rewriting-proxy.ts";
import { onStage } from "./kit/stage.ts";
import { wander } from "./kit/wander.ts";

const mutatedPart = 0.4;

/** The only failures of ours that an answer of PingOne's may lead to. */
const namedFailures: readonly (string | undefined)[] = [
  "unsupported-step",
  "outcome-unknown",
  "upstream-unavailable",
];

/**
 * Answers of the stand-in, changed by chance in the course of whole sign-ons: every reply has a name, a
 * flow moves on only where the answer to that very request says so, and a code comes only with the `state`
 * that was asked for.
 */
export const upstreamDrift: Proof = {
  name: "upstream drift",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(5_000 * reasonPlaces.length);
    const enemy = createEnemy(random);
    const { between } = inPlaceOfPingOne(enemy);
    const counts = { views: 0, codes: 0, signOns: 0 };
    await onStage({ defect, between, timeoutMs: 2_000, upstreamMs: 2_000 }, async (stage) => {
      while (enemy.mutated() < wanted) {
        tellReasonsIn(stage, counts.signOns);
        counts.signOns += 1;
        enemy.forget();
        const course = new Course(enemy);
        await wander(stage, random, (sent) => course.judge(sent, misses));
        counts.views += course.views;
        counts.codes += course.codes;
      }
    });
    misses.unless(
      counts.views > counts.signOns / 4 && counts.codes > 0,
      () => `upstream drift: hardly anything was accepted: ${JSON.stringify(counts)}`,
    );
    const figure = [
      `${enemy.mutated()} answers changed in ${counts.signOns} sign-ons, reasons in ${reasonPlaces.length} places`,
      `${counts.views} moves and ${counts.codes} codes, each of them said by PingOne`,
    ].join("; ");
    return { rounds: wanted, figure, misses: misses.all };
  },
};

interface Enemy {
  mutated(): number;
  /** Before another sign-on: what was answered in the last one is not kept. */
  forget(): void;
  /** What was answered to the calls of a request, as it was answered. */
  answersTo(tag: string): readonly Passed[];
  /** The `state` that a start asked with. */
  stateOf(tag: string): string;
}

function createEnemy(random: Random): Enemy & { rewrite(passed: Passed, heard: Heard): Passed } {
  const mutator = createMutator(random);
  const answers = new Map<string, Passed[]>();
  const states = new Map<string, string>();
  let mutated = 0;
  return {
    mutated: () => mutated,
    forget: () => {
      answers.clear();
      states.clear();
    },
    answersTo: (tag) => answers.get(tag) ?? [],
    stateOf: (tag) => states.get(tag) ?? "",
    rewrite: (passed, { headers, body }) => {
      const tag = headers["user-agent"] ?? "";
      const isMutated = random.chance(mutatedPart);
      if (isMutated) mutated += 1;
      const answer = isMutated ? mutator.mutate(passed) : passed;
      answers.set(tag, [...(answers.get(tag) ?? []), answer]);
      states.set(tag, new URLSearchParams(body).get("state") ?? "");
      return answer;
    },
  };
}

/** One sign-on, judged request by request. */
class Course {
  views = 0;
  codes = 0;
  #state = "";
  /** Every status that an answer has told so far. */
  readonly #told = new Set<unknown>();
  readonly #enemy: Enemy;

  constructor(enemy: Enemy) {
    this.#enemy = enemy;
  }

  judge({ call, reply }: Sent, misses: Misses): void {
    const answers = this.#enemy.answersTo(call.tag);
    const what = () => `upstream drift: ${call.name} was answered ${reply?.http} ${reply?.text} after`;
    const after = () => JSON.stringify(answers).slice(0, 1_000);
    if (call.name === "start") this.#state = this.#enemy.stateOf(call.tag);
    const flows = answers.flatMap((answer) => flowIn(answer) ?? []);
    for (const { status } of flows) this.#told.add(status);
    if (reply === undefined || reply.http >= 400) {
      const isKnown = isNamed(reply?.problem) && (reply.http < 500 || namedFailures.includes(reply.problem));
      misses.unless(isKnown, () => `${what()} ${after()}`);
    } else if (reply.body.redirectUri !== undefined) {
      this.codes += 1;
      const { code } = reply.body;
      const isOurs = answers.some((answer) => isSaid(authorizationIn(answer), code, this.#state));
      misses.unless(isOurs, () => `${what()} ${after()}`);
    } else if (reply.body.flowToken !== undefined) {
      this.views += 1;
      misses.unless(
        flows.some((flow) => explains(flow, reply.body)),
        () => `${what()} ${after()}`,
      );
    } else {
      misses.unless(this.#told.has(reply.body.status), () => `${what()} ${[...this.#told].join(", ")}`);
    }
  }
}

/** What makes a JSON object a flow, read without any of the code that is judged. */
interface SaidFlow {
  readonly status: string;
  readonly links: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

const JsonObject = z.record(z.string(), z.unknown());
const foreignMembers = ["interactionToken", "capabilityName", "connectorId", "connectionId"];

function flowIn({ status: http, body: text }: Passed): SaidFlow | undefined {
  const body = http === 200 ? objectIn(text) : undefined;
  const { id, status, _links, error = null } = body ?? {};
  const isFlow = typeof id === "string" && typeof status === "string" && JsonObject.safeParse(_links).success;
  if (body === undefined || !isFlow || Array.isArray(_links)) return undefined;
  const isForeign = foreignMembers.some((name) => typeof body[name] === "string");
  const contradicts = status === "COMPLETED" && error !== null;
  return isForeign || contradicts ? undefined : { status, links: Object.keys(Object(_links)), body };
}

type View = NonNullable<Sent["reply"]>["body"];

/** Whether a view shows this flow and offers nothing but what its links do. */
function explains({ status, links, body }: SaidFlow, view: View): boolean {
  const offered = (view.next ?? []).every((step) =>
    step === "resume" ? status === "COMPLETED" : links.includes((isStep(step) && actionOf(step)) || ""),
  );
  const devices = z.array(z.object({ id: z.string() })).safeParse(view["devices"]).data ?? [];
  const text = JSON.stringify(body);
  return status === view.status && offered && devices.every(({ id }) => text.includes(JSON.stringify(id)));
}

interface Said {
  readonly code: unknown;
  readonly state: unknown;
}

function authorizationIn({ status, headers, body }: Passed): Said | undefined {
  if (status === 302 || status === 303) return saidByLocation(headers);
  return status === 200 ? saidByBody(objectIn(body) ?? {}) : undefined;
}

function saidByLocation(headers: Passed["headers"]): Said | undefined {
  const [location, ...others] = headers.filter(([name]) => name.toLowerCase() === "location");
  const query = URL.parse(location?.[1] ?? "")?.searchParams;
  if (query === undefined || query.has("error") || others.length > 0) return undefined;
  return { code: query.get("code"), state: query.get("state") };
}

function saidByBody(body: Readonly<Record<string, unknown>>): Said | undefined {
  const { authorizeResponse, error = null, status = "COMPLETED" } = body;
  const response = JsonObject.safeParse(authorizeResponse).data ?? {};
  const isWhole = error === null && status === "COMPLETED" && (response["error"] ?? null) === null;
  return isWhole ? { code: response["code"], state: response["state"] } : undefined;
}

function isSaid(said: Said | undefined, code: string | undefined, state: string): boolean {
  return said !== undefined && code !== "" && said.code === code && state !== "" && said.state === state;
}

/** A body, with a byte order mark before it or none (RFC 8259 §8.1). */
function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JsonObject.safeParse(JSON.parse(text.replace(/^\ufeff/, ""))).data;
  } catch {
    return undefined;
  }
}
