import { expect, it } from "vitest";
import * as z from "zod";
import { type ClientStep, clientSteps, steps, takesDevice } from "../../lib/flow/steps.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { SampleBody, SampleScene } from "../support/step-sample.ts";
import { rightAnswer, sceneBefore, type Walker, walkTo } from "../support/step-scenes.ts";

/** How many messages one person may be sent at once. */
export const mostMessages = 6;
const windowSeconds = 60;

/** The variables that say so. */
export const messageLimits = {
  MESSAGE_LIMIT: String(mostMessages),
  MESSAGE_WINDOW_SECONDS: String(windowSeconds),
} as const;

/** What a refusal by the limit says. */
export const tooMany = { error: "rate-limited", retryAfter: windowSeconds / mostMessages };

/** What became of a request: its problem, or nothing. */
interface Outcome {
  readonly error?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/** What an answer shows of devices. */
export const ShownDevices = z.object({
  selectedDevice: z.string().optional(),
  devices: z.array(z.object({ id: z.string() })).optional(),
});

/** A flow in some lane. */
export interface SendingFlow {
  start(body: Readonly<Record<string, string>>): Promise<Outcome>;
  step(step: ClientStep, body: SampleBody): Promise<Outcome>;
  /** What the last answer shows of devices. */
  shown(): z.output<typeof ShownDevices>;
  /** What a refusal must leave as it is: the token, and what has been counted. */
  standing(): Promise<unknown>;
}

/** A way to take steps: over HTTP, or by a workflow. */
export interface SendingLane {
  readonly simulator: Simulator;
  begin(): SendingFlow;
  /** What a refusal by the limit says there. */
  readonly refusal: Outcome;
  /** Lets every limit and lock pass. */
  calm(): void;
}

const sending = clientSteps.filter((step) => steps[step].sendsMessage);

/** Whatever can have a message sent is held against the limit of messages, at the bound and not before. */
export function messageJourneys(lane: () => SendingLane): void {
  it.each(sending)("%s: as many as the limit lets through, and not one more", async (step) => {
    for (const left of [1, 0]) {
      lane().calm();
      const scene = sceneBefore(step, lane().simulator);
      const { flow, walker, name } = await before(step, scene, lane());
      const used = scene.way.filter((one) => steps[one].sendsMessage).length;
      await useUp(lane(), name, mostMessages - used - left);
      const standing = await flow.standing();
      const calls = lane().simulator.calls.length;
      const outcome = await flow.step(step, answerTo(step, scene, walker, flow));
      expect(outcome.error).toBe(left === 1 ? undefined : lane().refusal.error);
      if (left === 1) continue;
      expect(outcome).toEqual(lane().refusal);
      expect(lane().simulator.calls).toHaveLength(calls);
      expect(await flow.standing()).toEqual(standing);
    }
  });

  it("a start with a hint: as many as the limit lets through, and not one more", async () => {
    lane().calm();
    const { who } = sceneBefore("lookup", lane().simulator);
    await useUp(lane(), who.username, mostMessages);
    const calls = lane().simulator.calls.length;
    const hinted = { policy: "Passwordless", loginHint: ` ${who.username.toUpperCase()}\u200b` };
    expect(await lane().begin().start(hinted)).toEqual(lane().refusal);
    expect(lane().simulator.calls).toHaveLength(calls);
  });

  it("a resend in a flow that was started with a hint counts for the person hinted at", async () => {
    lane().calm();
    const { who } = sceneBefore("device", lane().simulator);
    const flow = lane().begin();
    expect((await flow.start({ policy: "Passwordless", loginHint: who.username })).error).toBeUndefined();
    await useUp(lane(), who.username, mostMessages - 1);
    expect(await flow.step("device", { deviceId: shownDevice(flow) })).toEqual(lane().refusal);
  });

  it("is one person's: another's messages go on, and so does what sends none", async () => {
    lane().calm();
    const scene = sceneBefore("otp", lane().simulator);
    const { flow, walker } = await before("otp", scene, lane());
    const other = sceneBefore("device", lane().simulator).who;
    await useUp(lane(), other.username, mostMessages);
    expect((await lane().begin().start(hintAt(other.username))).error).toBe(lane().refusal.error);
    const answer = rightAnswer("otp", scene.who, walker);
    const used = scene.way.filter((one) => steps[one].sendsMessage).length;
    await useUp(lane(), scene.who.username, mostMessages - used);
    expect((await flow.step("otp", answer)).error).toBeUndefined();
  });
}

async function before(step: ClientStep, scene: SampleScene, { begin, simulator }: SendingLane) {
  const flow = begin();
  const bodies: SampleBody[] = [];
  const walker: Walker = {
    start: (policy) => flow.start({ policy }),
    step: async (taken, body) => {
      bodies.push(namedIn(taken, body));
      const { error } = await flow.step(taken, body);
      expect(error).toBeUndefined();
    },
    code: (username) => simulator.atHand(username),
  };
  await walkTo(scene, walker, simulator);
  bodies.push(namedIn(step, rightAnswer(step, scene.who, walker)));
  const named = bodies.flatMap((members) => Object.values(members ?? {}).map(String));
  return { flow, walker, name: named.at(-1) ?? scene.who.username };
}

/** What is right at a step; of the devices one that the flow shows. */
function answerTo(step: ClientStep, { who }: SampleScene, walker: Walker, flow: SendingFlow): SampleBody {
  return takesDevice(step) ? { deviceId: shownDevice(flow) } : rightAnswer(step, who, walker);
}

function shownDevice(flow: SendingFlow): string {
  const { devices = [], selectedDevice } = flow.shown();
  return devices.at(-1)?.id ?? String(selectedDevice);
}

/** The member of a body that names the person. */
function namedIn(step: ClientStep, body: SampleBody = {}): SampleBody {
  const kinds = new Map<string, string>(Object.entries(steps[step].members));
  return Object.fromEntries(Object.entries(body).filter(([member]) => kinds.get(member) === "person"));
}

/** Has so many messages counted for a name, whether or not anybody has it. */
async function useUp({ begin, refusal }: SendingLane, name: string, count: number): Promise<void> {
  for (const _ of Array(count)) expect((await begin().start(hintAt(name))).error).not.toBe(refusal.error);
}

function hintAt(loginHint: string) {
  return { policy: "Passwordless", loginHint };
}
