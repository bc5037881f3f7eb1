/** The alias of a signing key: what it is found by, since KMS chooses its id. */
export function signingKeyAlias(environment: string, label: string): string {
  return `alias/sign-on/${environment}/signing/${label}`;
}
