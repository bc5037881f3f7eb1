/** One try that is held against a limit. */
export interface LimitedTry {
  /** What the limit is for: only its keyed hash is kept. */
  readonly subject: readonly string[];
  /** Tries at once, and in each window once those are used up. */
  readonly limit: number;
  /** Milliseconds. */
  readonly windowMs: number;
}

/**
 * Counts tries, so that they slow down: after a burst of `limit`, one is let through each `windowMs / limit`.
 */
export interface RateLimiter {
  /**
   * Counts one try against all of its limits together, or against none: a try that one of them refuses counts
   * for nothing anywhere. A lost reply counts it once. It takes one request where nobody is using the limits,
   * and two where somebody is; more only while others count the same at the same moment.
   *
   * @param tries no two of the same subject
   * @param now epoch milliseconds
   * @returns how long to wait for the limit that is furthest away, in milliseconds; 0 where all let it
   *   through
   * @throws StoreUnavailable when nobody can say
   */
  admit(tries: readonly LimitedTry[], now: number): Promise<number>;
  /**
   * A keyed hash of a list of texts, by which a flow remembers whom it is about: base64url, 43 characters.
   *
   * @throws StoreUnavailable when the key could not be had in time
   */
  hashOf(...texts: readonly string[]): Promise<string>;
}
