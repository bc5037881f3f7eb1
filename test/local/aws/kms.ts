import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import * as z from "zod";
import { AwsRefusal, type JsonService, type Listener, read, serveJson } from "./json-service.ts";

/** What KMS encrypts in one call: bytes. */
const mostBytes = 4_096;
const nonceBytes = 12;
const tagBytes = 16;

const Context = z.record(z.string(), z.string()).default({});
const Base64 = z.base64().transform((value) => Buffer.from(value, "base64"));

const EncryptInput = z.strictObject({
  KeyId: z.string().min(1).max(2_048),
  Plaintext: Base64.refine(({ length }) => length >= 1 && length <= mostBytes),
  EncryptionContext: Context,
  EncryptionAlgorithm: z.literal("SYMMETRIC_DEFAULT").optional(),
});

const DecryptInput = z.strictObject({
  CiphertextBlob: Base64.refine(({ length }) => length >= 1 && length <= 6_144),
  EncryptionContext: Context,
  KeyId: z.string().min(1).max(2_048).optional(),
  EncryptionAlgorithm: z.literal("SYMMETRIC_DEFAULT").optional(),
});

const GenerateMacInput = z.strictObject({
  KeyId: z.string().min(1).max(2_048),
  MacAlgorithm: z.literal("HMAC_SHA_256"),
  Message: Base64.refine(({ length }) => length >= 1 && length <= mostBytes),
});

interface Key {
  readonly arn: string;
  readonly material: Buffer;
}

/**
 * A stand-in for KMS with one key for each ARN: `Encrypt` and `Decrypt`, AES-256-GCM, and the encryption
 * context as additional data, so that another context can't decrypt; and `GenerateMac`. What kind of key it
 * is, is not held against a call.
 *
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */
export function startKms(arns: readonly string[], listener?: Listener): Promise<JsonService> {
  const keys = arns.map((arn): Key => ({ arn, material: randomBytes(32) }));
  return serveJson({
    target: "TrentService",
    contentType: "application/x-amz-json-1.1",
    signingName: "kms",
    listener,
    operations: new Map([
      ["Encrypt", (input) => encrypt(keys, read(EncryptInput, input))],
      ["Decrypt", (input) => decrypt(keys, read(DecryptInput, input))],
      ["GenerateMac", (input) => generateMac(keys, read(GenerateMacInput, input))],
    ]),
  });
}

/** The blob tells which key it was made with: its number, then nonce, tag and what was encrypted. */
function encrypt(keys: readonly Key[], input: z.output<typeof EncryptInput>): object {
  const key = keyNamed(keys, input.KeyId);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key.material, nonce);
  cipher.setAAD(canonical(input.EncryptionContext));
  const encrypted = Buffer.concat([cipher.update(input.Plaintext), cipher.final()]);
  const blob = Buffer.concat([Buffer.from([keys.indexOf(key)]), nonce, cipher.getAuthTag(), encrypted]);
  return {
    KeyId: key.arn,
    CiphertextBlob: blob.toString("base64"),
    EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
  };
}

function decrypt(keys: readonly Key[], input: z.output<typeof DecryptInput>): object {
  const blob = input.CiphertextBlob;
  const key = keys[blob[0] ?? -1];
  if (key === undefined || blob.length <= 1 + nonceBytes + tagBytes) throw invalidCiphertext();
  if (input.KeyId !== undefined && keyNamed(keys, input.KeyId) !== key) {
    throw new AwsRefusal("IncorrectKeyException", "The key is not the one that encrypted.");
  }
  const body = 1 + nonceBytes + tagBytes;
  const decipher = createDecipheriv("aes-256-gcm", key.material, blob.subarray(1, 1 + nonceBytes));
  decipher.setAAD(canonical(input.EncryptionContext)).setAuthTag(blob.subarray(1 + nonceBytes, body));
  return {
    KeyId: key.arn,
    Plaintext: opened(() =>
      Buffer.concat([decipher.update(blob.subarray(body)), decipher.final()]).toString("base64"),
    ),
    EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
  };
}

function generateMac(keys: readonly Key[], input: z.output<typeof GenerateMacInput>): object {
  const { arn, material } = keyNamed(keys, input.KeyId);
  const mac = createHmac("sha256", material).update(input.Message).digest("base64");
  return { KeyId: arn, Mac: mac, MacAlgorithm: input.MacAlgorithm };
}

function keyNamed(keys: readonly Key[], id: string): Key {
  const key = keys.find(({ arn }) => arn === id || arn.endsWith(`:key/${id}`));
  if (key === undefined) throw new AwsRefusal("NotFoundException", `Key '${id}' does not exist`);
  return key;
}

function canonical(context: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    JSON.stringify(Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
}

function opened(open: () => string): string {
  try {
    return open();
  } catch {
    throw invalidCiphertext();
  }
}

function invalidCiphertext(): AwsRefusal {
  return new AwsRefusal("InvalidCiphertextException", "");
}
