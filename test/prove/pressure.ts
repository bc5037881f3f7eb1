import { setTimeout as pause } from "node:timers/promises";
import { type Child, startChild } from "./kit/children.ts";
import { judgeRequests } from "./kit/judge.ts";
import { type LimitedCall, type Limiter, startLimiter } from "./kit/limiter.ts";
import { type Line, lineBefore } from "./kit/line.ts";
import type { Sent } from "./kit/person.ts";
import { inParallel, Misses, type Proof } from "./kit/proof.ts";
import { type Scene, sceneAt } from "./kit/scenes.ts";
import { onStage, type Stage } from "./kit/stage.ts";

const processes = 8;
const offeredPerSecond = 200;
const allowedPerSecond = 100;
const fullSeconds = 60;
const fewSeconds = 3;
const secondTries = 50;
/** While the processes compile PingOne allows everything: what a cold one manages says nothing. */
const firstRequests = 40 * processes;
/** So much of the rate is the rate: at the very end a busy machine may be a moment late. */
const inTime = 0.98;
/** So often each process could send while it is told to wait, if it did not. */
const temptations = 4;

/**
 * Twice what PingOne allows, by eight processes that take one request at a time, as Lambda has
 * them: a process that was told to wait waits, whoever is refused is told for how long, and no step
 * is left half done.
 *
 * A request comes when it is due, whether or not those before it have been answered. A machine that
 * can't take them as fast as that does not hold the full rounds; fewer rounds make do with what it
 * manages, and say so.
 */
export const pressure: Proof = {
  name: "pressure",
  async run({ rounds, defect }) {
    const misses = new Misses();
    const seconds = rounds(fullSeconds, fewSeconds);
    const isFull = seconds === fullSeconds;
    const count = seconds * offeredPerSecond;
    // Retry-After is in real seconds, and so is everybody's clock here.
    const ownClock = () => ({ now: () => Date.now() });
    return onStage({ defect, ownClock }, async (stage) => {
      const limiter = await startLimiter(stage.simulator.baseUrl);
      const children = await startAll(stage, limiter);
      try {
        const scenes = await scenesFor(stage, firstRequests + count);
        const pressed = await press(scenes, lineBefore(children), limiter, isFull);
        judgeCalls(pressed, misses);
        misses.unless(
          !isFull || isInTime(pressed),
          () => `pressure: no more than ${pressed.offered.toFixed(1)} requests/s`,
        );
        const refused = await judgeReplies(stage, pressed.sent, misses);
        await judgeSecondTries(stage, scenes, misses);
        return { rounds: count, figure: figureOf(pressed, refused), misses: misses.all };
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

/** What came of the requests after the first ones. */
interface Pressed {
  /** Requests that a process was given, and calls that PingOne let through: each second. */
  readonly offered: number;
  readonly allowed: number;
  /** How long whoever was refused has to wait: seconds. */
  readonly retryAfterS: number;
  readonly sent: readonly Sent[];
  readonly calls: readonly LimitedCall[];
  readonly owners: Line["owners"];
}

async function press(
  scenes: readonly Scene[],
  line: Line,
  limiter: Limiter,
  isFull: boolean,
): Promise<Pressed> {
  await offer(scenes.slice(0, firstRequests), line);
  const managed = isFull ? offeredPerSecond : perSecond(line.handedAt.slice(firstRequests / 2));
  const allowed = Math.min(allowedPerSecond, Math.max(1, Math.floor(managed / 2)));
  const retryAfterS = Math.ceil((temptations * processes) / managed);
  limiter.allow(allowed, retryAfterS);
  const before = limiter.calls.length;
  const sent = await offer(scenes.slice(firstRequests), line);
  return {
    offered: perSecond(line.handedAt.slice(firstRequests)),
    ...{ allowed, retryAfterS, sent, owners: line.owners },
    calls: limiter.calls.slice(before),
  };
}

/** Sends every request when it is due, and waits for all replies. */
async function offer(scenes: readonly Scene[], { transport }: Line): Promise<readonly Sent[]> {
  const from = performance.now();
  const pending: Promise<Sent>[] = [];
  for (const [number, { person, step, right }] of scenes.entries()) {
    const early = from + (number * 1000) / offeredPerSecond - performance.now();
    if (early > 0) await pause(early);
    person.transport = transport;
    pending.push(person.step(step, right));
  }
  return Promise.all(pending);
}

function perSecond(times: readonly number[]): number {
  return ((times.length - 1) * 1000) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
}

function isInTime({ offered }: Pressed): boolean {
  return offered >= inTime * offeredPerSecond;
}

/** What was offered and allowed is said to be short of what was wanted, where it is. */
function figureOf(pressed: Pressed, refused: number): string {
  const { offered, allowed, calls } = pressed;
  const shortOffer = isInTime(pressed) ? "" : ` of ${offeredPerSecond}`;
  const shortLimit = allowed === allowedPerSecond ? "" : ` in place of ${allowedPerSecond}`;
  return [
    `${offered.toFixed(1)}${shortOffer} requests/s offered, ${allowed}${shortLimit} allowed`,
    `${calls.length} sent, ${toldToWait(calls).length} told to wait, ${refused} refused with Retry-After`,
  ].join("; ");
}

function toldToWait(calls: readonly LimitedCall[]): readonly LimitedCall[] {
  return calls.filter(({ refusedAt }) => refusedAt !== undefined);
}

function judgeCalls({ calls, owners, retryAfterS }: Pressed, misses: Misses): void {
  const told = toldToWait(calls);
  misses.unless(told.length > 0, () => "pressure: PingOne never had to say wait");
  const repeated = calls.length - new Set(calls.map(({ tag }) => tag)).size;
  misses.unless(repeated === 0, () => `pressure: ${repeated} requests were sent twice`);
  for (const { tag, refusedAt = 0 } of told) {
    const owner = owners.get(tag);
    const until = refusedAt + retryAfterS * 1000;
    const after = calls.filter(({ at, tag: other }) => {
      const isOwn = owners.get(other) === owner && other !== tag;
      return isOwn && at > refusedAt && at < until;
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

/**
 * Whoever was refused gets through with the same request, once there is room; everybody is
 * held to the promises.
 */
async function judgeSecondTries(stage: Stage, scenes: readonly Scene[], misses: Misses): Promise<void> {
  const refused = scenes.filter(({ person }) => isRefused(person.sent.at(-1)?.reply)).slice(0, secondTries);
  for (const { person, step, right } of refused) {
    person.transport = stage.transport;
    const { reply } = await person.step(step, right);
    misses.unless(reply?.http === 200, () => `pressure: then ${reply?.http} ${reply?.problem}`);
  }
  for (const { person } of scenes) judgeRequests(person, misses, "pressure");
}
