/** One try that is held against a limit. */
export interface LimitedTry {
  /** What the limit is for: only its keyed hash is kept. */
  readonly subject: readonly string[];
  /** Tries at once, and in each window once those are used up. */
  readonly limit: number;
  /** Milliseconds. */
  readonly windowMs: number;
}

/** Counts tries, so that they slow down: after a burst of `limit`, one is let through each `windowMs / limit`. */
export interface RateLimiter {
  /**
   * Counts one try against each of its limits, with one conditional write for each that nobody is using, and two for
   * one that somebody is. A try that is refused counts for nothing against the limit that refused it.
   *
   * @param now epoch milliseconds
   * @returns how long to wait for the limit that is furthest away, in milliseconds; 0 where all let it through
   * @throws StoreUnavailable when nobody can say
   */
  admit(tries: readonly LimitedTry[], now: number): Promise<number>;
}
