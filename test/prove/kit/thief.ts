import { createHash, createHmac } from "node:crypto";
import * as z from "zod";
import { canonicalRequest, steps } from "../../../lib/flow/steps.ts";
import { deriveFor, open, type SealContext } from "../../../lib/store/seal.ts";
import type { Random } from "./random.ts";
import type { RawRow } from "./stage.ts";

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const Sealed = z.looseObject({ counter: z.number(), sealed: Bytes });

/** What a thief looks at first: the rest of a row is in the clear. */
const FlowRow = z.looseObject({
  pk: z.string().startsWith("flow#"),
  v: z.number(),
  env: z.string(),
  tokenHash: Bytes,
  jar: Sealed.optional(),
  previous: z.looseObject({ tokenHash: Bytes, reply: Sealed }).optional(),
  claim: z.looseObject({ step: z.string(), digest: Bytes }).optional(),
});

/** A sealed value, and all that it was sealed for. */
export interface SealedValue {
  readonly context: SealContext;
  readonly sealed: Uint8Array;
}

/** The sealed values of a row. */
export function sealedIn(row: RawRow): readonly SealedValue[] {
  const { data } = FlowRow.safeParse(row);
  if (data === undefined) return [];
  const { pk, v: version, env: environment, jar, previous } = data;
  const place = { environment, flowId: pk.slice("flow#".length), version };
  const value = (purpose: SealContext["purpose"], one: z.output<typeof Sealed> | undefined) =>
    one === undefined ? [] : [{ context: { ...place, purpose, counter: one.counter }, sealed: one.sealed }];
  return [...value("jar", jar), ...value("reply", previous?.reply)];
}

/** The digest of a claim for a passcode, where a row has one. */
export function otpDigestIn(row: RawRow): Uint8Array | undefined {
  const claim = FlowRow.safeParse(row).data?.claim;
  return claim?.step === "otp" ? claim.digest : undefined;
}

/**
 * Everything in these rows that could be a key: each byte string and text, and what hashes and
 * hex make of it.
 */
export function keysIn(rows: readonly RawRow[]): readonly Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  const note = (bytes: Uint8Array) => found.set(Buffer.from(bytes).toString("base64"), bytes);
  for (const leaf of rows.flatMap(leavesOf)) {
    note(leaf);
    note(createHash("sha256").update(leaf).digest());
  }
  // A reply's secret is two values, one after the other.
  for (const row of rows) {
    const short = leavesOf(row).filter(({ length }) => length === 32);
    for (const one of short) for (const other of short) note(Buffer.concat([one, other]));
  }
  return [...found.values()];
}

function leavesOf(value: unknown): readonly Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value === "string") {
    const plain = value.replace(/^flow#/, "").replaceAll("-", "");
    return [Buffer.from(value), Buffer.from(plain, "hex"), Buffer.from(value, "base64")].filter(
      ({ length }) => length > 0,
    );
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

/** How many of these keys open a value. */
export function openedBy(keys: readonly Uint8Array[], { context, sealed }: SealedValue): number {
  return keys.filter((key) => open(key, context, sealed) !== undefined).length;
}

/**
 * Whether one of these passcodes has the digest: hashed as it is, as a request, and as a
 * request under each key.
 *
 * @param codes the passcodes to try
 */
export function findsOtp(digest: Uint8Array, codes: Iterable<string>, keys: readonly Uint8Array[]): boolean {
  const wanted = Buffer.from(digest);
  // As docs/sealing.md has it, and as a key that is used as it lies there.
  const macKeys = keys.flatMap((key) => [deriveFor(key, new Uint8Array(0), "digest"), key]);
  for (const otp of codes) {
    const canonical = canonicalRequest(steps.otp.command({ otp }));
    const plain = [otp, canonical].map((text) => createHash("sha256").update(text).digest());
    const keyed = macKeys.map((key) => createHmac("sha256", key).update(canonical).digest());
    if ([...plain, ...keyed].some((made) => wanted.equals(made))) return true;
  }
  return false;
}

/**
 * How a sealed value, or what it was sealed for, can be changed by one bit of one byte, and each changed so.
 */
export function* spoiled(
  { context, sealed }: SealedValue,
  random: Random,
): Generator<SealedValue & { readonly where: string }> {
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = sealed.map((byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte));
    yield { context, sealed: changed, where: `byte ${at} of ${sealed.length}` };
  }
  for (const name of ["environment", "flowId"] as const) {
    const text = Buffer.from(context[name]);
    for (let at = 0; at < text.length; at += 1) {
      // Of seven bits, so that it stays a text.
      const changed = text.map((byte, index) => (index === at ? byte ^ (1 << random.below(7)) : byte));
      const other = Buffer.from(changed).toString("latin1");
      yield { context: { ...context, [name]: other }, sealed, where: `byte ${at} of ${name}` };
    }
  }
  const purpose = context.purpose === "jar" ? "reply" : "jar";
  yield { context: { ...context, purpose }, sealed, where: "purpose" };
  for (let bit = 0; bit < 31; bit += 1) {
    const [version, counter] = [context.version ^ (2 ** bit), context.counter ^ (2 ** bit)];
    yield { context: { ...context, version }, sealed, where: `bit ${bit} of v` };
    yield { context: { ...context, counter }, sealed, where: `bit ${bit} of counter` };
  }
}
