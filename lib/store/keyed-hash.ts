import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { GenerateMacCommand, KMSClient } from "@aws-sdk/client-kms";
import { clientSettings } from "../aws/client-settings.ts";
import { isOutage } from "../aws/outage.ts";
import type { Budgets } from "../flow/budgets.ts";
import { StoreUnavailable } from "../flow/store.ts";

/** Keyed hashes, which only this environment's functions can make. */
export interface KeyedHash {
  /**
   * HMAC-SHA256 (RFC 2104) of a list of texts: 32 bytes.
   *
   * @throws StoreUnavailable when the key could not be had in time
   */
  of(...texts: readonly string[]): Promise<Uint8Array>;
}

/** Keyed hashes whose key is somewhere else at first. */
export interface PreparedHash extends KeyedHash {
  /** Begins to fetch the key, unless it is there. A failure is nobody's: the next hash tries anew. */
  prepare(): void;
}

/** Where a keyed hash has its key from. */
export interface KmsHashSettings {
  /** Part of what the key is derived for. */
  readonly environment: string;
  /** The ARN of a KMS key of the kind `HMAC_256`. */
  readonly keyArn: string;
  readonly budgets: Budgets;
}

/**
 * Keyed hashes under a key that KMS derives from one of its own, which never leaves it: asked for at the
 * first hash or before, and kept as long as the process lives.
 *
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */
export function createKmsHash(settings: KmsHashSettings): PreparedHash {
  const kms = new KMSClient(clientSettings("kms", settings.budgets));
  let deriving: Promise<KeyObject> | undefined;
  let prepared: typeof deriving;
  const begin = () => {
    const begun = derive(kms, settings);
    deriving = begun;
    begun.catch(() => {
      if (deriving === begun) deriving = undefined;
    });
    return begun;
  };
  const key = async () => {
    // Lambda may have frozen what was begun while it initialized the function: that failure is no request's.
    const early = prepared === deriving ? await deriving?.catch(() => undefined) : undefined;
    try {
      return early ?? (await (deriving ?? begin()));
    } catch (error) {
      throw isOutage(error) ? new StoreUnavailable("KMS did not answer in time.", { cause: error }) : error;
    }
  };
  return {
    of: async (...texts) => keyedHash(await key(), texts),
    prepare: () => {
      prepared = deriving ?? begin();
    },
  };
}

/** HMAC-SHA256 of a list of texts, which no other list shares: 32 bytes. */
export function keyedHash(key: KeyObject, texts: readonly string[]): Uint8Array {
  return createHmac("sha256", key).update(JSON.stringify(texts), "utf8").digest();
}

async function derive(kms: KMSClient, { environment, keyArn, budgets }: KmsHashSettings): Promise<KeyObject> {
  const command = new GenerateMacCommand({
    KeyId: keyArn,
    MacAlgorithm: "HMAC_SHA_256",
    Message: Buffer.from(`pingone-flow-functions keyed hashes of ${environment}`, "utf8"),
  });
  const { Mac } = await kms.send(command, { abortSignal: AbortSignal.timeout(budgets.storeMs) });
  if (Mac === undefined) throw new Error("KMS gave no MAC.");
  // Made once: it takes longer than a hash.
  return createSecretKey(Mac);
}
