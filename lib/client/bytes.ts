const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Bytes in base64url without padding (RFC 4648 §5). Written out: not every platform has an encoder. */
export function toBase64url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const group = (first << 16) | (second << 8) | third;
    const letters = [18, 12, 6, 0].map((shift) => alphabet.charAt((group >> shift) & 63)).join("");
    text += letters.slice(0, Math.min(3, bytes.length - at) + 1);
  }
  return text;
}

/** The bytes of a text in base64url or base64, with padding or without. Other letters are left out. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const letters = text
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/[^\w-]/g, "");
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let bits = 0;
  for (let at = 0; at < letters.length; at += 1) {
    bits = (bits << 6) | alphabet.indexOf(letters.charAt(at));
    const full = at % 4;
    if (full > 0) bytes[Math.floor((at * 3) / 4)] = bits >> (6 - 2 * full);
  }
  return bytes;
}

/** The bytes of a text in ASCII. */
export function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The text that these bytes are in UTF-8. @throws URIError where they are none */
export function utf8Text(bytes: Uint8Array): string {
  return decodeURIComponent([...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
}
