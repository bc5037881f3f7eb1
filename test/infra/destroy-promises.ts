import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { deployed, synthesize } from "./synthesis.ts";

const Policies = z.looseObject({
  DeletionPolicy: z.string().default("Delete"),
  Properties: z.looseObject({ PendingWindowInDays: z.number().optional() }).default({}),
});

/** What CloudFormation leaves of a resource, in the words of the table in docs/operations.md. */
function left(resource: unknown): string | undefined {
  const { DeletionPolicy, Properties } = Policies.parse(resource);
  if (DeletionPolicy === "Retain") return "stays always";
  if (DeletionPolicy === "RetainExceptOnCreate") return "stays";
  return Properties.PendingWindowInDays === undefined ? undefined : `${Properties.PendingWindowInDays} days`;
}

/** By the type of what is left: how many of it there are, and for how long. */
function leftOf(name: (typeof deployed)[number]): ReadonlyMap<string, string> {
  const found = [...synthesize(name).resources.values()].flatMap((resource) => {
    const words = left(resource);
    return words === undefined ? [] : [{ type: resource.Type, words }];
  });
  const cells = [...Map.groupBy(found, ({ type }) => type)].map(([type, ofType]) => {
    const parts = [...Map.groupBy(ofType, ({ words }) => words)].map(([words, { length }]) =>
      length === 1 ? words : `${length} ${words}`,
    );
    return [type, parts.toSorted().join(", ")] as const;
  });
  return new Map(cells);
}

/** The rows of the table: the types that a row is about, and a cell for each environment. */
function listed(): ReadonlyMap<string, readonly string[]> {
  const page = readFileSync("docs/operations.md", "utf8");
  const section = /## What `cdk destroy` leaves\n(.*?)\n## /s.exec(page)?.[1] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `AWS::"));
  return new Map(
    rows.map((row) => {
      const [, type = "", ...cells] = row.split("|").map((cell) => cell.trim());
      return [type.replaceAll("`", ""), cells.slice(0, deployed.length)] as const;
    }),
  );
}

/** What a stack leaves when it is deleted. */
export function destroyPromises(): void {
  describe("what cdk destroy leaves", () => {
    it.each([...deployed.entries()])(
      "is what docs/operations.md lists, in environment %i: %s",
      (index, name) => {
        const said = [...listed()].flatMap(([type, cells]) => {
          const cell = cells[index] ?? "";
          return cell === "" ? [] : [[type, cell] as const];
        });
        expect(new Map(said)).toEqual(leftOf(name));
        expect(said.length).toBeGreaterThan(2);
      },
    );

    it("is nothing else that a name would stand in the way of: what stays has none of ours", () => {
      for (const name of deployed) {
        const named = [...synthesize(name).resources.values()].filter(
          (resource) =>
            left(resource) !== undefined &&
            ["TableName", "RoleName", "Name"].some((key) => key in resource.Properties),
        );
        expect(named).toEqual([]);
      }
    });
  });
}
