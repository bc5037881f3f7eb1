import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
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

const signingAlgorithm = "RSASSA_PKCS1_V1_5_SHA_256";

const SignInput = z.strictObject({
  KeyId: z.string().min(1).max(2_048),
  Message: Base64.refine(({ length }) => length >= 1 && length <= mostBytes),
  MessageType: z.literal("RAW"),
  SigningAlgorithm: z.literal(signingAlgorithm),
});

const GetPublicKeyInput = z.strictObject({ KeyId: z.string().min(1).max(2_048) });

interface Key {
  readonly arn: string;
  readonly material: Buffer;
  readonly alias: string | undefined;
  /** Made when it is first needed: that takes a while. */
  pair?: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
}

/**
 * A stand-in for KMS with one key for each ARN: `Encrypt` and `Decrypt`, AES-256-GCM, and the encryption
 * context as additional data, so that another context can't decrypt; `GenerateMac`; and, by RSA, `Sign`
 * and `GetPublicKey`. What kind of key it is, is not held against a call.
 *
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 *
 * @param aliases of some of the ARNs
 */
export function startKms(
  arns: readonly string[],
  listener?: Listener,
  aliases: ReadonlyMap<string, string> = new Map(),
): Promise<JsonService> {
  const keys = arns.map((arn): Key => ({ arn, material: randomBytes(32), alias: aliases.get(arn) }));
  return serveJson({
    target: "TrentService",
    contentType: "application/x-amz-json-1.1",
    signingName: "kms",
    listener,
    operations: new Map([
      ["Encrypt", (input) => encrypt(keys, read(EncryptInput, input))],
      ["Decrypt", (input) => decrypt(keys, read(DecryptInput, input))],
      ["GenerateMac", (input) => generateMac(keys, read(GenerateMacInput, input))],
      ["Sign", (input) => signed(keys, read(SignInput, input))],
      ["GetPublicKey", (input) => publicKey(keys, read(GetPublicKeyInput, input))],
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

function signed(keys: readonly Key[], input: z.output<typeof SignInput>): object {
  const key = keyNamed(keys, input.KeyId);
  const signature = sign("sha256", input.Message, pairOf(key).privateKey).toString("base64");
  return { KeyId: key.arn, Signature: signature, SigningAlgorithm: signingAlgorithm };
}

function publicKey(keys: readonly Key[], { KeyId }: z.output<typeof GetPublicKeyInput>): object {
  const key = keyNamed(keys, KeyId);
  const der = pairOf(key).publicKey.export({ format: "der", type: "spki" });
  return {
    KeyId: key.arn,
    PublicKey: der.toString("base64"),
    KeySpec: "RSA_2048",
    KeyUsage: "SIGN_VERIFY",
    SigningAlgorithms: [signingAlgorithm],
  };
}

function pairOf(key: Key): NonNullable<Key["pair"]> {
  key.pair ??= generateKeyPairSync("rsa", { modulusLength: 2_048 });
  return key.pair;
}

function keyNamed(keys: readonly Key[], id: string): Key {
  const key = keys.find(({ arn, alias }) => arn === id || alias === id || arn.endsWith(`:key/${id}`));
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
