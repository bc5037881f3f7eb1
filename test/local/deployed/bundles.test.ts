import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationNames } from "../../../lib/operation/names.ts";
import { readAssembly } from "./assembly.ts";
import { FunctionPool } from "./function-pool.ts";
import { type DeployedFunction, functionsOf } from "./functions.ts";
import { ownRuntime } from "./runtimes.ts";
import { currentAssembly } from "./synthesis.ts";

let elsewhere: string;
let functions: readonly DeployedFunction[];
beforeAll(async () => {
  elsewhere = mkdtempSync(join(tmpdir(), "bundles-"));
  const assembly = readAssembly(await currentAssembly());
  functions = [...functionsOf(assembly).values()].map((definition) => {
    const folder = join(elsewhere, definition.name);
    cpSync(definition.folder, folder, { recursive: true });
    return { ...definition, folder };
  });
});
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

describe("the bundles, where there is no node_modules", () => {
  it("are one for each function, nothing but modules, for the Node that runs here", () => {
    expect(functions).toHaveLength(operationNames.length);
    for (const { folder, runtime } of functions) {
      const files = readdirSync(folder);
      expect(files).toContain("index.mjs");
      expect(files.filter((file) => !file.endsWith(".mjs"))).toEqual([]);
      expect(runtime).toBe(`nodejs${process.versions.node.split(".")[0]}.x`);
    }
  });

  it("import nothing but what Node has", async () => {
    const { metafile } = await build({
      entryPoints: functions.map(({ folder }) => join(folder, "index.mjs")),
      outdir: join(elsewhere, "out"),
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      metafile: true,
      write: false,
      logLevel: "silent",
    });
    const imported = Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.flatMap(({ path, external }) => (external === true ? [path] : [])),
    );
    expect(imported.length).toBeGreaterThan(0);
    expect([...new Set(imported.filter((name) => !isBuiltin(name)))]).toEqual([]);
  });

  it("tell of missing variables in one message, as an error of the invocation", async () => {
    const outcomes = await Promise.all(
      functions.map(async (definition) => {
        const pool = new FunctionPool({ ...definition, variables: {} }, { runtime: ownRuntime, log: false });
        return pool.invoke("{}").finally(() => pool.close());
      }),
    );
    const expected = {
      kind: "failed",
      errorType: "ConfigurationError",
      message:
        "The function can't start. Environment variables missing: ENVIRONMENT, TABLE_NAME, PINGONE_BASE_URL, APPLICATIONS, HASH_KEY_ARN.",
    };
    expect(outcomes).toMatchObject(operationNames.map(() => expected));
  });
});
