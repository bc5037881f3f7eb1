import { globSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../infra/doctor/command-line.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { measurementNames } from "../bench/measurements.ts";
import { pageOf } from "./check/page.js";
import { commandsIn } from "./check/shell.js";
import { readTree } from "./check/tree.js";

const tree = readTree(".");

/** Stands for what a reader has to fill in. */
const whatever = "…";

/** Every command in the pages, those in sentences too, with the page that it stands on. */
const commands = [...tree.paths]
  .filter((path) => path.endsWith(".md"))
  .flatMap((path) => {
    const { fences, codes } = pageOf(path, readFileSync(path, "utf8"));
    const scripts = fences.filter(({ language }) => language === "sh").map(({ text }) => text);
    const inSentences = codes
      .map(({ text }) => text.replace(/<[\w-]+>/g, whatever))
      .filter((text) => /^(?:[A-Z_0-9]+=\S+ )?np[mx] /.test(text));
    return [...scripts, ...inSentences].flatMap(commandsIn).map(({ words }) => ({ path, words }));
  });

/** What takes the arguments of a script. @throws an error for those that it wouldn't take */
type Takes = (args: readonly string[]) => void;

/** A script's options, as its source lists them. */
function optionsOf(file: string): Takes {
  const source = readFileSync(file, "utf8");
  const listed = [...source.matchAll(/\b([\w-]+)"?: \{ type: "(boolean|string)"/g)];
  const allowPositionals = source.includes("allowPositionals: true");
  const options = Object.fromEntries(
    listed.map(([, name = "", type]) => [name, { type: type === "string" ? type : "boolean" } as const]),
  );
  return (args) => parseArgs({ args: [...args], options, allowPositionals });
}

/** What `-c` says to CDK. */
function takesContext(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: { context: { type: "string", short: "c", multiple: true, default: [] } },
  });
  for (const pair of values.context) {
    const [name, value] = pair.split("=");
    if (name === "env") environmentNamed(value);
    else if (pair !== "placeholders=allowed") throw new Error(`There is no -c ${pair}.`);
  }
}

/** One argument, whatever it is. */
function expectOne({ length }: readonly string[]): void {
  if (length !== 1) throw new Error("It takes one argument.");
}

/** Measurements by name, and options. */
function takesMeasurements(args: readonly string[]): void {
  optionsOf("test/bench/main.ts")(args);
  const names = args.filter(
    (word, index) => !word.startsWith("-") && args[index - 1]?.startsWith("-") !== true,
  );
  const unknown = names.find((name) => !measurementNames.some((one) => one === name));
  if (unknown !== undefined) throw new Error(`There is no measurement ${unknown}.`);
}

const proofs = globSync("test/prove/*.ts").flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/^ {2}name: "([^"]+)"/gm)].map(([, name]) => name),
);

/** By script: each that some page gives arguments. */
const takers: ReadonlyMap<string, Takes> = new Map<string, Takes>([
  ["start", optionsOf("test/local/serve.ts")],
  ["prove:emulator", optionsOf("test/local/emulator.ts")],
  ["bench", takesMeasurements],
  ["explore", optionsOf("test/explore/main.ts")],
  ["explore:coverage", expectOne],
  ["synth", takesContext],
  ["jwks", takesContext],
  [
    "doctor",
    (args) => {
      environmentNamed(readCommandLine(args).environment);
    },
  ],
  [
    "prove",
    (args) => {
      const unknown = args.find((name) => name !== whatever && !proofs.includes(name));
      if (unknown !== undefined) throw new Error(`There is no proof ${unknown}.`);
    },
  ],
]);

const verbs = ["bootstrap", "deploy", "destroy", "diff", "synth"];

/** What is wrong with the arguments of a command. */
function faultOf([program, verb = "", ...rest]: readonly string[]): string | undefined {
  try {
    if (program === "npm") takeScript(verb === "run" ? rest : [verb, ...rest]);
    else if (verb === "cdk") takeCdk(rest);
    else if (verb === "vitest") takeVitest(rest);
    else if (verb !== "node") throw new Error(`Nobody checks npx ${verb}.`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "What was thrown is no error.";
  }
}

function takeScript(words: readonly string[]): void {
  const [script = "", ...rest] = words.filter((word) => !["-s", "--silent"].includes(word));
  if (rest.length === 0) return;
  // npm keeps what stands before this.
  if (rest[0] !== "--") throw new Error(`npm itself takes ${rest[0]}.`);
  const taker = takers.get(script);
  if (taker === undefined) throw new Error(`Nobody checks the arguments of ${script}.`);
  taker(rest.slice(1));
}

function takeCdk([verb = "", ...args]: readonly string[]): void {
  if (!verbs.includes(verb)) throw new Error(`CDK has no ${verb}.`);
  takesContext(args);
}

function takeVitest([verb, ...args]: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { config: { type: "string" }, testNamePattern: { type: "string", short: "t" } },
  });
  const folders = [...tree.paths].map((path) => path.replace(/\/[^/]*$/, ""));
  const gone = [values.config ?? "", ...positionals].find(
    (path) => !tree.paths.has(path) && !folders.includes(path),
  );
  if (verb !== "run" || gone !== undefined) throw new Error(`vitest runs ${gone ?? verb}?`);
}

describe("the arguments of a command in the pages", () => {
  const ours = commands.filter(({ words: [program, verb = ""] }) =>
    program === "npm" ? !["ci", "i", "install"].includes(verb) : program === "npx",
  );

  it("are those that the command takes", () => {
    expect(ours.filter(({ words }) => words.length > 3).length).toBeGreaterThan(20);
    expect(
      ours.flatMap(({ path, words }) => {
        const fault = faultOf(words);
        return fault === undefined ? [] : [`${path}: ${words.join(" ")}: ${fault}`];
      }),
    ).toEqual([]);
  });

  it.each([
    ["npm start -- --twice", /Unknown option '--twice'/],
    ["npm start --once", /^npm itself takes --once\.$/],
    ["npm run prove:emulator -- --rollback", /Unknown option/],
    ["npm run doctor -- -c env=nowhere", /^Name an environment/],
    ["npm run doctor -- -c env=dev --accounts", /^Usage: /],
    ["npm run synth -- -c env=dev -c placeholder=allowed", /^There is no -c placeholder=allowed\.$/],
    ["npm run prove -- rice", /^There is no proof rice\.$/],
    ["npm run bench -- steps --rounds 5", /^There is no measurement steps\.$/],
    ["npm run bench -- step --round 5", /Unknown option '--round'/],
    ["npm run walks -- 7", /^Nobody checks the arguments of walks\.$/],
    ["npx cdk undo -c env=dev", /^CDK has no undo\.$/],
    ["npx cdk deploy -c env=live", /^Name an environment/],
    ["npx cdk deploy -e env=dev", /Unknown option '-e'/],
    [
      "npx vitest run --config test/vitest.config.ts test/gone.test.ts",
      /^vitest runs test\/gone\.test\.ts\?$/,
    ],
    ["npx tsx main.ts", /^Nobody checks npx tsx\.$/],
  ])("are found out: %s", (command, fault) => {
    expect(faultOf(command.split(" "))).toMatch(fault);
  });
});
