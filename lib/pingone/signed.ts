import { createHmac, randomUUID } from "node:crypto";
import type { Application } from "../flow/application.ts";
import type { ClientSecrets } from "../flow/client-secrets.ts";
import type { DeviceContext, StartCommand } from "../flow/provider.ts";
import type { SigningKey } from "../flow/signing-key.ts";
import type { SignedParameters } from "./requests.ts";

/** How long PingOne may take what is signed for the right one: seconds. */
const lifeSeconds = 60;

/** What is signed for a start, and with what. */
export interface SignedStart {
  readonly parameters: SignedParameters;
  /** Whether the application's secret was needed. */
  readonly isBySecret: boolean;
}

/** What signs for applications, and when. */
export interface Means {
  readonly secrets: ClientSecrets;
  /** Gives the key by which applications sign that say so. */
  readonly signingKey: (() => Promise<SigningKey>) | undefined;
  /** `{base}/as`. */
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Signs what a start tells PingOne (docs/pingone.md §9). A `login_hint_token` names a person: whoever has one
 * can begin a flow as that person, so no client ever sees it. A `request` tells the person's address, where
 * PingOne would see only ours.
 *
 * @returns nothing where a signature can't be had
 */
export async function signStart(
  command: StartCommand,
  device: DeviceContext,
  means: Means,
): Promise<SignedStart | undefined> {
  const wanted = wantedFor(command, device, means);
  const isBySecret = wanted.some(({ by }) => by === "client-secret");
  const secret = isBySecret ? signerBySecret(command, means) : undefined;
  const signed = await Promise.all(
    wanted.map(async ({ name, claims, by }) => {
      const token = await jwt(claims, await (by === "kms" ? signerByKey(means) : secret));
      return token === undefined ? [] : [[name, token] as const];
    }),
  );
  const parameters = signed.flat();
  if (parameters.length < wanted.length) return undefined;
  return { parameters: Object.fromEntries(parameters), isBySecret };
}

type Claims = Readonly<Record<string, number | string>>;

/** A parameter that is to be signed. */
interface Wanted {
  readonly name: keyof SignedParameters;
  readonly by: NonNullable<Application["signedRequest"]>;
  readonly claims: Claims;
}

function wantedFor(
  { application, subject }: StartCommand,
  { address }: DeviceContext,
  { issuer, now }: Means,
): Wanted[] {
  const { clientId, signedRequest } = application;
  const iat = Math.floor(now / 1_000);
  const common = () => ({ iss: clientId, aud: issuer, iat, exp: iat + lifeSeconds, jti: randomUUID() });
  const hint = (sub: string): Wanted => {
    const claims = { sub, nbf: iat - lifeSeconds, ...common() };
    return { name: "login_hint_token", by: "client-secret", claims };
  };
  return [
    ...(subject === undefined ? [] : [hint(subject)]),
    ...(signedRequest === undefined || address === undefined
      ? []
      : [{ name: "request", by: signedRequest, claims: { "pi.remoteIp": address, ...common() } } as const]),
  ];
}

/** What makes a JWT's signature, and what its header says of that (RFC 7515 §4.1). */
interface Signer {
  readonly header: { readonly alg: "HS256" } | { readonly alg: "RS256"; readonly kid: string };
  readonly sign: (text: string) => Promise<Uint8Array | undefined>;
}

async function signerBySecret(
  { applicationName }: StartCommand,
  { secrets }: Means,
): Promise<Signer | undefined> {
  const secret = await secrets.of(applicationName);
  if (secret === undefined) return undefined;
  const sign = async (text: string) => createHmac("sha256", secret).update(text, "utf8").digest();
  return { header: { alg: "HS256" }, sign };
}

async function signerByKey({ signingKey }: Means): Promise<Signer | undefined> {
  const key = await signingKey?.();
  return key && { header: { alg: "RS256", kid: key.kid }, sign: key.sign };
}

/** A JWT in its compact form (RFC 7519 §7.1, RFC 7515 §7.1); nothing where nobody signs it. */
async function jwt(claims: Claims, signer: Signer | undefined): Promise<string | undefined> {
  if (signer === undefined) return undefined;
  const input = `${encoded({ ...signer.header, typ: "JWT" })}.${encoded(claims)}`;
  const signature = await signer.sign(input);
  return signature && `${input}.${Buffer.from(signature).toString("base64url")}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part), "utf8").toString("base64url");
}
