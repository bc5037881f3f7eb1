import { parseSync, Visitor } from "oxc-parser";

/** @import { Tree } from "./types.ts" */

/**
 * The texts in the list that a constant of that name is.
 *
 * @param {Tree} tree
 * @param {string} path
 * @param {string} name
 * @returns {string[]}
 */
export function listIn(tree, path, name) {
  /** @type {string[]} */
  const found = [];
  const visitor = new Visitor({
    VariableDeclarator({ id, init }) {
      if (id.type !== "Identifier" || id.name !== name || init?.type !== "ArrayExpression") return;
      found.push(...init.elements.flatMap((element) => textOf(element)));
    },
  });
  visitor.visit(parseSync(path, tree.read(path)).program);
  if (found.length === 0) throw new Error(`${path} has no list of texts that is called ${name}.`);
  return found;
}

/**
 * The last of the texts that each call of a private method is given.
 *
 * @param {Tree} tree
 * @param {string} path
 * @param {string} method without its `#`
 * @returns {string[]}
 */
export function lastTextOfCalls(tree, path, method) {
  /** @type {string[]} */
  const found = [];
  const visitor = new Visitor({
    CallExpression({ callee, arguments: given }) {
      if (callee.type !== "MemberExpression" || callee.property.type !== "PrivateIdentifier") return;
      if (callee.property.name === method) {
        found.push(...given.flatMap((argument) => textOf(argument)).slice(-1));
      }
    },
  });
  visitor.visit(parseSync(path, tree.read(path)).program);
  if (found.length === 0) throw new Error(`${path} has no call of #${method} with a text.`);
  return found;
}

/**
 * @param {import("oxc-parser").Node | null} node
 * @returns {string[]}
 */
function textOf(node) {
  return node?.type === "Literal" && typeof node.value === "string" ? [node.value] : [];
}
