import { createECDH, createHash, createPrivateKey, type KeyObject, sign, verify } from "node:crypto";
import * as z from "zod";

/** The domain that every passkey is for: that of pages on this machine. */
const relyingParty = "localhost";

/** A key pair that signs for one relying party: P-256, so ES256. */
export interface Passkey {
  readonly credentialId: Buffer;
  /** PKCS #8, as an authenticator can be given it. */
  readonly privateKey: KeyObject;
}

/** The passkey of that name: the same one every time, so that two processes can both have it. */
export function passkeyNamed(name: string): Passkey {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(sha256(`private key of ${name}`));
  const point = ecdh.getPublicKey();
  const text = (bytes: Buffer) => bytes.toString("base64url");
  const jwk = { kty: "EC", crv: "P-256", x: text(point.subarray(1, 33)), y: text(point.subarray(33)) };
  const key = createPrivateKey({ key: { ...jwk, d: text(ecdh.getPrivateKey()) }, format: "jwk" });
  return { credentialId: sha256(`credential of ${name}`), privateKey: key };
}

/** What an authenticator signs, whoever asks: for which page, and the challenge in base64url. */
interface Ceremony {
  readonly origin: string;
  readonly challenge: string;
}

/**
 * What a browser's `PublicKeyCredential.toJSON()` gives once the person has agreed.
 *
 * https://www.w3.org/TR/webauthn-3/#sctn-op-get-assertion
 */
export function assertionBy({ credentialId, privateKey }: Passkey, { origin, challenge }: Ceremony) {
  const data = { type: "webauthn.get", challenge, origin, crossOrigin: false };
  const clientData = Buffer.from(JSON.stringify(data));
  // Present and verified, and a counter that doesn't count.
  const authenticatorData = Buffer.concat([sha256(relyingParty), Buffer.from([0b101, 0, 0, 0, 0])]);
  const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
  const id = credentialId.toString("base64url");
  return {
    ...{ id, rawId: id, type: "public-key" as const },
    response: {
      clientDataJSON: clientData.toString("base64url"),
      authenticatorData: authenticatorData.toString("base64url"),
      signature: sign("sha256", signed, privateKey).toString("base64url"),
      userHandle: null,
    },
  };
}

/** How long a person has to use a passkey: milliseconds (docs/pingone.md §8.2 (4)). */
export const answerMs = 120_000;

/** PingOne's `publicKeyCredentialRequestOptions`: a text, with bytes as the switch `fidoBytes` has them. */
export function requestOptions(
  passkeys: readonly Passkey[],
  challenge: Buffer,
  { fidoBytes }: { readonly fidoBytes: "arrays" | "base64" | "base64url" },
): string {
  const written = (bytes: Buffer) =>
    fidoBytes === "arrays" ? [...new Int8Array(bytes)] : bytes.toString(fidoBytes);
  return JSON.stringify({
    challenge: written(challenge),
    timeout: answerMs,
    rpId: relyingParty,
    allowCredentials: passkeys.map(({ credentialId }) => ({ type: "public-key", id: written(credentialId) })),
    userVerification: "preferred",
  });
}

/** Base64 with padding: anything else is refused. */
const Base64 = z
  .string()
  .min(1)
  .refine((text) => Buffer.from(text, "base64").toString("base64") === text)
  .transform((text) => Buffer.from(text, "base64"));

const Sent = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]+$/),
  rawId: Base64,
  type: z.literal("public-key"),
  response: z.strictObject({
    clientDataJSON: Base64,
    authenticatorData: Base64,
    signature: Base64,
    userHandle: Base64.nullable(),
  }),
});

const ClientData = z.looseObject({
  type: z.literal("webauthn.get"),
  challenge: z.string(),
  origin: z.string(),
});

/** What is asked of an assertion. */
interface Expected {
  readonly passkeys: readonly Passkey[];
  readonly challenge: Buffer;
}

/**
 * What is wrong with an assertion: the member of `assertion.check` that is at fault, or nothing.
 *
 * https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
 */
export function assertionFault(
  { origin, assertion }: { readonly origin: string; readonly assertion: string },
  { passkeys, challenge }: Expected,
): "assertion" | "origin" | undefined {
  const sent = Sent.safeParse(jsonOf(assertion)).data;
  const data = ClientData.safeParse(jsonOf(sent?.response.clientDataJSON.toString("utf8") ?? "")).data;
  if (sent === undefined || data === undefined) return "assertion";
  if (data.origin !== origin || !isOwnOrigin(origin)) return "origin";
  const { authenticatorData, clientDataJSON, signature } = sent.response;
  const passkey = passkeys.find(({ credentialId }) => credentialId.equals(sent.rawId));
  const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)]);
  const isRight =
    passkey !== undefined &&
    data.challenge === challenge.toString("base64url") &&
    authenticatorData.subarray(0, 32).equals(sha256(relyingParty)) &&
    ((authenticatorData[32] ?? 0) & 1) === 1 &&
    verify("sha256", signed, passkey.privateKey, signature);
  return isRight ? undefined : "assertion";
}

/** A page of this machine, or an app, which names a key in the place of a domain. */
function isOwnOrigin(origin: string): boolean {
  return origin.startsWith("android:apk-key-hash:") || URL.parse(origin)?.hostname === relyingParty;
}

function sha256(data: Buffer | string): Buffer {
  return createHash("sha256").update(data).digest();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
