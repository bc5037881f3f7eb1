import { createHash, randomBytes, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { parseReply } from "./kit/api.ts";
import {
  bytesOf,
  type FlowRequest,
  flowFunctions,
  isSameRequest,
  lastBought,
  requestFor,
  withoutMisses,
} from "./kit/attack.ts";
import type { Person } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { onStage, type Stage } from "./kit/stage.ts";
import { type Target, targetIn } from "./kit/targets.ts";

/** Tried on each flow: with tokens that are worth nothing, and with the previous one. */
const callsEach = 20;
const supersededEach = 6;

/** Somebody has the flow id and no token that is worth anything: nothing opens, and nothing is learned. */
export const hijack: Proof = {
  name: "hijack",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(10_000);
    const tally = { calls: 0, superseded: 0, states: new Set<string>() };
    const texts = new Set<string>();
    await onStage({ defect }, async (stage) => {
      for (let round = 0; tally.calls < wanted; round += 1) {
        const target = await targetIn(stage, round, random);
        tally.states.add(target.state);
        for (let n = 0; n < callsEach && tally.calls < wanted; n += 1) {
          await tryWithout(stage, target, random, misses);
          tally.calls += 1;
        }
        tally.superseded += await trySuperseded(stage, target, random, misses, texts);
      }
    });
    misses.unless(texts.size <= 1, () => `hijack: token-superseded has ${texts.size} texts`);
    const { calls, superseded, states } = tally;
    return {
      rounds: calls,
      figure: `flows in ${states.size} states, each call held against an unknown flow id; ${superseded} more with the previous token`,
      misses: misses.all,
    };
  },
};

async function tryWithout(stage: Stage, target: Target, random: Random, misses: Misses): Promise<void> {
  const { person, state, right } = target;
  const [kind, token] = drawnToken(target, random);
  const request = requestFor(pick(random, flowFunctions), right);
  const before = { calls: stage.simulator.calls.length, row: await stage.rowOf(person.flowId) };
  const reply = await send(stage, person.flowId, request, token);
  const unknown = await send(stage, randomUUID(), request, token);
  const label = () => `hijack, ${state}, ${request.name} with a token that is ${kind}: ${reply.http}`;
  misses.unless(reply.http >= 400, () => `${label()}: accepted`);
  misses.unless(stage.simulator.calls.length === before.calls, () => `${label()}: PingOne was asked`);
  misses.unless(bytesOf(reply) === bytesOf(unknown), () => `${label()}: not like an unknown flow`);
  const row = await stage.rowOf(person.flowId);
  misses.unless(isDeepStrictEqual(row, before.row), () => `${label()}: the row changed`);
}

/** The previous token with anything but the request that it bought. */
async function trySuperseded(
  stage: Stage,
  { person, state, right }: Target,
  random: Random,
  misses: Misses,
  texts: Set<string>,
): Promise<number> {
  const bought = lastBought(person);
  const before = await stage.rowOf(person.flowId);
  if (bought?.token === undefined || before === undefined) return 0;
  const isOver = Number(before["deadline"]) <= stage.clock.now();
  const expected = isOver ? "flow-expired" : "token-superseded";
  const calls = stage.simulator.calls.length;
  let tried = 0;
  while (tried < supersededEach) {
    const known = random.chance(0.5) ? right : { ...right, otp: "271828", password: "Not-The-One-7" };
    const request = requestFor(pick(random, flowFunctions), known);
    if (isSameRequest(bought, request)) continue;
    tried += 1;
    const reply = await send(stage, person.flowId, request, bought.token);
    const label = () => `hijack, ${state}, ${request.name} with the previous token: ${reply.text}`;
    misses.unless(parseReply(reply).problem === expected, label);
    if (!isOver) texts.add(bytesOf(reply));
  }
  const row = await stage.rowOf(person.flowId);
  misses.unless(stage.simulator.calls.length === calls, () => `hijack, ${state}: superseded, and a call`);
  misses.unless(
    isDeepStrictEqual(withoutMisses(row), withoutMisses(before)),
    () => `hijack, ${state}: the previous token changed the row`,
  );
  return tried;
}

function send(stage: Stage, flowId: string, request: FlowRequest, token: string | undefined) {
  return stage.transport({ ...request, tag: "stranger", flowId, token });
}

function drawnToken({ person, other }: Target, random: Random): readonly [kind: string, token?: string] {
  const { token } = person;
  const bytes = Buffer.from(token, "base64url");
  const hash = createHash("sha256").update(bytes).digest("base64url");
  const older = tokensOf(person).slice(0, -2);
  return pick(random, [
    ["drawn anew", randomBytes(32).toString("base64url")],
    ["another flow's", other.token],
    ["cut", token.slice(0, random.below(43))],
    ["too long", `${token}A`],
    ["absent"],
    ["flipped in a bit", flipped(bytes, random)],
    ["in another spelling", inAnotherSpelling(token)],
    ["the hash that the table holds", hash],
    ...older.map((old) => ["two answers old or more", old] as const),
  ]);
}

/** Every token that the flow has had, the newest last. */
function tokensOf({ sent }: Person): readonly string[] {
  return [...new Set(sent.flatMap(({ reply }) => reply?.token ?? []))];
}

function flipped(bytes: Buffer, random: Random): string {
  const changed = Buffer.from(bytes);
  const at = random.below(changed.length);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << random.below(8)), at);
  return changed.toString("base64url");
}

/** The same bytes for a decoder that doesn't look at the last two bits, which mean nothing. */
function inAnotherSpelling(token: string): string {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return `${token.slice(0, -1)}${signs.charAt(signs.indexOf(token.slice(-1)) + 1)}`;
}
