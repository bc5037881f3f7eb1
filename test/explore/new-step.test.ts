import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { copySources } from "./mutants/copy.ts";

const run = promisify(execFile);

const definition = `
import { defineStep } from "../step-definition.ts";

export const renew = defineStep({
  name: "renew",
  call: {
    kind: "action",
    action: "password.renew",
    body: ({ username, newPassword }: { username: string; newPassword: string }) => ({ username, newPassword }),
  },
  members: { username: "person", newPassword: "secret" },
  countsAttempt: true,
  triesCredential: true,
  sendsMessage: true,
  rejections: [{ code: "INVALID_VALUE" }],
  rejection: () => ({ error: "credentials-rejected" }),
});
`;

it("explores a new step that has nothing but its definition", async () => {
  const copy = copySources();
  onTestFinished(() => copy.remove());
  copy.change("lib/flow/steps/renew.ts", () => definition);
  copy.change("lib/flow/steps.ts", (text) =>
    text.replace(/^/, 'import { renew } from "./steps/renew.ts";\n').replace("steps = {", "steps = { renew,"),
  );
  const program = join(copy.folder, "test/explore/main.ts");
  const args = [program, "one", "two", "--fewer", "2", "--only", "renew"];
  const { stdout } = await run(process.execPath, args);
  const [one, two] = stdout.split("\n").filter((line) => /^\| (one|two) /.test(line));

  expect(stdout).toContain("Nothing was violated.");
  expect(countsIn(one)).toEqual([expect.any(Number), expect.any(Number)]);
  expect(countsIn(two)).toEqual([expect.any(Number), expect.any(Number)]);
});

/** The plans and schedules of a bound; none is less than ten. */
function countsIn(row = ""): readonly number[] {
  return row
    .split("|")
    .slice(2, 4)
    .map((cell) => Number(cell.replaceAll(",", "")))
    .filter((count) => count >= 10);
}
