/** The time, as epoch milliseconds. */
export interface Clock {
  now(): number;
}
