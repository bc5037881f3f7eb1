import { createSecretKey } from "node:crypto";
import type { KeyedHash } from "../../lib/store/keyed-hash.ts";
import { keyedHash } from "../../lib/store/keyed-hash.ts";

/** A key that every process of a test has. */
const key = createSecretKey(Buffer.alloc(32, 0x5a));

/** Keyed hashes without KMS. */
export const standInHash: KeyedHash = { of: async (...texts) => keyedHash(key, texts) };
