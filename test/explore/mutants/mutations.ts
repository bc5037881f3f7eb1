import { type Node, parseSync, Visitor } from "oxc-parser";

/** One change of one line. */
export interface Mutation {
  readonly file: string;
  readonly line: number;
  /** What is done to it, in words. */
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Found = Omit<Mutation, "file" | "line">;

const opposites: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
};

/** Every change of one line that is looked for in a file: conditions, branches, comparisons, awaits. */
export function mutationsOf(file: string, source: string): readonly Mutation[] {
  const found: Found[] = [];
  const textOf = ({ start, end }: Node) => source.slice(start, end);
  const change = (what: string, { start, end }: Node, text: string) => found.push({ what, start, end, text });
  new Visitor({
    IfStatement: ({ test }) => {
      change("never holds", test, "false");
      change("always holds", test, "true");
    },
    ConditionalExpression: (node) => {
      const { test, consequent, alternate } = node;
      change("branches swapped", node, `${textOf(test)} ? ${textOf(alternate)} : ${textOf(consequent)}`);
    },
    LogicalExpression: (node) => {
      if (node.operator === "??") return;
      change("right condition removed", node, textOf(node.left));
      change("left condition removed", node, textOf(node.right));
    },
    BinaryExpression: (node) => {
      const opposite = opposites[node.operator];
      if (opposite !== undefined) {
        change(
          `${opposite} for ${node.operator}`,
          node,
          `${textOf(node.left)} ${opposite} ${textOf(node.right)}`,
        );
      }
    },
    UnaryExpression: (node) => {
      if (node.operator === "!") change("not removed", node, textOf(node.argument));
    },
    AwaitExpression: (node) => change("await dropped", node, textOf(node.argument)),
    Literal: (node) => {
      if (typeof node.value === "boolean") change("the other Boolean", node, String(!node.value));
    },
  }).visit(parseSync(file, source).program);
  return found
    .filter(({ start, end }) => !source.slice(start, end).includes("\n"))
    .map((one) => ({ ...one, file, line: source.slice(0, one.start).split("\n").length }));
}

/** The source with a mutation in it. */
export function mutated(source: string, { start, end, text }: Mutation): string {
  return source.slice(0, start) + text + source.slice(end);
}
