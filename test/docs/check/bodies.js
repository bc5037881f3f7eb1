import * as z from "zod";

/** @import { ObjectSchema } from "./types.ts" */

/**
 * What a reader has to put something in the place of: `…`, a shell variable, or a name in braces or angles. A
 * text with one of these in it may stand wherever a text is asked for.
 */
const elision = /…|\$[\w{(]|\{\w+\}|<[\w -]+>/;

/**
 * What the schema of a request would refuse in an example of its body.
 *
 * @param {string} text JSON
 * @param {ObjectSchema} schema
 * @param {string} of what it is the body of
 * @returns {string[]}
 */
export function bodyFaults(text, schema, of) {
  /** @type {unknown} */
  let body;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return [`${of}: the body isn't JSON (${String(error)})`];
  }
  const issues = z.safeParse(schema, body).error?.issues ?? [];
  return issues
    .filter(({ path, code }) => code === "invalid_type" || !isElided(memberAt(body, path)))
    .map(({ path, message }) => `${of}: ${path.length === 0 ? "the body" : path.join(".")}: ${message}`);
}

/** @param {unknown} value */
function isElided(value) {
  return typeof value === "string" && elision.test(value);
}

/**
 * @param {unknown} value
 * @param {readonly PropertyKey[]} path
 * @returns {unknown}
 */
function memberAt(value, [name, ...rest]) {
  if (name === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  return memberAt(Object.getOwnPropertyDescriptor(value, name)?.value, rest);
}
