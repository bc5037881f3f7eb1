/** Secrets that must turn up nowhere, by a name each. */
export class Canaries {
  readonly #spellings = new Map<string, ReadonlySet<string>>();
  readonly #codes = new Map<string, RegExp>();

  get size(): number {
    return this.#spellings.size + this.#codes.size;
  }

  /** A secret as text, or as the bytes that it stands for. */
  add(name: string, secret: string | Uint8Array): void {
    // A short code turns up in a number by chance: it has to stand by itself.
    if (typeof secret === "string" && /^\d{4,10}$/.test(secret)) {
      this.#codes.set(name, new RegExp(`(?<![0-9a-zA-Z])${secret}(?![0-9a-zA-Z])`));
      return;
    }
    const bytes = Buffer.from(secret);
    const plain = typeof secret === "string" ? [secret, encodeURIComponent(secret)] : [];
    const spelled = [bytes.toString("latin1"), bytes.toString("hex"), bytes.toString("hex").toUpperCase()];
    this.#spellings.set(name, new Set([...plain, ...spelled, ...base64Of(bytes)]));
  }

  /** The names of those that a value holds somewhere, however deep and however spelled. */
  in(value: unknown): readonly string[] {
    const texts = textsIn(value);
    const held = (isThere: (text: string) => boolean) => texts.some(isThere);
    const spelled = [...this.#spellings].filter(([, spellings]) =>
      held((text) => [...spellings].some((spelling) => text.includes(spelling))),
    );
    const codes = [...this.#codes].filter(([, code]) => held((text) => code.test(text)));
    return [...spelled, ...codes].map(([name]) => name);
  }
}

/** Base64 in both alphabets, without padding, wherever in the encoded text the bytes begin. */
function base64Of(bytes: Buffer): readonly string[] {
  const whole = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // The first and the last characters also hold bits of what stands beside.
    const from = before === 0 ? 0 : before + 1;
    const last = (before + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    return text.slice(from, last);
  });
  return whole.flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")]);
}

/** Every text in a value: names of members too, and text that a text holds under another spelling. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value, ...decoded(value)];
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsIn(member)]);
}

function decoded(text: string): readonly string[] {
  const unescaped = text.includes("%") ? [decodeLoosely(text)] : [];
  const words = text.match(/[A-Za-z0-9+/_-]{16,}/g) ?? [];
  const bytes = words.flatMap((word) => [
    Buffer.from(word, "base64"),
    ...(/^[0-9a-fA-F]+$/.test(word) ? [Buffer.from(word, "hex")] : []),
  ]);
  return [...unescaped, ...bytes.map((one) => one.toString("latin1"))];
}

function decodeLoosely(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
