/**
 * Every text and every binary value in an item in DynamoDB's JSON, names of attributes included, as bytes.
 */
export function leavesOf(value: unknown): Buffer[] {
  if (typeof value === "string") return [Buffer.from(value, "utf8")];
  if (value instanceof Uint8Array) return [Buffer.from(value)];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return typeof value === "object" && value !== null ? Object.entries(value).flat().flatMap(leavesOf) : [];
}

/**
 * The size of an item in DynamoDB's JSON: names and values in UTF-8, at most 21 bytes a number, 3 bytes and
 * one a member for a list or map.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function sizeOf(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
    0,
  );
}

function valueSize(tagged: unknown): number {
  const [[type, value] = ["", undefined]] = Object.entries(Object(tagged));
  if (type === "M") {
    const members = Object(value);
    return 3 + Object.keys(members).length + sizeOf(members);
  }
  if (Array.isArray(value)) return value.reduce<number>((sum, member) => sum + 1 + valueSize(member), 3);
  return type === "N"
    ? 21
    : leavesOf(value).reduce((sum, leaf) => sum + leaf.length, type === "BOOL" ? 1 : 0);
}
