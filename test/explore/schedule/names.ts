import { Box } from "../table/box.ts";

/** Short names for long texts: the same for the same text. */
export class Names {
  readonly #names = new Map<string, number>();
  readonly #texts = new WeakMap<object, string>();

  /** The name of a text. */
  of(text: string): number {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = this.#names.size;
    this.#names.set(text, name);
    return name;
  }

  /** All that a value says, boxes included, as a text. Values are never changed. */
  textOf(value: unknown): string {
    if (typeof value !== "object" || value === null) return String(value);
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(value, (_, member) =>
      member instanceof Box ? this.of(member.content()) : member,
    );
    this.#texts.set(value, text);
    return text;
  }
}
