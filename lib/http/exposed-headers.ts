/**
 * What a page may read of an answer beside its body, whoever gives the answer: `Date` tells it how wrong its
 * own clock is, and `Retry-After` how long to wait. In a preflight's answer the list would mean nothing.
 *
 * https://fetch.spec.whatwg.org/#http-access-control-expose-headers
 */
export const exposedHeaders = "Date, Retry-After, X-Request-Id";
