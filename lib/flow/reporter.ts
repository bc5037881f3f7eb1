/** How a flow has ended, or that only its code is left to be fetched. */
export interface Completion {
  readonly flowId: string;
  /** PingOne's status word, or one of ours; `EXPIRED` and `CANCELLED` for what leaves no status behind. */
  readonly status: string;
  /** PingOne's id of the person, where it is known. */
  readonly userId?: string | undefined;
}

/** A waiter in the place of another. Sealed bytes. */
export interface Replaced {
  readonly flowId: string;
  readonly earlier: Uint8Array;
  readonly later: Uint8Array;
}

/** Tells whoever waits for a flow. */
export interface CompletionReporter {
  /**
   * A report is advice: one that is lost, or throws, is made up for by the waiter's own time-out.
   *
   * @returns whether it has arrived
   */
  report(waiter: Uint8Array, completion: Completion): Promise<boolean>;
  /**
   * Tells a waiter that another has taken its place, and that nobody will tell it of the end any more. Where
   * both are the same one, which has only come again, nobody is told.
   *
   * @returns whether it has arrived
   */
  reportReplaced(replaced: Replaced): Promise<boolean>;
}
