import { createHmac } from "node:crypto";

/** How long a code is shown: milliseconds. */
const SHOWN_CODE_MS = 30_000;

/** The code that a device shows at a time, epoch milliseconds: RFC 6238, with the device's id for a key. */
export function shownCode(deviceId: string, digits: number, at: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / SHOWN_CODE_MS)));
  const hash = createHmac("sha1", deviceId).update(counter).digest();
  const from = (hash.at(-1) ?? 0) & 0xf;
  const number = hash.readUInt32BE(from) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** Whether a code is the one shown now, or in the window before or after. */
export function isShown(code: string, deviceId: string, now: number): boolean {
  return [-SHOWN_CODE_MS, 0, SHOWN_CODE_MS].some((by) => shownCode(deviceId, code.length, now + by) === code);
}
