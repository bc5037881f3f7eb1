import type { Environment } from "../environment.ts";
import { placeholderFaults } from "../placeholders.ts";
import type { Finding } from "./finding.ts";

/**
 * What stands in an environment's file for something of the operator's.
 *
 * @param settings only below these; everywhere if there are none
 */
export function placeholdersIn(environment: Environment, settings: readonly string[]): Finding[] {
  return placeholderFaults(environment)
    .filter((fault) => settings.length === 0 || settings.some((setting) => fault.startsWith(`${setting}.`)))
    .map((what) => ({
      kind: "placeholder",
      what,
      mend: `infra/environments/${environment.name}.ts; docs/pingone-setup.md, step 7`,
    }));
}
