/** How often a text that is found inside another spelling is looked into for one more. */
const deepest = 3;

/** Secrets that must turn up nowhere, by a name each. */
export class Canaries {
  readonly #spellings = new Map<string, ReadonlySet<string>>();
  readonly #codes = new Map<string, RegExp>();

  get size(): number {
    return this.#spellings.size + this.#codes.size;
  }

  /** A secret as text, or as the bytes that it stands for. The same name again is the same secret. */
  add(name: string, secret: string | Uint8Array): void {
    if (secret.length === 0) throw new RangeError(`${name} is empty: it would be found everywhere.`);
    if (typeof secret === "string" && /^\d{4,10}$/.test(secret)) {
      this.#codes.set(name, codePattern(secret));
      return;
    }
    const plain = typeof secret === "string" ? [secret, encodeURIComponent(secret), inJson(secret)] : [];
    this.#spellings.set(name, new Set([...plain, ...bytesOf(secret).flatMap(spelledBytes)]));
  }

  /** The names of those that a value holds somewhere, however deep and however spelled. */
  in(value: unknown): readonly string[] {
    const text = textsIn(value).join("\n");
    const spelled = [...this.#spellings].filter(([, spellings]) =>
      [...spellings].some((spelling) => text.includes(spelling)),
    );
    const codes = [...this.#codes].filter(([, code]) => code.test(text));
    return [...spelled, ...codes].map(([name]) => name);
  }
}

/** A short code turns up in a number, or in base64, by chance: it has to stand by itself. */
function codePattern(code: string): RegExp {
  const bytes = Buffer.from(code);
  const forms = [code, bytes.toString("hex"), bytes.toString("base64url")].join("|");
  return new RegExp(`(?<![0-9a-zA-Z])(?:${forms})(?![0-9a-zA-Z])`);
}

/** The bytes of a secret: those of a text in UTF-8 and in UTF-16, either byte first. */
function bytesOf(secret: string | Uint8Array): readonly Buffer[] {
  if (typeof secret !== "string") return [Buffer.from(secret)];
  const wide = Buffer.from(secret, "utf16le");
  return [Buffer.from(secret), wide, Buffer.from(wide).swap16()];
}

function spelledBytes(bytes: Buffer): readonly string[] {
  const hex = bytes.toString("hex");
  return [bytes.toString("latin1"), hex, hex.toUpperCase(), ...base64Of(bytes)];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
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

/**
 * Every text in a value: names of members and bytes too, and text that a text holds under another spelling.
 */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return withDecoded(value, deepest);
  if (value instanceof Uint8Array) return withDecoded(Buffer.from(value).toString("latin1"), deepest);
  if (typeof value !== "object" || value === null) return [String(value)];
  const members = value instanceof Map || value instanceof Set ? [...value] : Object.entries(value);
  const own = value instanceof Error ? [value.name, value.message, value.stack, value.cause] : [];
  return [...members.flat(), ...own].flatMap(textsIn);
}

function withDecoded(text: string, depth: number): readonly string[] {
  const inside = depth === 0 ? [] : decoded(text).filter((one) => one !== text && one !== "");
  return [text, ...inside.flatMap((one) => withDecoded(one, depth - 1))];
}

function decoded(text: string): readonly string[] {
  const unescaped = [
    ...(text.includes("%") ? [text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => signOf(hex))] : []),
    ...(text.includes("\\") ? [fromJson(text)] : []),
  ];
  const words = text.match(/[A-Za-z0-9+/_-]{16,}/g) ?? [];
  const bytes = words.flatMap((word) => [
    Buffer.from(word, "base64"),
    ...(/^[0-9a-fA-F]+$/.test(word) ? [Buffer.from(word, "hex")] : []),
  ]);
  return [...unescaped, ...bytes.map((one) => one.toString("latin1"))];
}

/** Without the escapes of JSON (RFC 8259 §7), whatever they escape. */
function fromJson(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/]))/g, (_, hex?: string, sign = "") =>
    hex === undefined ? sign : signOf(hex),
  );
}

function signOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
