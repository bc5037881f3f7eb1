import { clientSecretName } from "../../lib/client-secret-names.ts";
import { registeredSecrets } from "../support/stand-in.ts";
import { type SecretsManager, startSecretsManager } from "./aws/secrets-manager.ts";

/** Starts Secrets Manager with the secrets of the simulator's applications, where an environment has them. */
export async function startClientSecrets(environment: string): Promise<SecretsManager> {
  const secrets = await startSecretsManager();
  for (const [application, secret] of registeredSecrets) {
    secrets.put(clientSecretName(environment, application), secret);
  }
  return secrets;
}
