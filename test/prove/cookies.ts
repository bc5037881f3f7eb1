import { breakingLine, hostileLine, shortLine } from "./kit/hostile-cookies.ts";
import type { Person, Sent } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import type { Random } from "./kit/random.ts";
import { type Heard, inPlaceOfPingOne, type Passed } from "./kit/rewriting-proxy.ts";
import { onStage, type Stage } from "./kit/stage.ts";
import { wander } from "./kit/wander.ts";

const maxJarBytes = 4096;
/** What a head may have for cookies before a parser gives it up. */
const headBytes = 14_000;
const breaksPart = 0.03;
const tooMany = 3_000;

/**
 * Whatever `Set-Cookie` lines come with PingOne's answers: what goes back is printable and keeps to the
 * grammar, no jar has more than 4 KB, and PingOne's own session cookie, somewhere among them, buys the code.
 */
export const cookies: Proof = {
  name: "cookies",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(10_000, 2_000);
    const enemy = createEnemy(random);
    const { between, proxy } = inPlaceOfPingOne(enemy);
    let largest = 0;
    let authorized = 0;
    // The fuller jar.
    const environment = { DISCLOSURE: "minimal" } as const;
    await onStage({ defect, between, timeoutMs: 2_000, upstreamMs: 2_000, environment }, async (stage) => {
      while (enemy.lines() < wanted) {
        const broken = enemy.broken();
        const wandered = await wander(stage, random, async (sent, person) => {
          judgeReply(sent, misses);
          largest = Math.max(largest, await judgeJar(stage, person, misses));
        });
        if (wandered.authorized) authorized += 1;
        // An answer that could not be parsed brought nothing: it may have been the one with
        // the session in it.
        misses.unless(
          wandered.authorized || enemy.broken() > broken,
          () => `cookies: a sign-on ended with ${wandered.person.sent.at(-1)?.reply?.text}`,
        );
      }
    });
    const { heard } = proxy();
    for (const one of heard) judgeRequest(one, misses);
    const sentBack = heard.filter((one) => one.headers["cookie"] !== undefined).length;
    misses.unless(sentBack > 0 && authorized > 0, () => "cookies: no cookie went back");
    const figure = [
      `${enemy.lines()} lines, ${enemy.broken()} answers broken by one; ${sentBack} requests with cookies`,
      `largest jar ${largest} bytes; ${authorized} sign-ons to a code`,
    ].join("; ");
    return { rounds: wanted, figure, misses: misses.all };
  },
};

/** Puts hostile lines before and after those of the stand-in. */
function createEnemy(random: Random) {
  let lines = 0;
  let broken = 0;
  return {
    lines: () => lines,
    broken: () => broken,
    rewrite: (passed: Passed): Passed => {
      const breaks = random.chance(breaksPart);
      const drawn = breaks ? drawBreaking(random) : drawLines(random);
      // Those of a head that is too large are never looked at.
      lines += breaks ? 1 : drawn.length;
      broken += breaks ? 1 : 0;
      const hostile = drawn.map((line): [string, string] => ["Set-Cookie", line]);
      const before = random.below(hostile.length + 1);
      return {
        ...passed,
        headers: [...hostile.slice(0, before), ...passed.headers, ...hostile.slice(before)],
      };
    },
  };
}

function drawBreaking(random: Random): readonly string[] {
  return random.chance(0.2)
    ? Array.from({ length: tooMany }, () => shortLine(random))
    : [breakingLine(random)];
}

function drawLines(random: Random): readonly string[] {
  const shape = random.chance(0.1) ? shortLine : hostileLine;
  const drawn: string[] = [];
  let room = headBytes * random.next();
  while (room > 0) {
    const line = shape(random);
    room -= line.length + 16;
    if (room > 0) drawn.push(line);
  }
  return drawn;
}

const ours: readonly string[] = [
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "cookie",
  "host",
  "user-agent",
];
/** `cookie-string` (RFC 6265 §4.2.1). */
const octets = "[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*";
const pair = `[!#$%&'*+.^_\`|~0-9A-Za-z-]+=(?:${octets}|"${octets}")`;
const cookieString = new RegExp(`^${pair}(?:; ${pair})*$`);

function judgeRequest({ raw, method, target, headers }: Heard, misses: Misses): void {
  const where = () => `cookies: ${method} ${target}`;
  const [head = ""] = raw.split("\r\n\r\n");
  misses.unless(
    /^[ -~]*$/.test(head.replaceAll("\r\n", "")),
    () => `${where()} has bytes that nobody may send`,
  );
  const foreign = Object.keys(headers).filter((name) => !ours.includes(name));
  misses.unless(foreign.length === 0, () => `${where()} has a header of somebody else's`);
  const { cookie } = headers;
  misses.unless(cookie === undefined || cookieString.test(cookie), () => `${where()} has no cookie-string`);
}

function judgeReply({ call, reply }: Sent, misses: Misses): void {
  const named = reply !== undefined && (reply.http < 400 || reply.problem !== "internal");
  misses.unless(named, () => `cookies: ${call.name} was answered ${reply?.http}`);
  misses.unless(reply?.headers["set-cookie"] === undefined, () => `cookies: ${call.name} passed a cookie on`);
}

/** Opens the jar as its holder can; gives its size as it is sealed. */
async function judgeJar({ store }: Stage, { flowId, token }: Person, misses: Misses): Promise<number> {
  if (flowId === "") return 0;
  const { jar } = (await store.read({ flowId, flowToken: token })) ?? {};
  const bytes = jar === undefined ? 0 : Buffer.byteLength(JSON.stringify(jar));
  misses.unless(bytes <= maxJarBytes, () => `cookies: a jar of ${bytes} bytes`);
  return bytes;
}
