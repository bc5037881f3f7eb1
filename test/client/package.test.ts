import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { checkPackage, Package } from "@arethetypeswrong/core";
import { transformSync } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the client may have in somebody's page: bytes, gzipped. */
const largestBundle = 6 * 1024;

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "client-"));
  for (const name of ["package.json", "LICENSE", "README.md"]) cpSync(join(root, name), join(folder, name));
  execFileSync(process.execPath, [".ci/build-client.js", join(folder, "dist/client")], { cwd: root });
});

afterAll(() => rmSync(folder, { recursive: true }));

function built(name: string): string {
  return readFileSync(join(folder, "dist/client", name), "utf8");
}

describe("the client as a package", () => {
  it("has at most 6 KB, gzipped", () => {
    const { code } = transformSync(built("sign-on.js"), { minify: true, format: "esm" });
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(largestBundle);
  });

  it("depends on nothing", () => {
    expect(built("sign-on.js")).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m);
    const types = readdirSync(join(folder, "dist/client")).filter((name) => name.endsWith(".d.ts"));
    const imported = types.flatMap((name) =>
      [...built(name).matchAll(/from "([^"]+)"/g)].map(([, from]) => from),
    );
    expect(imported.filter((from) => from?.startsWith("./") !== true)).toEqual([]);
    expect(imported).not.toHaveLength(0);
  });

  it("is packed as publint wants it", async () => {
    const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has types that resolve wherever modules do", async () => {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const files = Object.fromEntries(
      names.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [
          `/node_modules/pingone-flow-functions${path.slice(folder.length)}`,
          readFileSync(path, "utf8"),
        ];
      }),
    );
    const result = await checkPackage(new Package(files, "pingone-flow-functions", "0.1.0"), {
      entrypoints: ["./client"],
    });
    // As attw's profile `esm-only`: what knows no exports, and CommonJS before Node 22, are left out.
    const wrong = "problems" in result ? result.problems : ["has no types"];
    expect(wrong.filter((problem) => !isOldResolution(problem))).toEqual([]);
  });
});

function isOldResolution(problem: object | string): boolean {
  const { resolutionKind } = { resolutionKind: "", ...Object(problem) };
  return resolutionKind === "node10" || resolutionKind === "node16-cjs";
}
