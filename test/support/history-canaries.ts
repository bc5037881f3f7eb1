import * as z from "zod";
import type { ServiceCall } from "../local/aws/json-service.ts";
import { Canaries } from "./canaries.ts";
import type { WorkflowProduct } from "./workflow-product.ts";

const Sealing = z.looseObject({
  Plaintext: z.base64(),
  EncryptionContext: z.looseObject({ purpose: z.string() }),
});

const Held = z.looseObject({ SecretString: z.string() });

const Credentials = z.record(z.string(), z.string());

/** How much a product had seen at some time. */
export interface Seen {
  readonly kms: number;
  readonly secrets: number;
  readonly calls: number;
  readonly given: number;
}

/** How much a product has seen by now. */
export function seenBy({ given, kms, secrets, simulator }: WorkflowProduct): Seen {
  const { length: calls } = simulator.calls;
  return { kms: kms.calls.length, secrets: secrets.calls.length, calls, given: given.length };
}

const nothing: Seen = { kms: 0, secrets: 0, calls: 0, given: 0 };

/**
 * Every secret that the product has seen: PingOne's cookies, codes and flow ids, the passcodes that were
 * sent, what the secrets hold, and each flow token that was sealed. Not the task tokens: the history is
 * where they come from.
 *
 * @param since leaves out what had been seen by then
 */
export function historyCanaries(product: WorkflowProduct, since = nothing): Canaries {
  const { given, kms, secrets, simulator } = product;
  const canaries = new Canaries();
  for (const { cookies, flowId } of simulator.calls.slice(since.calls)) {
    if (flowId !== undefined) canaries.add(`PingOne's flow id ${flowId}`, flowId);
    for (const [name, value] of Object.entries(cookies)) canaries.add(`cookie ${name} ${value}`, value);
  }
  for (const secret of given.slice(since.given)) canaries.add(`given by PingOne: ${secret}`, secret);
  for (const { code } of simulator.inbox.all()) canaries.add(`one-time passcode ${code}`, code);
  for (const [name, value] of secrets.calls.slice(since.secrets).flatMap(credentialsIn)) {
    canaries.add(`${name} ${value}`, value);
  }
  for (const token of kms.calls.slice(since.kms).flatMap(flowTokensIn)) {
    canaries.add(`flow token ${token.toString("hex")}`, token);
    canaries.add(`flow token ${token.toString("hex")} as text`, token.toString("base64url"));
  }
  return canaries;
}

function flowTokensIn({ input }: ServiceCall): readonly Buffer[] {
  const sealed = Sealing.safeParse(input).data;
  const isOne = sealed?.EncryptionContext.purpose === "flow-token";
  return isOne ? [Buffer.from(sealed.Plaintext, "base64")] : [];
}

function credentialsIn({ output }: ServiceCall): readonly [string, string][] {
  const held = Held.safeParse(output).data?.SecretString;
  try {
    return Object.entries(Credentials.parse(JSON.parse(held ?? "{}")));
  } catch {
    return [];
  }
}
