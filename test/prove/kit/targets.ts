import { canonicalRequest, type StepName, stepNames, steps } from "../../../lib/flow/steps.ts";
import type { FaultKind } from "../../simulator/faults.ts";
import { samples } from "../../support/step-samples.ts";
import { targetOf } from "../../support/step-scenes.ts";
import { finish } from "./course.ts";
import { Person } from "./person.ts";
import { pick, type Random } from "./random.ts";
import { type Scene, sceneAt } from "./scenes.ts";
import { lifeMs } from "./spans.ts";
import type { Stage } from "./stage.ts";

/** A flow to break into. */
export interface Target {
  readonly state: string;
  readonly person: Person;
  /** What its owner would send next. */
  readonly right: Readonly<Record<string, unknown>>;
  /** Somebody else, with a flow of their own. */
  readonly other: Person;
}

/** Every step that has something to get wrong. */
const rejecting = stepNames.filter((step) => samples[step].wrong !== undefined);

type Build = (stage: Stage, random: Random) => Promise<Scene>;

/** A flow before each step, in each of the ways that a flow can be. */
const states: readonly (readonly [state: string, build: Build])[] = [
  ["before a step", drawnScene],
  ["after two rejections", (stage, random) => rejected(stage, pick(random, rejecting))],
  [
    "with a step at work",
    async (stage, random) => {
      const scene = await drawnScene(stage, random);
      await holdClaim(stage, scene);
      return scene;
    },
  ],
  ["in doubt", (stage, random) => troubled(stage, random, { kind: "reset", applied: random.chance(0.5) })],
  ["completed", (stage) => sceneAt(stage, "resume")],
  [
    "resumed",
    async (stage, random) => {
      const scene = await drawnScene(stage, random);
      await finish(scene);
      return scene;
    },
  ],
  ["failed", (stage, random) => troubled(stage, random, { kind: "failed", code: "MFA_DISABLED" })],
  [
    "with a status nobody knows",
    (stage, random) => troubled(stage, random, { kind: "unknown-status", status: "NEW" }),
  ],
  [
    "expired",
    async (stage) => {
      const scene = await rejected(stage, "password");
      stage.clock.advance(lifeMs);
      return scene;
    },
  ],
  [
    "cancelled",
    async (stage, random) => {
      const scene = await drawnScene(stage, random);
      const { flowId, token } = scene.person;
      await stage.transport({ name: "cancel", tag: "owner", flowId, token });
      return scene;
    },
  ],
];

/** A new flow, in the state that it is the round's turn to be in. */
export async function targetIn(stage: Stage, round: number, random: Random): Promise<Target> {
  // Whoever was locked out a round ago is let in again, and what was left behind has expired.
  stage.clock.advance(lifeMs);
  const [state, build] = states[round % states.length] ?? pick(random, states);
  const scene = await build(stage, random);
  stage.simulator.faults.clear();
  const other = new Person(stage);
  await other.start("Single_Factor");
  const { person, who, right = {} } = scene;
  return { state, person, right: { username: who.username, ...right }, other };
}

function drawnScene(stage: Stage, random: Random): Promise<Scene> {
  return sceneAt(stage, pick(random, stepNames), random.chance(0.5));
}

async function rejected(stage: Stage, step: StepName): Promise<Scene> {
  const scene = await sceneAt(stage, step);
  for (let times = 0; times < 2; times += 1) await scene.person.step(step, scene.wrong);
  return scene;
}

async function troubled(stage: Stage, random: Random, fault: FaultKind): Promise<Scene> {
  const scene = await drawnScene(stage, random);
  stage.simulator.faults.script({ ...fault, on: targetOf(scene.step) });
  await scene.person.step(scene.step, scene.right);
  return scene;
}

/** As a function does that is waiting for PingOne. */
async function holdClaim(stage: Stage, { person, step }: Scene): Promise<void> {
  const { flowId, token: flowToken } = person;
  const now = stage.clock.now();
  const canonical = canonicalRequest(steps.resume.command({}));
  const request = { flowId, flowToken, step, canonical, now, until: now + stage.leaseMs };
  const won = await stage.store.claim({ ...request, attemptLimit: undefined });
  if (won.kind !== "held") throw new Error("The claim was refused.");
}
