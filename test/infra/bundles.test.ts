import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { bundleOf } from "../../infra/bundles.ts";
import { type FunctionName, functionNames } from "../../infra/routes.ts";

const run = promisify(execFile);

const environment = {
  ENVIRONMENT: "bundled",
  TABLE_NAME: "flows",
  PINGONE_BASE_URL: "https://auth.pingone.eu/00000000-0000-4000-8000-000000000000",
  APPLICATIONS: JSON.stringify({
    mobile: { clientId: "a", redirectUri: "com.example.app://cb", scopes: ["openid"], policies: [] },
  }),
  AWS_REGION: "eu-west-1",
};

const script = `
  const { handler } = await import(process.argv[1]);
  const event = { httpMethod: "POST", headers: {}, body: "{", requestContext: { requestId: "request-1" } };
  const { statusCode, body } = await handler(event, {});
  process.stdout.write(JSON.stringify({ statusCode, code: JSON.parse(body).code }));
`;

/** Runs a bundle as Lambda would, where there is no node_modules to help it out. */
async function call(name: FunctionName): Promise<unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  try {
    cpSync(bundleOf(name), folder, { recursive: true });
    const { stdout } = await run(
      process.execPath,
      ["--input-type=module", "-e", script, join(folder, "index.mjs")],
      {
        cwd: folder,
        env: environment,
      },
    );
    return stdout.split("\n").map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the bundle of", () => {
  it.each(functionNames)("%s runs by itself, and writes one line with its metrics in it", async (name) => {
    const [line, reply] = await call(name);
    expect(reply).toEqual({ statusCode: 400, code: "request-invalid" });
    expect(line).toMatchObject({
      service: "sign-on",
      environment: "bundled",
      step: name,
      outcome: "request-invalid",
      totalMs: expect.any(Number),
      requests: 1,
      "request-invalid": 1,
      _aws: { CloudWatchMetrics: [{ Namespace: "SignOn" }] },
    });
  });

  it.each(functionNames)("%s is small and holds nothing of the sandbox", (name) => {
    const text = readFileSync(join(bundleOf(name), "index.mjs"), "utf8");
    expect(text.length).toBeLessThan(600_000);
    expect(text).not.toMatch(/simulator|passwordOnly|dynalite/);
  });
});
