// One style for `if`: a guard stands on one line without braces; whatever needs more than a line has them.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseSync, Visitor } from "oxc-parser";

const width = JSON.parse(readFileSync(".biome.json", "utf8")).formatter.lineWidth;
const writes = process.argv.includes("--write");
const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts", "*.js"], {
  encoding: "utf8",
});

let faults = 0;
for (const file of listed.trim().split("\n")) faults += judge(file);
process.exitCode = faults > 0 && !writes ? 1 : 0;

/** @param {string} file */
function judge(file) {
  const source = readFileSync(file, "utf8");
  /** @type {{ start: number, end: number, text: string, what: string }[]} */
  const found = [];
  new Visitor({
    IfStatement: (statement) => {
      if (statement.alternate !== null) return;
      const edit = edited(source, statement);
      if (edit !== undefined) found.push(edit);
    },
  }).visit(parseSync(file, source).program);
  if (writes && found.length > 0) writeFileSync(file, apply(source, found));
  for (const { start, what } of writes ? [] : found) {
    process.stderr.write(`${file}:${source.slice(0, start).split("\n").length}: ${what}\n`);
  }
  return found.length;
}

/**
 * @param {string} source
 * @param {import("oxc-parser").IfStatement} statement
 */
function edited(source, { start, end, test, consequent }) {
  const head = `${source.slice(start, test.end)})`;
  if (consequent.type !== "BlockStatement") {
    if (!source.slice(start, end).includes("\n")) return undefined;
    const text = `${head} {\n${source.slice(consequent.start, end)}\n}`;
    return { start, end, text, what: "an `if` of more than one line has braces" };
  }
  const [only, ...others] = consequent.body;
  if (only === undefined || others.length > 0 || only.type === "IfStatement") return undefined;
  const text = `${head} ${source.slice(only.start, only.end)}`;
  const column = start - (source.lastIndexOf("\n", start) + 1);
  const hasComment = /\/\/|\/\*/.test(source.slice(consequent.start, end));
  if (text.includes("\n") || column + text.length > width || hasComment) return undefined;
  return { start, end, text, what: "an `if` that fits on one line has no braces" };
}

/**
 * @param {string} source
 * @param {readonly { start: number, end: number, text: string }[]} edits
 */
function apply(source, edits) {
  const inner = edits.filter(
    ({ start, end }) => !edits.some((other) => other.start < start && end <= other.end),
  );
  return inner
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), source);
}
