// Runs dependency-cruiser and refuses a green result that read fewer modules than there are:
// without a parser for the installed TypeScript it cruises nothing and reports no violation.
import { readdirSync } from "node:fs";
import { cruise, format } from "dependency-cruiser";
import rules from "../.dependency-cruiser.js";

const folders = ["functions", "infra", "lib", "test"];
const onDisk = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => `${folder}/${file}`),
);

const { output } = await cruise(folders, {
  ...rules.options,
  ruleSet: { forbidden: rules.forbidden },
  validate: true,
});
const cruised = new Set(output.modules.map((module) => module.source));
const unread = onDisk.filter((file) => !cruised.has(file));

if (output.summary.violations.length > 0) {
  process.stdout.write((await format(output, { outputType: "err" })).output);
}
process.stdout.write(`modules of ours: ${onDisk.length}, read: ${onDisk.length - unread.length}\n`);
if (unread.length > 0 || onDisk.length === 0) {
  process.stderr.write(`Not read by the boundary check: ${unread.join(", ") || "everything"}\n`);
}
process.exitCode = unread.length > 0 || onDisk.length === 0 || output.summary.error > 0 ? 1 : 0;
