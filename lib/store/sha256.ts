import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

type Secret = NonNullable<ConstructorParameters<NonNullable<DynamoDBClientConfig["sha256"]>>[0]>;

/**
 * SHA-256 for the signatures of an AWS client (SigV4), with a key object for each secret that it keeps. The
 * SDK's own makes one for each hash, two a request, which takes ten times as long as the hash.
 *
 * @returns what the SDK's clients take as `sha256`. A hash is had once; `reset` begins another
 */
export function signingHash() {
  const keys = keyObjects();
  return class {
    readonly #key: KeyObject | undefined;
    #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

    constructor(secret?: Secret) {
      this.#key = secret === undefined ? undefined : keys(secret);
      this.#hash = hashUnder(this.#key);
    }

    update(data: Uint8Array): void {
      this.#hash.update(data);
    }

    async digest(): Promise<Uint8Array> {
      return this.#hash.digest();
    }

    reset(): void {
      this.#hash = hashUnder(this.#key);
    }
  };
}

function hashUnder(key: KeyObject | undefined) {
  return key === undefined ? createHash("sha256") : createHmac("sha256", key);
}

/**
 * The SDK keeps a day's signing key as one array, and asks with the access key's secret as text; with other
 * texts it asks once a day.
 */
function keyObjects(): (secret: Secret) => KeyObject {
  const ofArrays = new WeakMap<object, KeyObject>();
  let latest: { readonly text: string; readonly key: KeyObject } | undefined;
  return (secret) => {
    if (typeof secret === "string") {
      if (latest?.text !== secret) latest = { text: secret, key: createSecretKey(secret, "utf8") };
      return latest.key;
    }
    const found = ofArrays.get(secret) ?? createSecretKey(bytesOf(secret));
    ofArrays.set(secret, found);
    return found;
  };
}

function bytesOf(secret: Exclude<Secret, string>): Uint8Array {
  return ArrayBuffer.isView(secret)
    ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
    : new Uint8Array(secret);
}
