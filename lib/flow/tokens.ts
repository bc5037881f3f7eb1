/**
 * What PingOne's token endpoint gives, under the names of OAuth and OpenID Connect (RFC 6749 §5.1, OIDC Core
 * §3.1.3.3), so that a client's own library can read it. It passes through, and rests nowhere.
 */
export interface Tokens {
  readonly access_token: string;
  readonly token_type: string;
  /** Seconds. */
  readonly expires_in?: number | undefined;
  readonly refresh_token?: string | undefined;
  readonly id_token?: string | undefined;
  /** With blanks between. */
  readonly scope?: string | undefined;
}
