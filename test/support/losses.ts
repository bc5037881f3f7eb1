/** A reply that is lost once its time has come. */
export interface Loss {
  /** To which operation; to any where it isn't said. */
  readonly operation?: string | undefined;
  /** What happens before the sender learns of it. */
  readonly meanwhile?: (() => Promise<unknown>) | undefined;
}

/** Replies that are to be lost on a way to the table. */
export class Losses {
  readonly #planned: Loss[] = [];
  #spared = 0;

  /** The next reply, or the next to that operation, is lost. */
  next(loss: Loss): void {
    this.#planned.push(loss);
  }

  /** A reply is lost once so many have gone through. */
  after(count: number): void {
    this.#spared = count;
    this.#planned.push({});
  }

  /** Whether the reply to this operation is lost now, and what goes with it. */
  take(operation: string): Loss | undefined {
    if (this.#spared > 0) {
      this.#spared -= 1;
      return undefined;
    }
    const at = this.#planned.findIndex((one) => one.operation === undefined || one.operation === operation);
    return at >= 0 ? this.#planned.splice(at, 1)[0] : undefined;
  }
}
