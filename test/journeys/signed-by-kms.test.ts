import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { checkEnvironment } from "../../infra/environment-check.ts";
import { dev } from "../../infra/environments/dev.ts";
import { jwks } from "../../infra/jwks/jwks.ts";
import { signingKeyAlias } from "../../infra/keys/signing-key-alias.ts";
import { createSigningKey } from "../../lib/aws/signing-key.ts";
import { budgetsFor } from "../../lib/flow/budgets.ts";
import type { SigningKey } from "../../lib/flow/signing-key.ts";
import { kidOf } from "../../lib/signing-key-names.ts";
import type { JsonService } from "../local/aws/json-service.ts";
import { startKms } from "../local/aws/kms.ts";
import { callApi } from "../support/flow-client.ts";
import { patienceMs } from "../support/patience.ts";
import { createProduct, type Product } from "../support/product.ts";
import { standInAws, standInSigningKey } from "../support/stand-in.ts";

const kiosk = {
  clientId: "signs-by-a-key-of-kms",
  redirectUri: "https://kiosk.example/back",
  scopes: ["openid"],
  policies: ["Single_Factor"],
};
const kid = kidOf(standInSigningKey);

/** Signs over a socket, as the functions do, in the time that a test gives. */
function keyWithin(ms: number) {
  const budgets = { ...budgetsFor(8_000), storeTryMs: ms, storeMs: ms };
  return createSigningKey({ keyArn: standInSigningKey, budgets });
}

let kms: JsonService;
let product: Product;
/** What `npm run jwks` prints, and so what is registered at PingOne. */
let published: string;
let key: SigningKey;

beforeAll(async () => {
  const alias = signingKeyAlias("dev", "2026");
  kms = await startKms([standInSigningKey], undefined, new Map([[standInSigningKey, alias]]));
  vi.stubEnv("AWS_ENDPOINT_URL_KMS", kms.endpoint);
  vi.stubEnv("AWS_REGION", standInAws.region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", standInAws.credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", standInAws.credentials.secretAccessKey);
  key = keyWithin(patienceMs);
  product = await createProduct(
    {
      APPLICATIONS: JSON.stringify({ kiosk: { ...kiosk, signedRequest: "kms" } }),
      SIGNING_KEY_ARN: standInSigningKey,
    },
    {
      signingKey: async () => key,
      secrets: { of: () => Promise.reject(new Error("It has none.")), forget: () => undefined },
    },
  );
  const status = await jwks(["-c", "env=dev"], {
    environmentNamed: () => checkEnvironment({ ...dev, signingKeys: ["2026"] }),
    aws: { ...standInAws, endpoint: kms.endpoint },
    print: (line) => {
      published = line;
    },
    complain: () => undefined,
  });
  expect(status).toBe(0);
  const body = JSON.stringify({
    clientId: kiosk.clientId,
    redirectUris: [kiosk.redirectUri],
    jwks: published,
  });
  const init = { method: "POST", body };
  expect((await fetch(`${product.simulator.origin}/_simulator/applications`, init)).status).toBe(201);
});
afterEach(() => {
  kms.clear();
  key = keyWithin(patienceMs);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await product.close();
  await kms.stop();
});

/** What PingOne was told under a signature since so many calls. */
function toldSince(count: number): (string | null)[] {
  return product.simulator.calls.slice(count).map(({ body }) => new URLSearchParams(body).get("request"));
}

const unsent = { error: "upstream-unavailable", retryable: true };

describe("a start for an application that signs by a key of KMS", () => {
  it("tells PingOne the person's address, in what the published key verifies", async () => {
    const before = product.simulator.calls.length;
    expect((await product.client().start()).http).toBe(201);
    const [request] = toldSince(before);
    const { payload, protectedHeader } = await jwtVerify(
      request ?? "",
      createLocalJWKSet(JSON.parse(published)),
      {
        issuer: kiosk.clientId,
        audience: `${product.simulator.baseUrl}/as`,
        currentDate: new Date(product.clock.now()),
        maxTokenAge: 60,
      },
    );
    expect(protectedHeader).toEqual({ alg: "RS256", kid, typ: "JWT" });
    expect(payload["pi.remoteIp"]).toBe("127.0.0.1");
  });

  it("leaves nothing of that in the log", async () => {
    const before = product.simulator.calls.length;
    await product.client().start();
    const [request = ""] = toldSince(before);
    const lines = JSON.stringify(product.log);
    for (const part of [...(request ?? "").split("."), kid, standInSigningKey, "127.0.0.1"]) {
      expect(part.length).toBeGreaterThan(8);
      expect(lines).not.toContain(part);
    }
  });

  it.each([
    ["a missing right", "AccessDeniedException", 400, 1],
    ["a key that is switched off", "DisabledException", 400, 1],
    ["a key that is to be deleted", "KMSInvalidStateException", 400, 1],
    ["a key that is gone", "NotFoundException", 400, 1],
    ["trouble of its own", "KMSInternalException", 500, 2],
  ])("asks PingOne nothing when KMS tells of %s, and can be repeated", async (_, name, status, tries) => {
    const before = product.simulator.calls.length;
    kms.plan({ kind: "refused", name, status }, tries);
    const client = product.client();
    const refused = await client.start();
    expect([refused.http, refused.body]).toMatchObject([503, unsent]);
    expect(product.simulator.calls).toHaveLength(before);
    expect((await client.start()).http).toBe(201);
  });

  it("asks PingOne nothing when KMS can't be reached", async () => {
    const before = product.simulator.calls.length;
    kms.plan({ kind: "unreached" }, 2);
    expect((await product.client().start()).body).toMatchObject(unsent);
    expect(product.simulator.calls).toHaveLength(before);
  });

  it("asks PingOne nothing when KMS takes longer than there is time", async () => {
    const before = product.simulator.calls.length;
    const answered = Promise.withResolvers<void>();
    kms.plan({ kind: "delayed", until: answered.promise }, 2);
    key = keyWithin(40);
    expect((await product.client().start()).body).toMatchObject(unsent);
    expect(product.simulator.calls).toHaveLength(before);
    answered.resolve();
  });

  it("is the same start when it is repeated under its key after KMS has failed", async () => {
    const body = { codeChallenge: product.client().pkce.challenge };
    const headers = { "idempotency-key": '"a key that was drawn for this"' };
    kms.plan({ kind: "refused", name: "DisabledException" });
    const refused = await callApi(product.api, "POST", "/flows", { body, headers });
    expect(refused.body).toMatchObject(unsent);
    expect((await callApi(product.api, "POST", "/flows", { body, headers })).http).toBe(201);
  });
});
