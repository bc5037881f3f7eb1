/** A flow never outlives this, however often PingOne slides its expiry: milliseconds from its creation. */
export const longestLifeMs = 60 * 60_000;

/** PingOne's idle limit (docs/pingone.md §8.1): milliseconds. */
export const idleLimitMs = 15 * 60_000;
