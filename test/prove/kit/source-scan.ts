import { readdirSync, readFileSync } from "node:fs";

/** A source file, its comments left out. */
export interface Source {
  readonly path: string;
  readonly code: string;
}

interface Rule {
  readonly name: string;
  readonly where: RegExp;
  readonly forbidden: RegExp;
}

const rules: readonly Rule[] = [
  {
    name: "an option or a function that makes things happen again",
    where: /^(functions|lib\/(flow|http|pingone))\//,
    forbidden:
      /\b(max_?retries|max_?attempts|retries|retry(able)?(strategy|on|count|delay|limit|options?|policy|times)|back_?off|p-?retry|async-?retry)\b|\bretry\s*[:(=]/i,
  },
  {
    name: "a client that keeps connections",
    where: /^lib\/pingone\//,
    forbidden: /\bkeep_?alive\b|\bagent\b|\bnew Agent\b|\bfetch\(|["'](undici|axios|got|ky)["']/i,
  },
  {
    name: "a kept connection that once-only calls could come by",
    where: /^lib\/pingone\/(client|requests|send)\.ts$/,
    forbidden: /\.kept\b|\bkept[,}:]/,
  },
  {
    name: "a loop around a call",
    where: /^lib\/(pingone\/(client|harmless|send)|flow\/(ask|step|settle|start|conclude))\.ts$/,
    forbidden: /\b(for|while)\s*\(/,
  },
];

/** PingOne asked, at first hand or through the functions that do. */
const asking = /\b(provider\.(act|read|start)|(?<!function )ask(ForStep|ToStart|WhatBecame))\(/g;

/** Call sites that there may be: so many, and no more. */
const limits: readonly { readonly where: RegExp; readonly call: RegExp; readonly most: number }[] = [
  { where: /^lib\/pingone\/(?!harmless\.ts$)/, call: /(?<!function )\bsend\(/g, most: 1 },
  // A start that names nobody: once on a kept connection and, where that was stale, on its own.
  { where: /^lib\/pingone\/harmless\.ts$/, call: /(?<!function )\bsend\(/g, most: 2 },
  { where: /^lib\//, call: /(?<!function )\bsendHarmless\((?!keysRequest\()/g, most: 1 },
  // PingOne's keys are nobody's.
  { where: /^lib\//, call: /\bsendHarmless\(keysRequest\(/g, most: 1 },
  { where: /^lib\/pingone\/send\.ts$/, call: /\brequest\(/g, most: 1 },
  { where: /^lib\/flow\/ask\.ts$/, call: /\bprovider\.(act|start)\(/g, most: 2 },
  // One for what a decoy does in the place of a step, and one to learn what became of a step.
  { where: /^lib\/flow\/ask\.ts$/, call: /\bprovider\.read\(/g, most: 2 },
  { where: /^lib\/flow\/step\.ts$/, call: asking, most: 1 },
  // One to read and one to ask a doubtful resume again: each claim takes one of the two ways.
  { where: /^lib\/flow\/settle\.ts$/, call: asking, most: 2 },
  { where: /^lib\/flow\/(begin|start)\.ts$/, call: asking, most: 1 },
  {
    where:
      /^(functions|lib\/(http|store|workflow|[\w-]+\.ts)|lib\/flow\/(?!ask|begin|step|settle|start)[\w-]+\.ts)/,
    call: asking,
    most: 0,
  },
];

/** All that could make a once-only step happen twice, in words; nothing where the sources are clean. */
export function findRetries(sources: readonly Source[]): readonly string[] {
  const found = sources.flatMap(({ path, code }) =>
    rules
      .filter(({ where, forbidden }) => where.test(path) && forbidden.test(code))
      .map(({ name }) => `${path}: ${name}`),
  );
  const tooMany = limits.flatMap(({ where, call, most }) => {
    const inside = sources.filter(({ path }) => where.test(path));
    const count = inside.reduce((sum, { code }) => sum + [...code.matchAll(call)].length, 0);
    return count > most ? [`${where.source}: ${count} × ${call.source}, at most ${most}`] : [];
  });
  return [...found, ...tooMany];
}

/** Everything that ships and runs. */
export function shippedSources(): readonly Source[] {
  return ["functions", "lib"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${folder}/${file}`)
      .map((path) => ({ path, code: withoutComments(readFileSync(path, "utf8")) })),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}
