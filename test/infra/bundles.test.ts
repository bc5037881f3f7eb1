import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { bundleOf } from "../../infra/bundles.ts";
import { alwaysHashes, type OperationName, operationNames } from "../../lib/operation/names.ts";
import type { JsonService } from "../local/aws/json-service.ts";
import { startKms } from "../local/aws/kms.ts";
import { standInHashKey, standInSigningKey } from "../support/stand-in.ts";

const run = promisify(execFile);

const environment = {
  ENVIRONMENT: "bundled",
  TABLE_NAME: "flows",
  PINGONE_BASE_URL: "https://auth.pingone.eu/00000000-0000-4000-8000-000000000000",
  APPLICATIONS: JSON.stringify({
    mobile: { clientId: "a", redirectUri: "com.example.app://cb", scopes: ["openid"], policies: [] },
  }),
  HASH_KEY_ARN: standInHashKey,
  ...{ AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" },
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
};

let kms: JsonService;
beforeAll(async () => {
  kms = await startKms([standInHashKey, standInSigningKey]);
});
afterAll(() => kms.stop());

const script = `
  const { handler } = await import(process.argv[1]);
  const requestContext = { requestId: "request-1", identity: { sourceIp: "203.0.113.7" } };
  const headers = { "content-type": "application/json" };
  const event = { httpMethod: "POST", headers, body: process.argv[2], requestContext };
  const { statusCode, body } = await handler(event, {});
  process.stdout.write(JSON.stringify({ statusCode, error: JSON.parse(body).error }));
`;

/** Runs a bundle as Lambda would, where there is no node_modules to help it out. */
async function call(
  name: OperationName,
  body = "{",
  variables: Readonly<Record<string, string>> = {},
): Promise<unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  try {
    cpSync(bundleOf(name), folder, { recursive: true });
    const { stdout } = await run(
      process.execPath,
      ["--input-type=module", "-e", script, join(folder, "index.mjs"), body],
      {
        cwd: folder,
        env: { ...environment, ...variables, AWS_ENDPOINT_URL_KMS: kms.endpoint },
      },
    );
    return stdout.split("\n").map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function textOf(name: OperationName, file: string): string {
  return readFileSync(join(bundleOf(name), file), "utf8");
}

/** A file and all that it can't be loaded without. */
function loadedBy(name: OperationName, file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, other = ""] of textOf(name, file).matchAll(/(?:from|import)"\.\/([^"]+)"/g)) {
    loadedBy(name, other, found);
  }
  return found;
}

/** All of a bundle, and what is read of it before the first request. */
const mostBytes = 430 * 1024;
const mostColdBytes = 300 * 1024;

// Building takes the machine's time, not a test's.
beforeAll(() => {
  for (const name of operationNames) bundleOf(name);
});

describe("the bundle of", () => {
  it.each(operationNames)("%s runs by itself, and writes one line with its metrics in it", async (name) => {
    const [line, reply] = await call(name);
    expect(reply).toEqual({ statusCode: 400, error: "request-invalid" });
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

  it.each(operationNames)(
    "%s asks for the key that names are hashed under where it always needs it",
    async (name) => {
      const before = kms.calls.length;
      await call(name);
      const asked = kms.calls.slice(before).map(({ operation }) => operation);
      expect(asked).toEqual(alwaysHashes(name) ? ["GenerateMac"] : []);
    },
  );

  it("start has a key of KMS sign for an application that says so, before it asks PingOne", async () => {
    const { mobile } = z.object({ mobile: z.looseObject({}) }).parse(JSON.parse(environment.APPLICATIONS));
    const before = kms.calls.length;
    const [, reply] = await call("start", JSON.stringify({ codeChallenge: "a".repeat(43) }), {
      APPLICATIONS: JSON.stringify({ mobile: { ...mobile, signedRequest: "kms" } }),
      SIGNING_KEY_ARN: standInSigningKey,
      PINGONE_BASE_URL: `http://127.0.0.1:1/${environment.PINGONE_BASE_URL.slice(-36)}`,
    });
    expect(reply).toEqual({ statusCode: 503, error: "upstream-unavailable" });
    const asked = kms.calls.slice(before).map(({ operation, input: { Message: _, ...rest } }) => ({
      operation,
      ...rest,
    }));
    expect(asked.slice(0, 1)).toEqual([
      {
        ...{ operation: "Sign", KeyId: standInSigningKey },
        ...{ MessageType: "RAW", SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256" },
      },
    ]);
  });

  it.each(operationNames)("%s is small and holds nothing of the sandbox", (name) => {
    const text = readdirSync(bundleOf(name))
      .map((file) => textOf(name, file))
      .join("");
    expect(text.length).toBeLessThan(mostBytes);
    expect(text).not.toMatch(/simulator|passwordOnly|dynalite/);
  });

  it.each(operationNames)("%s reads few bytes at a cold start", (name) => {
    const atOnce = [...loadedBy(name, "index.mjs")].map((file) => textOf(name, file).length);
    expect(atOnce.reduce((sum, length) => sum + length, 0)).toBeLessThan(mostColdBytes);
  });

  it.each(operationNames)(
    "%s loads the AWS clients of workflows when they are needed, not before",
    (name) => {
      const atOnce = loadedBy(name, "index.mjs");
      const later = readdirSync(bundleOf(name)).filter((file) => !atOnce.has(file));
      const clients = (files: Iterable<string>) =>
        [...files].flatMap(
          (file) =>
            textOf(name, file).match(/TrentService|GetSecretValue|SendTask(?:Success|Failure)/g) ?? [],
        );
      expect(new Set(clients(later))).toEqual(
        new Set(["TrentService", "GetSecretValue", "SendTaskSuccess", "SendTaskFailure"]),
      );
      expect(clients(atOnce)).toEqual([]);
    },
  );
});
