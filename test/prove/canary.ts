import { stepNames } from "../../lib/flow/steps.ts";
import { createRequestLog } from "../../lib/log.ts";
import { currentAssembly } from "../local/deployed/synthesis.ts";
import { people } from "../simulator/people.ts";
import { Canaries } from "../support/canaries.ts";
import type { ApiReply } from "./kit/api.ts";
import { finish, follow } from "./kit/course.ts";
import { type Refusal, refusing, sendThrough, shortMs } from "./kit/injection.ts";
import { noteJar, noteSent, tokenMembers } from "./kit/known-secrets.ts";
import { type Cell, cellsOf } from "./kit/matrix.ts";
import { listen, type Output } from "./kit/output.ts";
import type { Person } from "./kit/person.ts";
import { watched } from "./kit/points.ts";
import { type Conditions, Misses, type Proof, spread } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { sceneAt } from "./kit/scenes.ts";
import { shippedSources } from "./kit/source-scan.ts";
import { lockMs } from "./kit/spans.ts";
import { onStage, type Stage } from "./kit/stage.ts";
import { findRecorders, findTracers, textsOf } from "./kit/tracing.ts";
import { troubledSignOn } from "./kit/troubled-sign-on.ts";

const environments = ["dev", "staging", "prod", "emulator"];
/** How often nobody foresaw what happens. */
const unforeseen = 0.05;

/** Secrets are sent and given under every fault: none turns up in any place that somebody else reads. */
export const canary: Proof = {
  name: "canary",
  async run(conditions) {
    const misses = new Misses();
    const watch = new Watch(conditions.random, misses);
    const all = stepNames.flatMap((step) => cellsOf(step));
    const cells = spread(all, conditions.rounds(all.length, 10));
    const signOns = conditions.rounds(200);
    const refusal: Refusal = { on: false };
    const refused = refusing(refusal);
    const ports = (sound: Parameters<typeof refused>[0]) => watched(refused(sound), watch);
    const log = createRequestLog("test");
    const options = { defect: conditions.defect, ports, proxied: true, timeoutMs: shortMs, log };
    await onStage(options, async (stage) => {
      const output = listen();
      try {
        for (const cell of cells) await watch.over(stage, output, () => cellOn(stage, cell, refusal, watch));
        for (let round = 0; round < signOns; round += 1) {
          await watch.over(stage, output, async () => {
            await troubledSignOn(stage, conditions.random, (person) => watch.attend(person));
          });
        }
      } finally {
        output.stop();
      }
    });
    await lookAtTemplates(watch, conditions);
    const tracers = findTracers(shippedSources());
    misses.unless(tracers.length === 0, () => `canary: ${tracers.join("; ")}`);
    return { rounds: cells.length + signOns, figure: watch.text(), misses: misses.all };
  },
};

async function cellOn(stage: Stage, cell: Cell, refusal: Refusal, watch: Watch): Promise<void> {
  const scene = await sceneAt(stage, cell.step, cell.outcome.further);
  watch.attend(scene.person);
  const sent = await sendThrough(stage, cell, scene, refusal);
  await follow(scene.person, sent);
  await finish(scene);
  stage.clock.advance(lockMs);
}

async function lookAtTemplates(watch: Watch, { rounds }: Conditions): Promise<void> {
  for (const name of environments.slice(0, rounds(environments.length))) {
    const files = textsOf(await currentAssembly(name));
    watch.look("templates", files);
    for (const { text } of files.filter((file) => file.name.endsWith(".template.json"))) {
      const found = findRecorders(text);
      watch.misses.unless(found.length === 0, () => `canary, ${name}: ${found.join(", ")}`);
    }
  }
}

type Place = "logs and metrics" | "replies" | "table" | "templates";

/** Knows the secrets of a sign-on, and looks for them wherever somebody else might read. */
class Watch {
  readonly misses: Misses;
  readonly #random: Random;
  readonly #looks = new Map<Place, number>();
  #canaries = new Canaries();
  #person: Person | undefined;
  #isUnforeseen = false;
  #secrets = 0;
  #lines = 0;

