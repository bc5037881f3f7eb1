import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientSecretName } from "../client-secret-names.ts";
import type { Budgets } from "../flow/budgets.ts";
import type { ClientSecrets } from "../flow/client-secrets.ts";
import type { Clock } from "../flow/clock.ts";
import { clientSettings } from "./client-settings.ts";
import { isOutage } from "./outage.ts";

/** How long a secret is taken for the right one before it is read again. */
const keptMs = 5 * 60_000;

/** Where the secrets are. */
export interface ClientSecretSettings {
  /** The name of the environment. */
  readonly environment: string;
  readonly budgets: Budgets;
}

/**
 * Secrets of applications, read from Secrets Manager when first needed and kept for five minutes. One that is
 * not there yet counts as one that can't be had just now: a deployment makes it empty.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function createClientSecrets(
  { environment, budgets }: ClientSecretSettings,
  clock: Clock,
): ClientSecrets {
  const client = new SecretsManagerClient(clientSettings("secretsmanager", budgets));
  const kept = new Map<string, { readonly secret: string; readonly until: number }>();
  return {
    of: async (application) => {
      const found = kept.get(application);
      if (found !== undefined && clock.now() < found.until) return found.secret;
      const command = new GetSecretValueCommand({ SecretId: clientSecretName(environment, application) });
      const abortSignal = AbortSignal.timeout(budgets.storeMs / 2);
      const secret = await client.send(command, { abortSignal }).then(
        ({ SecretString }) => SecretString?.trim(),
        (error: unknown) => {
          if (isOutage(error) || isMissing(error)) return undefined;
          throw error;
        },
      );
      if (secret === undefined || secret === "") return undefined;
      kept.set(application, { secret, until: clock.now() + keptMs });
      return secret;
    },
    forget: (application) => {
      kept.delete(application);
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === "ResourceNotFoundException";
}
