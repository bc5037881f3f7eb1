import { createHash } from "node:crypto";
import { publicKeyOf } from "../../../lib/x25519.ts";

/** Where a box lies: it opens nowhere else. */
export interface Place {
  readonly environment: string;
  readonly flowId: string;
  /** The format of the row. */
  readonly version: number;
}

/** What opens a box: a text for the owner of a secret, or a public key for the owner of its private key. */
type Lock = { readonly secret: string } | { readonly publicKey: Uint8Array };

/** What is sealed is so much longer than what is in it, as bytes: a nonce and a tag. */
const sealBytes = 28;

/**
 * What stands for a sealed value: a box that only the right secret opens, in the place and under the counter
 * that it was locked with. Nothing of its content shows in its members.
 */
export class Box<Value> {
  readonly counter: number;
  /** Where it was locked for the owner of a key pair. */
  declare readonly ephemeral?: Uint8Array;
  readonly #lock: string;
  readonly #value: Value;

  private constructor(value: Value, lock: string, counter: number, ephemeral?: Uint8Array) {
    this.counter = counter;
    if (ephemeral !== undefined) this.ephemeral = ephemeral;
    this.#lock = lock;
    this.#value = value;
  }

  /** Locks a value. @param ephemeral for a public key: what the opener has to find beside the box */
  static around<Value>(value: Value, { lock, place, counter, ephemeral }: BoxSettings): Box<Value> {
    return new Box(value, lockText(lock, place, counter, ephemeral), counter, ephemeral);
  }

  /** The value, to the owner of the secret, where the box still lies as it was locked. */
  open(secret: string, place: Place, token: Uint8Array): Value | undefined {
    const lock = this.ephemeral === undefined ? { secret } : { publicKey: publicKey(token) };
    return lockText(lock, place, this.counter, this.ephemeral) === this.#lock ? this.#value : undefined;
  }

  /** The same box with another counter, another key beside it or other bytes in it: it won't open. */
  changed({ counter = this.counter, ephemeral = this.ephemeral, sealed }: BoxDamage): Box<Value> {
    return new Box(this.#value, sealed === undefined ? this.#lock : "none", counter, ephemeral);
  }

  /** What a thief gets: bytes of the right length that tell nothing. */
  loot(): Uint8Array {
    const length = Buffer.byteLength(JSON.stringify(this.#value)) + sealBytes;
    const noise = createHash("shake256", { outputLength: length });
    return noise.update(this.#lock).digest();
  }

  /** Lock and content as a text, which tells one box from another. For whoever judges the model. */
  content(): string {
    return `${this.#lock} ${JSON.stringify(this.#value)}`;
  }

  /** The value, for whoever judges the model. No store looks in here. */
  peek(): Value {
    return this.#value;
  }
}

/** What can be changed of a box from outside. */
export interface BoxDamage {
  readonly counter?: number;
  readonly ephemeral?: Uint8Array | undefined;
  readonly sealed?: Uint8Array;
}

/** What a box is locked with. */
export interface BoxSettings {
  readonly lock: Lock;
  readonly place: Place;
  readonly counter: number;
  readonly ephemeral?: Uint8Array | undefined;
}

function lockText(
  lock: Lock,
  place: Place,
  counter: number,
  ephemeral: Uint8Array = new Uint8Array(0),
): string {
  const key = "secret" in lock ? lock.secret : hex(lock.publicKey);
  return `${key} ${place.environment} ${place.flowId} ${place.version} ${counter} ${hex(ephemeral)}`;
}

const publicKeys = new Map<string, Uint8Array>();

function publicKey(token: Uint8Array): Uint8Array {
  const name = hex(token);
  const known = publicKeys.get(name) ?? publicKeyOf(token);
  publicKeys.set(name, known);
  return known;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
