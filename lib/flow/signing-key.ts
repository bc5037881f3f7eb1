/** A key that signs for applications. Its private half never leaves where it is. */
export interface SigningKey {
  /** What the key is called in the application's JWKS: `kid` (RFC 7517 §4.5). */
  readonly kid: string;
  /**
   * A signature by RSASSA-PKCS1-v1_5 with SHA-256, which JWS calls `RS256` (RFC 7518 §3.3).
   *
   * @param text at most 4,096 bytes
   * @returns nothing where it can't be had just now
   */
  sign(text: string): Promise<Uint8Array | undefined>;
}
