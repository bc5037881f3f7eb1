/** A cookie of PingOne's, without the attributes that only a browser needs (RFC 6265 §5.3). */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Epoch milliseconds; absent for a session cookie. */
  readonly expiresAt?: number | undefined;
  /** The domain that it was set for; absent where that is PingOne's own host. */
  readonly domain?: string | undefined;
  /** The path that it was set for; absent where that is the base URL's. */
  readonly path?: string | undefined;
}

/** Everything PingOne gave that is worth stealing. It rests only in sealed form. */
export interface Jar {
  /** PingOne's id of the flow, which may change midway. */
  readonly upstreamFlowId: string;
  readonly cookies: readonly Cookie[];
  readonly state: string;
  readonly nonce: string;
  /** The name of the application the flow was started for. */
  readonly application: string;
  /** The client's own PKCE challenge (RFC 7636 §4.2). */
  readonly codeChallenge?: string | undefined;
  /** The policy that was asked for, where its name is of usual length. */
  readonly policy?: string | undefined;
  /** How long ago the person may have signed on, where that was said: seconds. */
  readonly maxAge?: number | undefined;
  /** The authorization code, once the flow has been resumed. */
  readonly code?: string | undefined;
  /**
   * Where answers tell little: what the client must not learn of the person named, until
   * they have proved themselves.
   */
  readonly standing?: Standing | undefined;
  /** A keyed hash of the name that the flow is about, by which messages are counted. */
  readonly person?: string | undefined;
  /** PingOne's id of the device that was chosen, where answers don't tell it. */
  readonly selectedDevice?: string | undefined;
}

/**
 * `named`: PingOne knows the person, and nobody has shown yet to be them. `decoy`: the flow leads
 * nowhere, and looks like one that was only named. The words are of the same length, so that what is
 * sealed is as well.
 */
export type Standing = "named" | "decoy";
