import { createConfig, lintFromString } from "@redocly/openapi-core";

/**
 * What a linter has against an OpenAPI document, warnings included: Redocly's recommended rules. It runs in
 * this process and asks nobody.
 */
export async function lintFaults(text: string): Promise<readonly string[]> {
  const config = await createConfig({ extends: ["recommended"] });
  const found = await lintFromString({ source: text, absoluteRef: "openapi.json", config });
  return found.map(
    ({ ruleId, message, location: [place] }) =>
      `${ruleId}: ${message}${place?.pointer === undefined ? "" : ` (${place.pointer})`}`,
  );
}
