// Holds docs/openapi.json against the code, a linter's rules, and the document of the last release.
import { documentFaults } from "./check/check.ts";
import { openApiText } from "./document/document.ts";

const faults = await documentFaults(openApiText());
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`docs/openapi.json: faults: ${faults.length}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
