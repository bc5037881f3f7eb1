/**
 * A record with a value for each of these names.
 *
 * @throws whatever one of the values is refused with
 */
export async function eachByName<Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name) => Promise<Value> | Value,
): Promise<Readonly<Record<Name, Value>>> {
  const entries = await Promise.all(names.map(async (name) => [name, await make(name)] as const));
  return whole(names, Object.fromEntries(entries));
}

/** The same for values that are there at once. */
export function byName<Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name) => Value,
): Readonly<Record<Name, Value>> {
  return whole(names, Object.fromEntries(names.map((name) => [name, make(name)])));
}

function whole<Name extends string, Value>(
  names: readonly Name[],
  record: Readonly<Record<string, Value>>,
): Readonly<Record<Name, Value>> {
  if (!isWhole(names, record)) throw new Error("A name has no value.");
  return record;
}

function isWhole<Name extends string, Value>(
  names: readonly Name[],
  record: Readonly<Record<string, Value>>,
): record is Readonly<Record<Name, Value>> {
  return names.every((name) => Object.hasOwn(record, name));
}
