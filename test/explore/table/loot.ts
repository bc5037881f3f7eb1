import { Box } from "./box.ts";

/** What hashes are: bytes in DynamoDB's JSON, hexadecimal digits in the model. */
const hashes: readonly string[] = ["check", "digest", "tokenHash"];

/** A row of the model in DynamoDB's JSON: what a thief of the table would see of it. */
export function modelItem(row: object): Readonly<Record<string, unknown>> {
  const members = Object.entries(row).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([name, value]) => [name, tagged(name, value)]));
}

function tagged(name: string, value: unknown): object {
  if (typeof value === "string") {
    return hashes.includes(name) ? { B: Buffer.from(value, "hex") } : { S: value };
  }
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (value instanceof Uint8Array) return { B: value };
  if (Array.isArray(value)) return { L: value.map((one) => tagged("", one)) };
  if (value instanceof Box) {
    const { counter, ephemeral } = value;
    return { M: modelItem({ counter, ephemeral, sealed: value.loot() }) };
  }
  return { M: modelItem(Object(value)) };
}
