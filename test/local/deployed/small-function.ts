import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { patienceMs } from "../../support/patience.ts";
import type { DeployedFunction } from "./functions.ts";

/** A function of a few lines, outside the repository; `remove` takes its folder away. */
export function smallFunction(
  code: string,
  differences: Partial<DeployedFunction> = {},
): { readonly definition: DeployedFunction; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "small-function-"));
  writeFileSync(join(folder, "index.mjs"), code);
  const definition: DeployedFunction = {
    name: "small",
    arn: "arn:aws:lambda:eu-west-1:000000000000:function:small",
    region: "eu-west-1",
    runtime: "nodejs24.x",
    handler: "index.handler",
    folder,
    variables: {},
    timeoutMs: patienceMs,
    memoryMb: 512,
    ...differences,
  };
  return { definition, remove: () => rmSync(folder, { recursive: true }) };
}
