/**
 * What a signing key is called where its signatures are verified (`kid`): its id, the end of its ARN. So
 * whoever signs needs to read no public key, and a new key has a new name.
 *
 * https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN
 */
export function kidOf(keyArn: string): string {
  return keyArn.slice(keyArn.lastIndexOf("/") + 1);
}
