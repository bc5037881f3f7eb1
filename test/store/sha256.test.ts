import { createHash, createHmac } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { signingHash } from "../../lib/store/sha256.ts";

const Hash = signingHash();
const data = Buffer.from("what is signed", "utf8");

async function hashOf(secret?: ConstructorParameters<typeof Hash>[0]): Promise<string> {
  const hash = new Hash(secret);
  hash.update(data.subarray(0, 5));
  hash.update(data.subarray(5));
  const first = Buffer.from(await hash.digest()).toString("hex");
  hash.reset();
  hash.update(data);
  expect(Buffer.from(await hash.digest()).toString("hex")).toBe(first);
  return first;
}

function hmacOf(secret: string | Uint8Array): string {
  return createHmac("sha256", secret).update(data).digest("hex");
}

describe("the hash that signs requests to DynamoDB", () => {
  it("is SHA-256 without a secret", async () => {
    expect(await hashOf()).toBe(createHash("sha256").update(data).digest("hex"));
  });

  it("is HMAC-SHA256 under each of the secrets that it is given in turn", async () => {
    const whole = Buffer.from("0123456789abcdef", "utf8");
    const bytes = Uint8Array.from([1, 2, 3]);
    for (const secret of ["one", "other", "one", "ö", whole.subarray(3, 9), whole, bytes, bytes]) {
      expect(await hashOf(secret)).toBe(hmacOf(secret));
    }
    expect(await hashOf(Uint8Array.from([4, 5]).buffer)).toBe(hmacOf(Uint8Array.from([4, 5])));
  });

  it("signs as the SDK's own does, also when the credentials change", async () => {
    const day = Date.UTC(2026, 0, 15);
    for (const [at, secretAccessKey] of [
      [day, "first"],
      [day, "second"],
      [day + 86_400_000, "second"],
      [day, "first"],
    ] as const) {
      const signing = new Date(at);
      const usual = await signatureBy({}, signing, secretAccessKey);
      expect(usual).toMatch(/^[0-9a-f]{64}$/);
      expect(await signatureBy({ sha256: Hash }, signing, secretAccessKey)).toBe(usual);
    }
  });
});

/** Nothing is sent: the signature is all that is wanted of the request. */
async function signatureBy(
  settings: { readonly sha256?: typeof Hash },
  signingDate: Date,
  secretAccessKey: string,
): Promise<string | undefined> {
  const { config } = new DynamoDBClient({
    region: "eu-west-1",
    // The SDK keeps signing keys by their credentials: under one id either would take the other's.
    credentials: { accessKeyId: settings.sha256 === undefined ? "usual" : "ours", secretAccessKey },
    ...settings,
  });
  const signer = await config.signer();
  const request = {
    ...{
      method: "POST",
      protocol: "https:",
      hostname: "dynamodb.eu-west-1.amazonaws.com",
      path: "/",
      query: {},
    },
    headers: { host: "dynamodb.eu-west-1.amazonaws.com", "x-amz-target": "DynamoDB_20120810.GetItem" },
    body: '{"TableName":"flows"}',
  };
  const { headers } = await signer.sign(request, { signingDate });
  return headers["authorization"]?.replace(/^.*Signature=/, "");
}
