import * as z from "zod/mini";
import { FlowIdSchema } from "../operation/bodies/texts.ts";
import { type ParseResult, parseWith, type Surroundings } from "../operation/parsing.ts";
import { agree, publicKeyOf, x25519KeyBytes } from "../x25519.ts";
import { Refusal } from "./errors.ts";
import { secretNameOf } from "./secret-names.ts";

/** 32 bytes in base64url without padding (RFC 4648 §5). */
const Bytes32 = z.pipe(
  z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
  z.transform((text: string) => new Uint8Array(Buffer.from(text, "base64url"))),
);

/** What a call on a flow carries whose token the workflow holds; the rest is the function's own body. */
export const HeldFlowPayload = z.looseObject({
  flowId: FlowIdSchema,
  /** KMS's ciphertext, in base64. */
  sealedFlowToken: z.base64().check(z.minLength(1), z.maxLength(1024)),
});

/** What a look at a flow carries that a client holds. */
export const WatchPayload = z.strictObject({
  flowId: FlowIdSchema,
  /**
   * Step Functions' own limit.
   *
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
   */
  taskToken: z.optional(z.string().check(z.minLength(1), z.maxLength(2048))),
});

/** What a client that is to hold the flow gives away of the token it has drawn. */
export const HolderPayload = z.looseObject({
  flowTokenHash: Bytes32,
  flowTokenPublicKey: Bytes32.check(z.refine(isUsable)),
});

/** The name of the secret that completes a body. */
export const SecretName = z.looseObject({
  credentialSecret: z.string().check(z.maxLength(512), z.regex(/^[A-Za-z0-9/_+=.@-]+$/)),
});

/**
 * Refuses a payload that carries a secret, at any depth and in any spelling of its name, in a text of
 * JSON too: an execution's history shows that as well.
 *
 * @throws Refusal `secret-in-payload`, with the names found
 */
export function refuseSecrets(payload: unknown): void {
  const found = new Set<string>();
  const left: unknown[] = [payload];
  while (left.length > 0) {
    const value = unwrapped(left.pop());
    if (typeof value !== "object" || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      const secret = secretNameOf(name);
      if (secret !== undefined) found.add(secret);
      left.push(member);
    }
  }
  if (found.size > 0) throw new Refusal({ error: "secret-in-payload", names: [...found].sort() });
}

/** What a text of JSON says; anything else as it is. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return unwrapped(JSON.parse(value));
  } catch {
    return value;
  }
}

/** What a payload is called, and what a workflow gives beside a function's own body. */
export const ofPayload: Surroundings = {
  whole: "payload",
  beside: [
    "credentialSecret",
    "flowId",
    "flowTokenHash",
    "flowTokenPublicKey",
    "sealedFlowToken",
    "taskToken",
  ],
};

/**
 * The payload, or a part of it, by its schema.
 *
 * @throws Refusal `request-invalid`, saying what is wrong and why
 */
export function parsePayload<Schema extends z.ZodMiniType>(
  payload: unknown,
  schema: Schema,
): z.output<Schema> {
  return accepted(parseWith(payload, schema, ofPayload));
}

/** The value of what has been parsed. @throws Refusal `request-invalid` */
export function accepted<Value>(parsed: ParseResult<Value>): Value {
  if (!parsed.ok) throw new Refusal({ error: "request-invalid", fields: parsed.fields });
  return parsed.value;
}

/**
 * Not a point of low order, and in the one spelling that its owner has (RFC 7748 §5 ignores the highest bit).
 */
function isUsable(publicKey: Uint8Array): boolean {
  const anyKey = new Uint8Array(x25519KeyBytes).fill(1);
  return (publicKey.at(-1) ?? 0) < 0x80 && agree(anyKey, publicKey) !== undefined;
}

/**
 * Whoever is to hold the flow that a start makes, where it isn't the workflow; and the rest of the payload.
 *
 * @throws Refusal `secret-in-payload` for a flow token in the place of its hash
 */
export function holderIn(payload: object) {
  if (!("flowTokenHash" in payload || "flowTokenPublicKey" in payload)) return { body: payload };
  const { flowTokenHash, flowTokenPublicKey, ...body } = parsePayload(payload, HolderPayload);
  if (Buffer.from(flowTokenPublicKey).equals(publicKeyOf(flowTokenHash))) {
    throw new Refusal({ error: "secret-in-payload", names: ["flowTokenHash"] });
  }
  return { body, holder: { tokenHash: flowTokenHash, publicKey: flowTokenPublicKey } };
}
