/** Where every time in the stand-in comes from: epoch milliseconds. */
export interface Clock {
  now(): number;
}
