import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../infra/api/routes.ts";
import { startSandbox } from "../local/sandbox.ts";
import { exampleIn } from "../support/example.ts";
import { patienceMs } from "../support/patience.ts";
import { collection, environment, perform } from "./bruno.ts";

const before = { ...process.env };
let api = "";
let pingone = "";
let close: () => Promise<void>;
beforeAll(async () => {
  Object.assign(process.env, { PORT: "0", SIMULATOR_PORT: "0" });
  const printed: string[] = [];
  const sandbox = await startSandbox({ log: false, deployed: false, print: (line) => printed.push(line) });
  close = () => sandbox.close();
  sandbox.introduce();
  const text = printed.join("\n");
  api = /API +(http:\S+)/.exec(text)?.[1] ?? "";
  pingone = /PingOne +(http:\S+)/.exec(text)?.[1] ?? "";
});
afterAll(async () => {
  await close();
  Object.assign(process.env, before);
});

/** Where the sandbox of this test is, in the names of the collection. */
function places(): readonly (readonly [string, string])[] {
  return [
    ["api", api],
    ["pingone", pingone],
    ["simulator", `${new URL(pingone).origin}/_simulator`],
  ];
}

/** A text with this sandbox in the place of the one that `npm start` begins. */
function inThisSandbox(text: string): string {
  return text
    .replaceAll("http://127.0.0.1:8080", api)
    .replaceAll("http://127.0.0.1:9031", new URL(pingone).origin);
}

describe("the Bruno collection", () => {
  it("signs a person on in the sandbox", async () => {
    const variables = new Map([...environment(), ...places()]);
    const failed: string[] = [];
    for (const request of collection()) failed.push(...(await perform(request, variables)));
    expect(failed).toEqual([]);
    expect(variables.get("code")).toMatch(/^\S{8,}$/);
  });

  it("says of a wrong password which assertion doesn't hold", async () => {
    const variables = new Map([...environment(), ...places(), ["password", "wrong"]]);
    const failed: string[] = [];
    for (const request of collection().slice(0, 2)) failed.push(...(await perform(request, variables)));
    expect(failed).toEqual([
      "Password: res.status eq 200, and it is 422",
      "Password: res.body.status eq OTP_REQUIRED, and it is undefined",
    ]);
  });

  it("asks for routes that there are", () => {
    const known = routes.map(({ method, path }) => `${method} ${path}`);
    const asked = collection().filter(({ http }) => http.url.startsWith("{{api}}"));
    expect(asked.length).toBeGreaterThan(5);
    for (const { http } of asked) {
      const path = http.url.replace("{{api}}", "").replace("{{flowId}}", "{flowId}");
      expect(known).toContain(`${http.method.toUpperCase()} ${path}`);
    }
  });
});

describe("the script of docs/client.md", () => {
  it("signs a person on in the sandbox", async () => {
    const folder = mkdtempSync(join(tmpdir(), "script-"));
    const built = buildSync({
      stdin: { contents: exampleIn("client.md", "script"), resolveDir: process.cwd(), loader: "js" },
      alias: { "pingone-flow-functions/client": "./lib/client/sign-on.ts" },
      bundle: true,
      format: "esm",
      write: false,
    });
    const script = join(folder, "sign-on.mjs");
    const text = built.outputFiles.map((file) => file.text).join("");
    writeFileSync(script, inThisSandbox(text));
    const run = promisify(execFile)(process.execPath, [script], { timeout: patienceMs });
    expect((await run).stdout).toBe("sam@example.com\n");
    rmSync(folder, { recursive: true });
  });
});

describe("the curl script", () => {
  it("signs a person on in the sandbox", async () => {
    const { PATH = "" } = before;
    const env = { PATH: `${dirname(process.execPath)}:${PATH}`, API: api, PINGONE: pingone };
    const run = promisify(execFile)("sh", ["docs/curl/sign-on.sh"], {
      env: { ...env, SIMULATOR: `${new URL(pingone).origin}/_simulator` },
      timeout: patienceMs,
    });
    const lines = (await run).stdout.trim().split("\n");
    const claims = JSON.parse(lines.pop() ?? "");
    expect(lines).toEqual([
      "start: USERNAME_PASSWORD_REQUIRED",
      "password: OTP_REQUIRED",
      "otp: COMPLETED",
      "resume: RESUMED",
      "token: Bearer",
    ]);
    expect(claims).toMatchObject({ preferred_username: "sam@example.com" });
  });
});
