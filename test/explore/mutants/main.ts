import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { pick, seededRandom } from "../../prove/kit/random.ts";
import { copySources } from "./copy.ts";
import { exploreCopy } from "./explorer.ts";
import { type Mutation, mutated, mutationsOf } from "./mutations.ts";

/** What says nothing of the order of things: words for a log, for a person, or of a name. */
const textsAlone: readonly string[] = [
  "folded-name.ts",
  "log-text.ts",
  "problem-body.ts",
  "problems.ts",
  "reasons.ts",
];

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(randomInt(2 ** 32)) },
    count: { type: "string", default: "10" },
    fewer: { type: "string", default: "1" },
  },
});
const print = (text: string) => process.stdout.write(`${text}\n`);
const args = ["--fewer", values.fewer];

const all = readdirSync("lib/flow", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !textsAlone.includes(file))
  .map((file) => `lib/flow/${file}`)
  .toSorted()
  .flatMap((file) => mutationsOf(file, readFileSync(file, "utf8")));

const random = seededRandom(Number(values.seed));
print(`--seed ${values.seed}: ${values.count} of ${all.length} changes of one line`);
const known = new Set(await keysOf(undefined));
for (let drawn = 0; drawn < Number(values.count); drawn += 1) await explore(pick(random, all));

async function keysOf(mutation: Mutation | undefined): Promise<readonly string[]> {
  const copy = copySources();
  try {
    if (mutation !== undefined) copy.change(mutation.file, (text) => mutated(text, mutation));
    return (await exploreCopy(copy, args, { has: () => true })).keys;
  } finally {
    copy.remove();
  }
}

async function explore(mutation: Mutation): Promise<void> {
  const copy = copySources();
  try {
    copy.change(mutation.file, (text) => mutated(text, mutation));
    const { verdict } = await exploreCopy(copy, args, known);
    const { file, line, what, text } = mutation;
    print(`${file}:${line}: ${what}: ${text}\n  ${JSON.stringify(verdict)}`);
  } finally {
    copy.remove();
  }
}
