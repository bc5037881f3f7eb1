import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { budgetsFor } from "../../lib/flow/budgets.ts";
import { StoreUnavailable } from "../../lib/flow/store.ts";
import { createKmsHash } from "../../lib/store/keyed-hash.ts";
import type { JsonService } from "../local/aws/json-service.ts";
import { startKms } from "../local/aws/kms.ts";
import { patienceMs, until } from "../support/patience.ts";
import { standInAws, standInHashKey } from "../support/stand-in.ts";

let kms: JsonService;
let before = 0;
const asked = () => kms.calls.length - before;

beforeAll(async () => {
  kms = await startKms([standInHashKey]);
  vi.stubEnv("AWS_ENDPOINT_URL_KMS", kms.endpoint);
  vi.stubEnv("AWS_REGION", standInAws.region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", standInAws.credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", standInAws.credentials.secretAccessKey);
});
afterEach(() => kms.clear());
afterAll(async () => {
  vi.unstubAllEnvs();
  await kms.stop();
});

function newHash() {
  before = kms.calls.length;
  const budgets = { ...budgetsFor(8_000), storeTryMs: patienceMs, storeMs: patienceMs };
  return createKmsHash({ environment: "test", keyArn: standInHashKey, budgets });
}

describe("keyed hashes under a key of KMS", () => {
  it("ask for the key once, however many there are", async () => {
    const hash = newHash();
    const [one, same, other] = await Promise.all([hash.of("a", "b"), hash.of("a", "b"), hash.of("ab")]);
    expect(one).toHaveLength(32);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    expect(asked()).toBe(1);
  });

  it("use the key that was asked for before the first of them", async () => {
    const hash = newHash();
    hash.prepare();
    await until("the key to be asked for", () => asked() === 1);
    await hash.of("a");
    hash.prepare();
    expect(asked()).toBe(1);
  });

  it("ask anew after a failure that nobody waited for", async () => {
    const hash = newHash();
    kms.plan({ kind: "refused", name: "AccessDeniedException" });
    hash.prepare();
    await until("the refusal", () => kms.calls.at(-1)?.error !== undefined && asked() === 1);
    await hash.of("a");
    expect(asked()).toBe(2);
  });

  it("ask anew where the failure of what was begun early comes while they wait", async () => {
    const hash = newHash();
    kms.plan({ kind: "refused", name: "AccessDeniedException" });
    hash.prepare();
    await Promise.all([hash.of("a"), hash.of("b")]);
    expect(asked()).toBe(2);
  });

  it("fail with the one request that met an outage", async () => {
    const hash = newHash();
    kms.plan({ kind: "refused", name: "KMSInternalException", status: 500 }, 2);
    await expect(hash.of("a")).rejects.toThrow(StoreUnavailable);
    await hash.of("a");
    expect(asked()).toBe(3);
  });
});
