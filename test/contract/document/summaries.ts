import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import type { Route } from "../../../infra/api/routes.ts";

const root = join(import.meta.dirname, "../../..");

/**
 * What a function does, in the words of the comment in its file: "`POST /flows`: starts a flow with PingOne."
 *
 * @throws when no comment begins with the route
 */
export function summaryOf({ method, path, function: name }: Route): string {
  const file = `functions/${name}.ts`;
  const beginning = `\`${method} ${path}\`: `;
  const { comments } = parseSync(file, readFileSync(join(root, file), "utf8"));
  const texts = comments.map(({ value }) => value.replaceAll(/\s*\n?\s*\*\s*/g, " ").trim());
  const found = texts.find((text) => text.startsWith(beginning))?.slice(beginning.length);
  if (found === undefined) throw new Error(`${file} has no comment that begins with ${beginning}`);
  return `${found.charAt(0).toUpperCase()}${found.slice(1).replace(/\.$/, "")}`;
}
