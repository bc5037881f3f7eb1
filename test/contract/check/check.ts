import { existsSync, readFileSync } from "node:fs";
import { documentPath, readDocument, releasedPath } from "../document/file.ts";
import { objectAt } from "../json.ts";
import { breaksBetween, mayBreak } from "./breaking.ts";
import { lintFaults } from "./lint.ts";

/** What is wrong with the committed document. @param text the document as the sources would have it */
export async function documentFaults(text: string): Promise<readonly string[]> {
  const committed = existsSync(documentPath) ? readFileSync(documentPath, "utf8") : "";
  const stale = committed === text ? [] : ["docs/openapi.json is not what the code says: npm run openapi"];
  return [
    ...stale,
    ...(await lintFaults(text)),
    ...releaseFaults(JSON.parse(text), readDocument(releasedPath)),
  ];
}

/** The changes that break the clients of the last release, unless the version says so. */
export function releaseFaults(
  document: Parameters<typeof breaksBetween>[1],
  released: Parameters<typeof breaksBetween>[0],
): readonly string[] {
  const [was, is] = [released, document].map((one) => String(objectAt(one, "info")["version"]));
  if (mayBreak(was ?? "", is ?? "")) return [];
  return breaksBetween(released, document).map((what) => `breaks clients of ${was}: ${what}`);
}
