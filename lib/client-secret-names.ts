/**
 * The name of the secret of an application in Secrets Manager. Its end can't be taken for what Secrets
 * Manager appends to a name: a hyphen and six characters.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export function clientSecretName(environment: string, application: string): string {
  return `sign-on/${environment}/applications/${application}/client-secret-of-pingone`;
}
