import { createPublicKey, verify } from "node:crypto";
import {
  DecryptCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  KMSClient,
  NotFoundException,
  SignCommand,
  type SignCommandInput,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standInAws } from "../../support/stand-in.ts";
import type { JsonService } from "./json-service.ts";
import { startKms } from "./kms.ts";

const KeyId = "arn:aws:kms:eu-west-1:000000000000:key/one";
const otherKey = "arn:aws:kms:eu-west-1:000000000000:key/other";
const EncryptionContext = { purpose: "test", flowId: "1" };
const secret = Buffer.from("a secret");

let kms: JsonService;
let client: KMSClient;
beforeAll(async () => {
  kms = await startKms([KeyId, otherKey]);
  client = new KMSClient({ ...standInAws, endpoint: kms.endpoint, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await kms.stop();
});

const encrypt = (Plaintext: Uint8Array = secret) =>
  client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));

describe("the stand-in for KMS", () => {
  it("decrypts what it encrypted, under the same context in any order", async () => {
    const { CiphertextBlob, KeyId: used } = await encrypt();
    const again = { flowId: "1", purpose: "test" };
    const opened = await client.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext: again }));
    expect([used, opened.KeyId]).toEqual([KeyId, KeyId]);
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(secret);
    expect(Buffer.from(CiphertextBlob ?? []).includes(secret)).toBe(false);
  });

  it("encrypts the same differently each time", async () => {
    const [one, other] = await Promise.all([encrypt(), encrypt()]);
    expect(one.CiphertextBlob).not.toEqual(other.CiphertextBlob);
  });

  it.each([
    ["another value", { ...EncryptionContext, flowId: "2" }],
    ["one member more", { ...EncryptionContext, more: "" }],
    ["one member less", { purpose: "test" }],
    ["no member", {}],
  ])("decrypts under no other context: %s", async (_, other) => {
    const { CiphertextBlob } = await encrypt();
    const opening = client.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext: other }));
    await expect(opening).rejects.toThrow(InvalidCiphertextException);
  });

  it("decrypts nothing that was tampered with or is none of its own", async () => {
    const { CiphertextBlob = new Uint8Array() } = await encrypt();
    const changed = CiphertextBlob.map((byte, index) =>
      index === CiphertextBlob.length - 1 ? byte ^ 1 : byte,
    );
    for (const blob of [changed, CiphertextBlob.subarray(0, 20), Buffer.from("none")]) {
      const opening = client.send(new DecryptCommand({ CiphertextBlob: blob, EncryptionContext }));
      await expect(opening).rejects.toThrow(InvalidCiphertextException);
    }
  });

  it("holds its keys apart, and knows no others", async () => {
    const { CiphertextBlob } = await encrypt();
    const byOther = new DecryptCommand({ KeyId: otherKey, CiphertextBlob, EncryptionContext });
    await expect(client.send(byOther)).rejects.toThrow(IncorrectKeyException);
    const unknown = new EncryptCommand({ KeyId: `${KeyId}-unknown`, Plaintext: secret });
    await expect(client.send(unknown)).rejects.toThrow(NotFoundException);
  });

  const signature = (changes: Partial<SignCommandInput> = {}) =>
    client.send(
      new SignCommand({
        ...{ KeyId, Message: secret, MessageType: "RAW", SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256" },
        ...changes,
      }),
    );

  it("signs by a key whose public half it tells", async () => {
    const { Signature } = await signature();
    const verifiedBy = async (id: string) => {
      const { PublicKey = new Uint8Array() } = await client.send(new GetPublicKeyCommand({ KeyId: id }));
      const key = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
      return verify("sha256", secret, key, Signature ?? new Uint8Array());
    };
    expect([await verifiedBy(KeyId), await verifiedBy(otherKey)]).toEqual([true, false]);
  });

  it("signs at most 4,096 bytes, by one algorithm", async () => {
    const refused = { name: "ValidationException" };
    await expect(signature({ Message: new Uint8Array(4_097) })).rejects.toMatchObject(refused);
    await expect(signature({ SigningAlgorithm: "RSASSA_PSS_SHA_256" })).rejects.toMatchObject(refused);
  });

  it("encrypts at most 4,096 bytes", async () => {
    await expect(encrypt(new Uint8Array(4_096))).resolves.toMatchObject({ KeyId });
    await expect(encrypt(new Uint8Array(4_097))).rejects.toMatchObject({ name: "ValidationException" });
  });
});
