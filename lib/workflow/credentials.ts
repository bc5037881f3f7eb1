import {
  DecryptionFailure,
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import * as z from "zod/mini";
import { clientSettings } from "../aws/client-settings.ts";
import type { Budgets } from "../flow/budgets.ts";
import type { FaultReason } from "../flow/problems.ts";
import { credentialMembers, type StepName, stepNames } from "../flow/steps.ts";
import { available } from "./available.ts";
import { Refusal } from "./errors.ts";

/** What a secret may hold, as a JSON object, of what any step takes from one. */
const Credentials = z.object(
  Object.fromEntries(stepNames.flatMap(credentialMembers).map((member) => [member, z.optional(z.string())])),
);

/** Where credentials are. */
export interface CredentialSettings {
  /** What the names of all secrets begin with that a workflow may name. */
  readonly credentialSecretPrefix: string;
  readonly budgets: Budgets;
}

/** Gives the members that a function's body needs from the secret of that name. */
export type ReadCredentials = (
  step: StepName,
  secretName: string,
) => Promise<Readonly<Record<string, string>>>;

/**
 * Reads credentials from Secrets Manager, anew for every call: what was changed there holds at once.
 * The reader throws a {@link Refusal} of `request-invalid` naming `credentialSecret` for a secret
 * that lies elsewhere, is not there or holds something else, and of `upstream-unavailable` when
 * Secrets Manager didn't answer.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function createCredentials({ credentialSecretPrefix, budgets }: CredentialSettings): ReadCredentials {
  const client = new SecretsManagerClient(clientSettings("secretsmanager", budgets));
  return async (step, secretName) => {
    if (!secretName.startsWith(credentialSecretPrefix)) throw unusable("unknown");
    const command = new GetSecretValueCommand({ SecretId: secretName });
    const sent = client.send(command, { abortSignal: AbortSignal.timeout(budgets.storeMs) });
    const { SecretString } = await available(sent).catch((error: unknown) => {
      throw isMissing(error) ? unusable("unknown") : error;
    });
    const held = credentialsIn(SecretString ?? "");
    return Object.fromEntries(
      credentialMembers(step).flatMap((member) =>
        held[member] === undefined ? [] : [[member, held[member]]],
      ),
    );
  };
}

function credentialsIn(text: string): z.infer<typeof Credentials> {
  try {
    return Credentials.parse(JSON.parse(text));
  } catch {
    // The parser's message quotes the text.
    throw unusable("malformed");
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof ResourceNotFoundException ||
    error instanceof InvalidRequestException ||
    error instanceof DecryptionFailure
  );
}

function unusable(reason: FaultReason): Refusal {
  return new Refusal({ error: "request-invalid", fields: [{ name: "credentialSecret", reason }] });
}