  constructor(random: Random, misses: Misses) {
    this.#random = random;
    this.misses = misses;
  }

  /** Has a sign-on happen and looks everywhere when it is over. */
  async over(stage: Stage, output: Output, signOn: () => Promise<void>): Promise<void> {
    this.#canaries = new Canaries();
    this.#isUnforeseen = this.#random.chance(unforeseen);
    this.#person = undefined;
    await signOn();
    const sent = this.#noted(this.#person);
    for (const { code } of stage.simulator.inbox.all().slice(-3))
      this.#canaries.add(`passcode ${code}`, code);
    this.#canaries.add("the password", people.passwordOnly.password);
    const written = output.take();
    this.#lines += written.split("\n").filter((line) => line.includes('"_aws"')).length;
    this.look("logs and metrics", written);
    this.look(
      "replies",
      sent.map(({ reply }) => reply && withoutOwn(reply)),
    );
    this.look("table", await stage.rows());
    this.#secrets += this.#canaries.size;
    await stage.clear();
  }

  #noted(person: Person | undefined): Person["sent"] {
    if (person !== undefined) noteSent(this.#canaries, person);
    return person?.sent ?? [];
  }

  /** Some of what the person sends has a secret in it where it doesn't belong. */
  attend(person: Person): void {
    this.#person = person;
    const { transport } = person;
    person.transport = (call) => {
      const code = String(call.body?.["otp"] ?? "").padStart(8, "0");
      const [requestId] = pick(this.#random, [[undefined], [call.token], [code], ["request-0001"]]);
      return transport({ ...call, headers: requestId === undefined ? {} : { "X-Request-Id": requestId } });
    };
  }

  /** No canary lies in a place, and one that is put there is found, however it is spelled. */
  look(place: Place, value: unknown): void {
    this.#looks.set(place, (this.#looks.get(place) ?? 0) + 1);
    const found = this.#canaries.in(value);
    this.misses.unless(found.length === 0, () => `canary, ${place}: ${found.join(", ")}`);
    if (place !== "templates" && !this.#random.chance(0.1)) return;
    const planted = new Canaries();
    planted.add("planted", plantedSecret);
    const isFound = plantedForms.every((form) => planted.in([value, { deep: [`a ${form} b`] }]).length === 1);
    this.misses.unless(
      isFound && planted.in(value).length === 0,
      () => `canary, ${place}: the search is blind`,
    );
  }

  async at(point: string): Promise<void> {
    const { pending } = this.#person ?? {};
    if (!this.#isUnforeseen || point !== "before PingOne is asked" || pending?.token === undefined) return;
    this.#isUnforeseen = false;
    // As an error of a library would that quotes what it was given.
    throw new TypeError(`Unexpected input: ${JSON.stringify(pending)}\n    at ${pending.token}`);
  }

  given(jar: Parameters<typeof noteJar>[1]): void {
    noteJar(this.#canaries, jar);
  }

  text(): string {
    const looks = [...this.#looks].map(([place, count]) => `${place} ${count} times`).join(", ");
    return `${this.#secrets} secrets, looked for in ${looks}; ${this.#lines} log lines`;
  }
}

const plantedSecret = "Canary/of+the proof:1";
const plantedBytes = Buffer.from(plantedSecret);
const plantedForms = [
  plantedSecret,
  plantedBytes.toString("base64"),
  plantedBytes.toString("base64url"),
  plantedBytes.toString("hex"),
  encodeURIComponent(plantedSecret),
];

/**
 * A reply without what belongs to whoever gets it: the next flow token, the code with what comes along, and
 * PingOne's tokens.
 */
function withoutOwn({ http, headers, text, body }: ApiReply): unknown {
  if (text === "") return { http, headers };
  const { flowToken: _, flow, ...told } = body;
  const rest = { ...told, ...Object.fromEntries(tokenMembers.map((name) => [name, undefined])) };
  const shown = { ...rest, ...(flow === undefined ? {} : { flow: { ...flow, flowToken: undefined } }) };
  if (rest.redirectUri === undefined) return { http, headers, shown };
  const { code: __, state: ___, nonce: ____, ...left } = rest;
  return { http, headers, left };
}
