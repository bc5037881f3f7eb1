import { describe, expect, it } from "vitest";
import { faultsIn, tables } from "./repository.ts";

/** What is said of the tables once a piece of them is another. */
function changed(was: string, is: string): readonly string[] {
  expect(tables).toContain(was);
  return faultsIn({ "docs/tables.md": tables.replace(was, is) });
}

describe("a table that repeats the code", () => {
  it("is found wherever it stands", () => {
    const [first = "", ...others] = tables.split("\n<!-- ");
    const pages = {
      "docs/tables.md": `${first}\n<!-- ${others[0]}`,
      "a/b.md": `\n<!-- ${others.slice(1).join("\n<!-- ")}`,
    };
    expect(faultsIn(pages)).toEqual([]);
  });

  it.each([
    [
      "a status",
      "| 410 |",
      "| 404 |",
      '6: table "problems": `flow-expired`: HTTP says "404", and the code "410"',
    ],
    [
      "an end",
      "| yes | | |",
      "| | | |",
      '6: table "problems": `flow-expired`: Flow ended says "", and the code "yes"',
    ],
    [
      "a retry",
      "| yes | | |",
      "| yes | yes | |",
      '6: table "problems": `flow-expired`: Retry says "yes", and the code ""',
    ],
    [
      "a count",
      "| unknown |",
      "| |",
      '7: table "problems": `outcome-unknown`: Attempt counted says "", and the code "unknown"',
    ],
    [
      "a column",
      "| HTTP |",
      "| Status |",
      '6: table "problems": `flow-expired`: there is no column HTTP, and the code "410"',
      '7: table "problems": `outcome-unknown`: there is no column HTTP, and the code "503"',
    ],
    ["a row", "| `slow` | look at `doubtful` |\n", "", '25: table "alarms": `slow` is missing'],
    [
      "a row too many",
      "| `slow` |",
      "| `fast` | x |\n| `slow` |",
      '28: table "alarms": `fast` is not in the code, or twice in the table',
    ],
    [
      "a row of no name",
      "| `slow` |",
      "| fast | x |\n| `slow` |",
      '28: table "alarms": the first cell has nothing in backticks',
    ],
    [
      "a row twice",
      "| `slow` |",
      "| `doubtful` | x |\n| `slow` |",
      '28: table "alarms": `doubtful` is not in the code, or twice in the table',
    ],
    [
      "a member",
      "`policy?`, `codeChallenge`",
      "`codeChallenge`",
      '12: table "calls": `POST /flows`: Body says "codeChallenge", and the code "codeChallenge, policy?"',
    ],
    [
      "whether a member is optional",
      "`policy?`, `codeChallenge`",
      "`policy`, `codeChallenge`",
      '12: table "calls": `POST /flows`: Body says "codeChallenge, policy", and the code "codeChallenge, policy?"',
    ],
    [
      "a path",
      "`DELETE /flows/{flowId}`",
      "`DELETE /flows`",
      '10: table "calls": `DELETE /flows/{flowId}` is missing',
      '14: table "calls": `DELETE /flows` is not in the code, or twice in the table',
    ],
    [
      "a range",
      "| 1–100 |",
      "| 1–10 |",
      '20: table "configuration": `ATTEMPT_LIMIT`: Values says "1–10", and the code "1–100"',
    ],
    [
      "a choice",
      "| `hints`, `minimal` |",
      "| `hints` |",
      '21: table "configuration": `DISCLOSURE`: Values says "hints", and the code "hints, minimal"',
    ],
    [
      "a default",
      "| 10 |",
      "| 5 |",
      '20: table "configuration": `ATTEMPT_LIMIT`: Default says "5", and the code "10"',
    ],
    [
      "what must be set",
      "| required |",
      "| empty |",
      '19: table "configuration": `TABLE_NAME`: Default says "empty", and the code "required"',
    ],
    [
      "members of several rows",
      "| `flowId`, `token` |",
      "| `token` |",
      '34: table "workflow-calls": `resume`: Members says "token", and the code "flowId, token"',
      '34: table "workflow-calls": `cancel`: Members says "token", and the code "flowId, token"',
    ],
    [
      "an error that is retried",
      "| `RateLimited` |",
      "| `RateLimited`, `OutcomeUnknown` |",
      '39: table "workflow-errors": `OutcomeUnknown` doesn\'t belong into this row',
    ],
    [
      "an error that nobody names",
      "`FlowExpired`, ",
      "",
      '40: table "workflow-errors": `FlowExpired` is missing in this row',
    ],
    [
      "an error that nobody throws",
      "| `TokenSuperseded` (of `status`)",
      "| `TokenSurpassed` (of `status`)",
      '42: table "workflow-errors": `TokenSurpassed` doesn\'t belong into this row',
    ],
  ])("is stale: %s", (_, was, is, ...faults) => {
    expect(changed(was, is)).toEqual(faults.map((fault) => `docs/tables.md:${fault}`));
  });
});

describe("the mark of a table", () => {
  it("has a comparison", () => {
    const page = "# Other\n\n<!-- table: other -->\n| a |\n|---|\n| b |\n";
    expect(faultsIn({ "README.md": page })).toEqual([
      'README.md:4: table "other": nobody compares it with the code',
    ]);
  });

  it.each(["\nText.\n\n| a |\n|---|\n| b |\n", "<!-- more -->\n| a |\n|---|\n| b |\n", ""])(
    "has a table right below: %j",
    (below) => {
      expect(faultsIn({ "README.md": `# Other\n\n<!-- table: alarms -->\n${below}` })).toEqual([
        'README.md:3: table "alarms": no table follows the mark',
      ]);
    },
  );

  it("is missed where a comparison finds none", () => {
    expect(changed("<!-- table: alarms -->\n", "")).toEqual(['README.md:1: no page has the table "alarms"']);
  });

  it("stands once", () => {
    const page = tables.slice(
      tables.indexOf("<!-- table: alarms"),
      tables.indexOf("<!-- table: workflow-calls"),
    );
    expect(faultsIn({ "docs/zebra.md": page })).toEqual([
      'docs/zebra.md:2: table "alarms": it stands in docs/tables.md already',
    ]);
  });
});
