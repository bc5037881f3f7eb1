import { setTimeout as pause } from "node:timers/promises";
import { type Child, startChild } from "./kit/children.ts";
import { judgeRequests } from "./kit/judge.ts";
import { type LimitedCall, type Limiter, retryAfterS, startLimiter } from "./kit/limiter.ts";
import type { Sent } from "./kit/person.ts";
import { inParallel, Misses, type Proof } from "./kit/proof.ts";
import { type Scene, sceneAt } from "./kit/scenes.ts";
import { onStage, type Stage } from "./kit/stage.ts";

const processes = 8;
const offeredPerSecond = 200;
const allowedPerSecond = 100;
const fullSeconds = 60;
const secondTries = 50;
/** So many requests show what this machine manages: on a slow one PingOne allows half of that instead. */
const firstRequests = 100;

/**
 * Twice what PingOne allows, by eight processes that take one request at a time, as Lambda has them: a process that
 * was told to wait waits, whoever is refused is told for how long, and no step is left half done.
 */
export const pressure: Proof = {
  name: "pressure",
  async run({ rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(fullSeconds * offeredPerSecond, 1.5 * offeredPerSecond);
    // Retry-After is in real seconds, and so is everybody's clock here.
    const ownClock = () => ({ now: () => Date.now() });
    return onStage({ defect, ownClock }, async (stage) => {
      const limiter = await startLimiter(stage.simulator.baseUrl);
      const children = await startAll(stage, limiter);
      const owners = new Map<string, number>();
      const scenes = await scenesFor(stage, firstRequests + wanted);
      try {
        const first = await offer(scenes.slice(0, firstRequests), children, owners);
        const allowed = Math.min(allowedPerSecond, Math.floor(first.perSecond / 2));
        limiter.allow(allowed);
        const { sent, perSecond } = await offer(scenes.slice(firstRequests), children, owners);
        judgeProcesses(limiter.calls, owners, misses);
        const refused = await judgeReplies(stage, sent, misses);
        await judgeSecondTries(stage, scenes, misses);
        const told = limiter.calls.filter(({ refusedAt }) => refusedAt !== undefined).length;
        misses.unless(told > 0, () => "pressure: PingOne never had to say wait");
        return {
          rounds: wanted,
          figure: `${perSecond} requests/s, ${allowed} allowed: PingOne said ${told} times to wait, ${refused} were refused`,
          misses: misses.all,
        };
      } finally {
        await Promise.all(children.map((child) => child.kill()));
        await limiter.stop();
      }
    });
  },
};

async function scenesFor(stage: Stage, count: number): Promise<readonly Scene[]> {
  const scenes: Scene[] = [];
  await inParallel(count, 4, async () => {
    scenes.push(await sceneAt(stage, "password"));
  });
  return scenes;
}

function startAll(stage: Stage, { baseUrl }: Limiter): Promise<Child[]> {
  const { now: _, environment, ...setup } = stage.childSetup();
  const ours = { ...setup, environment: { ...environment, PINGONE_BASE_URL: baseUrl } };
  return Promise.all(Array.from({ length: processes }, () => startChild(ours)));
}

interface Offered {
  readonly sent: readonly Sent[];
  readonly perSecond: number;
}

/** Sends a request every few milliseconds to a process that is free. */
async function offer(
  scenes: readonly Scene[],
  children: readonly Child[],
  owners: Map<string, number>,
): Promise<Offered> {
  const free = children.map((child, index) => ({ child, index }));
  const from = performance.now();
  const pending: Promise<Sent>[] = [];
  for (const [number, { person, step, right }] of scenes.entries()) {
    const due = from + (number * 1000) / offeredPerSecond;
    await pause(Math.max(0, due - performance.now()));
    let next = free.shift();
    while (next === undefined) {
      await pause(1);
      next = free.shift();
    }
    const taken = next;
    person.transport = (call) => {
      owners.set(call.tag, taken.index);
      return taken.child.transport(call).finally(() => free.push(taken));
    };
    pending.push(person.step(step, right));
  }
  const sent = await Promise.all(pending);
  return { sent, perSecond: Math.round((scenes.length * 1000) / (performance.now() - from)) };
}

function judgeProcesses(calls: readonly LimitedCall[], owners: Map<string, number>, misses: Misses): void {
  for (const { tag, refusedAt } of calls) {
    if (refusedAt === undefined) continue;
    const owner = owners.get(tag);
    const until = refusedAt + retryAfterS * 1000;
    const after = calls.filter((one) => {
      const isOwn = owners.get(one.tag) === owner && one.tag !== tag;
      return isOwn && one.at > refusedAt && one.at < until;
    });
    misses.unless(
      after.length <= 1,
      () => `pressure: process ${owner} sent ${after.length} times before Retry-After had ended`,
    );
  }
}

/** Gives how many were refused. */
async function judgeReplies(stage: Stage, sent: readonly Sent[], misses: Misses): Promise<number> {
  const rows = new Map((await stage.rows()).map((row) => [row["pk"], row]));
  for (const { call, reply } of sent) {
    const row = rows.get(`flow#${call.flowId}`);
    const [status, attempts] = isRefused(reply) ? ["USERNAME_PASSWORD_REQUIRED", 0] : ["COMPLETED", 1];
    misses.unless(
      reply?.http === 200 || (isRefused(reply) && Number(reply?.headers["retry-after"] ?? 0) >= 1),
      () => `pressure: ${reply?.http} ${reply?.problem}, Retry-After: ${reply?.headers["retry-after"]}`,
    );
    const isWhole =
      row?.["claim"] === undefined && row?.["status"] === status && row["attempts"] === attempts;
    misses.unless(isWhole, () => `pressure: half done at ${String(row?.["status"])}`);
  }
  return sent.filter(({ reply }) => isRefused(reply)).length;
}

function isRefused(reply: Sent["reply"]): boolean {
  return reply?.problem === "rate-limited";
}

/** Whoever was refused gets through with the same request, once there is room; everybody is held to the promises. */
async function judgeSecondTries(stage: Stage, scenes: readonly Scene[], misses: Misses): Promise<void> {
  const refused = scenes.filter(({ person }) => isRefused(person.sent.at(-1)?.reply)).slice(0, secondTries);
  for (const { person, step, right } of refused) {
    person.transport = stage.transport;
    const { reply } = await person.step(step, right);
    misses.unless(reply?.http === 200, () => `pressure: then ${reply?.http} ${reply?.problem}`);
  }
  for (const { person } of scenes) judgeRequests(person, misses, "pressure");
}
