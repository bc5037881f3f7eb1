/** Hands out what was put in, in order, to whoever came for it first. */
export class Queue<Item> {
  readonly #items: Item[] = [];
  readonly #takers: ((item: Item) => void)[] = [];

  put(item: Item): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#items.push(item);
    else taker(item);
  }

  async take(): Promise<Item> {
    const [item] = this.#items.splice(0, 1);
    if (item !== undefined) return item;
    const { promise, resolve } = Promise.withResolvers<Item>();
    this.#takers.push(resolve);
    return promise;
  }
}
