import { createPublicKey } from "node:crypto";
import { parseArgs } from "node:util";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { kidOf } from "../../lib/signing-key-names.ts";
import { type Environment, EnvironmentRefused } from "../environment.ts";
import { signingKeyAlias } from "../keys/signing-key-alias.ts";

/** What the command does its work with. */
export interface Means {
  readonly environmentNamed: (name: string | undefined) => Environment;
  /** How KMS is reached. What isn't given comes from where the SDK looks: variables, profiles, roles. */
  readonly aws: {
    readonly endpoint?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** A public key as PingOne takes it (RFC 7517 §4). */
interface PublicJwk {
  readonly kty: "RSA";
  readonly use: "sig";
  readonly alg: "RS256";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** There is no key set to print: the message is one sentence for whoever asked. */
class JwksRefused extends Error {
  override readonly name = "JwksRefused";
}

/**
 * Prints the JWKS (RFC 7517 §5) of an environment's signing keys, on one line. It only reads.
 *
 * @returns the exit status
 */
export async function jwks(
  args: readonly string[],
  { environmentNamed, aws, print, complain }: Means,
): Promise<0 | 1> {
  try {
    print(JSON.stringify({ keys: await publicKeys(environmentNamed(nameIn(args)), aws) }));
    return 0;
  } catch (error) {
    if (!(error instanceof JwksRefused || error instanceof EnvironmentRefused)) throw error;
    complain(error.message);
    return 1;
  }
}

/** The name in `-c env=…`. */
function nameIn(args: readonly string[]): string | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { context: { type: "string", short: "c" } } });
    return /^env=(.*)$/.exec(values.context ?? "")?.[1];
  } catch {
    throw new JwksRefused("Usage: npm run jwks -- -c env=dev");
  }
}

async function publicKeys(environment: Environment, aws: Means["aws"]): Promise<readonly PublicJwk[]> {
  const { name, region, account, endpoint, signingKeys = [] } = environment;
  if (signingKeys.length === 0) {
    throw new JwksRefused(
      `The environment ${name} has no signing keys: list them in its setting signingKeys.`,
    );
  }
  const kms = new KMSClient({ region, ...(endpoint === undefined ? {} : { endpoint }), ...aws });
  try {
    return await Promise.all(
      signingKeys.map((label) => publicKey(kms, signingKeyAlias(name, label), account)),
    );
  } finally {
    kms.destroy();
  }
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html */
async function publicKey(kms: KMSClient, alias: string, account: string | undefined): Promise<PublicJwk> {
  const found = await kms.send(new GetPublicKeyCommand({ KeyId: alias })).catch((error: unknown) => {
    throw new JwksRefused(whyNot(alias, error));
  });
  const { KeyId = "", PublicKey = new Uint8Array() } = found;
  if (account !== undefined && KeyId.split(":")[4] !== account) {
    throw new JwksRefused(`Your credentials belong to another account than ${account}, the environment's.`);
  }
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  const { n = "", e = "" } = key.export({ format: "jwk" });
  return { kty: "RSA", use: "sig", alg: "RS256", kid: kidOf(KeyId), n, e };
}

function whyNot(alias: string, error: unknown): string {
  const { name } = error instanceof Error ? error : new Error();
  return name === "NotFoundException"
    ? `There is no key ${alias}: deploy the environment first.`
    : `KMS gave no public key for ${alias}: ${name}.`;
}
