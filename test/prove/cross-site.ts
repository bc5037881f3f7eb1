import { isDeepStrictEqual } from "node:util";
import { clientSteps } from "../../lib/flow/steps.ts";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import { people } from "../simulator/people.ts";
import { cookieDelivery } from "../support/browser-client.ts";
import { byName } from "../support/by-name.ts";
import { samples } from "../support/step-samples.ts";
import { type ApiCall, invoke } from "./kit/api.ts";
import { byCookie, cookieOf, eventWith } from "./kit/by-cookie.ts";
import { encoded, type Shape, shapes } from "./kit/cross-site-shapes.ts";
import { Person, type Sent } from "./kit/person.ts";
import { type Defect, Misses, type Proof } from "./kit/proof.ts";
import { keptSteps, type Scene, sceneAt } from "./kit/scenes.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** A victim whose flow waits for something, and the request of theirs that goes on with it. */
interface Victim {
  readonly person: Person;
  readonly waitsFor: string;
  readonly bodies: Readonly<Partial<Record<OperationName, ApiCall["body"]>>>;
  goOn(): Promise<Sent>;
}

const { username, password } = people.passwordOnly;

/** What each function takes, when it is no matter what. */
const anyBody: Readonly<Partial<Record<OperationName, ApiCall["body"]>>> = {
  start: { codeChallenge: "A".repeat(43), tokenDelivery: "cookie" },
  ...byName(clientSteps, (step) => samples[step].body),
};

/**
 * Requests of other sites' pages, each with the victim's own cookie, at every function and wherever a flow
 * can wait: PingOne hears nothing, no row changes, no page may read the answer and none brings a cookie. The
 * victim's own request is taken afterwards.
 */
export const crossSite: Proof = {
  name: "cross-site",
  async run({ rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(100);
    let sent = 0;
    await onStage({ defect, environment: cookieDelivery }, async (stage) => {
      const stranger = new Person(browsing(stage));
      await stranger.start("Single_Factor");
      for (let round = 0; round < wanted; round += 1) {
        for (const victimOf of waits) {
          const victim = await victimOf(stage);
          sent += await attacked({ stage, stranger, victim, defect, misses });
          const { reply } = await victim.goOn();
          misses.unless(reply?.http === 200, () => `cross-site: the victim's own got ${reply?.problem}`);
        }
      }
      const rows = (await stage.rows()).filter(({ pk }) => String(pk).startsWith("flow#")).length;
      misses.unless(rows === wanted * waits.length + 1, () => `cross-site: ${rows} rows`);
    });
    const figure = `${sent} requests of ${shapes.length} shapes at ${operationNames.length} functions in ${waits.length} states`;
    return { rounds: wanted, figure, misses: misses.all };
  },
};

const waits: readonly ((stage: Stage) => Promise<Victim>)[] = [
  ...keptSteps.map((step) => async (stage: Stage) => {
    const scene: Scene = await sceneAt(browsing(stage), step);
    return {
      person: scene.person,
      waitsFor: step,
      bodies: { ...anyBody, [step]: scene.right },
      goOn: () => scene.person.step(step, scene.right),
    };
  }),
  async (stage) => {
    const person = new Person(browsing(stage));
    await person.start("Single_Factor");
    stage.simulator.faults.script({ on: "usernamePassword.check", kind: "reset", applied: true });
    await person.step("password", { username, password });
    return { person, waitsFor: "doubt", bodies: anyBody, goOn: () => person.status() };
  },
];

/** The stage as a browser reaches it. */
function browsing(stage: Stage): Stage {
  return { ...stage, transport: byCookie(stage.handlers) };
}

interface Attack {
  readonly stage: Stage;
  /** Whoever has a flow of their own, and would have the victim act on it. */
  readonly stranger: Person;
  readonly victim: Victim;
  readonly defect: Defect;
  readonly misses: Misses;
}

/** Sends every shape to every function, and gives how many requests that were. */
async function attacked(attack: Attack): Promise<number> {
  const { stage, stranger, victim, misses } = attack;
  const theirs = await stage.rowOf(stranger.flowId);
  let row = await stage.rowOf(victim.person.flowId);
  let sent = 0;
  for (const shape of shapes) {
    const before = { row, calls: stage.simulator.calls.length };
    // A start looks at no cookie, so one that is not its own makes it no stranger's.
    const targets = operationNames.filter((name) => name !== "start" || shape.cookie === undefined);
    for (const name of targets) await send(attack, shape, name);
    sent += targets.length;
    row = await stage.rowOf(victim.person.flowId);
    const after = { row, calls: stage.simulator.calls.length };
    const label = () => `cross-site, ${victim.waitsFor}, ${shape.name}`;
    misses.unless(after.calls === before.calls, () => `${label()}: PingOne was asked`);
    misses.unless(isDeepStrictEqual(after.row, before.row), () => `${label()}: the row changed`);
  }
  const same = isDeepStrictEqual(theirs, await stage.rowOf(stranger.flowId));
  misses.unless(same, () => `cross-site, ${victim.waitsFor}: the other flow's row changed`);
  return sent;
}

async function send(
  { stage, stranger, victim, defect, misses }: Attack,
  shape: Shape,
  name: OperationName,
): Promise<void> {
  const { person, waitsFor, bodies } = victim;
  const body = bodies[name];
  const { type, text } = encoded(body ?? {}, shape.encoding);
  const cookie = (shape.cookie ?? cookieOf)(person.token, stranger.token);
  const call = {
    ...{ name, tag: `cross-site ${shape.name}` },
    ...(name === "start" ? {} : { flowId: person.flowId }),
  };
  const event = {
    ...eventWith(call, [...shape.headers, ["Cookie", cookie], ["Content-Type", type]]),
    body: body === undefined ? null : text,
  };
  const reply = await invoke(stage.handlers, name, defect.event?.(event) ?? event);
  const label = () => `cross-site, ${waitsFor}, ${shape.name} at ${name}`;
  misses.unless(reply.http >= 400 && reply.http < 500, () => `${label()} was answered ${reply.http}`);
  misses.unless(reply.headers["set-cookie"] === undefined, () => `${label()} got a cookie`);
  const mayRead = reply.headers["access-control-allow-origin"] !== undefined;
  misses.unless(!mayRead || isFromUs(shape), () => `${label()} may be read`);
}

/**
 * Whether the request says it comes from our page alone: whatever else is wrong with it, that
 * page may read why.
 */
function isFromUs({ headers }: Shape): boolean {
  const origins = headers.filter(([name]) => name === "Origin").map(([, value]) => value);
  return origins.length === 1 && origins[0] === cookieDelivery.ALLOWED_ORIGINS;
}
