import { describe, expect, it } from "vitest";
import { catalogue, faultsIn } from "./repository.ts";

/** What is said of the catalogue once a piece of it is another. */
function changed(was: string, is: string): readonly string[] {
  expect(catalogue).toContain(was);
  return faultsIn({ "docs/problems.md": catalogue.replace(was, is) });
}

describe("the catalogue of problems", () => {
  it("has one section for each problem of the code", () => {
    expect(faultsIn({})).toEqual([]);
  });

  it.each([
    [
      "a section is missing",
      /## `flow-expired`[\s\S]*?(?=## )/.exec(catalogue)?.[0] ?? "?",
      "",
      "1: `flow-expired` has no section",
    ],
    [
      "another one is too many",
      "## `internal`",
      "## `gone`\n\nHTTP 410.\n\n## `internal`",
      "21: `gone`: no problem is called so, or it has a section already",
    ],
    [
      "one stands twice",
      "## `internal`",
      "## `flow-expired`\n\n## `internal`",
      "21: `flow-expired`: no problem is called so, or it has a section already",
    ],
    [
      "a status is another",
      "HTTP 410.",
      "HTTP 404.",
      '3: `flow-expired`: it does not begin with "HTTP 410."',
    ],
    [
      "a part is missing",
      "- **Client:** start anew.\n",
      "",
      "3: `flow-expired`: it says Means, Comes, Person instead of Means, Comes, Client, Person",
    ],
    [
      "a part is empty",
      "**Means:** nobody knows",
      "**Means:**",
      "12: `outcome-unknown`: it says Comes, Client, Person instead of Means, Comes, Client, Person",
    ],
  ])("is stale where %s", (_, was, is, fault) => {
    expect(changed(was, is)).toEqual([`docs/problems.md:${fault}`]);
  });
});
