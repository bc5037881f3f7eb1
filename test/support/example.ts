import { readFileSync } from "node:fs";

/**
 * The code of an example that a page of `docs/` has under `<!-- example: name -->`.
 *
 * @throws an error where the page has none of that name
 */
export function exampleIn(page: string, name: string): string {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const [, code] = new RegExp(`<!-- example: ${name} -->\n\`\`\`\\w+\n([\\s\\S]*?)\n\`\`\``).exec(text) ?? [];
  if (code === undefined) throw new Error(`docs/${page} has no example that is called ${name}.`);
  return code;
}
