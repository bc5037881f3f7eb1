/** A part of a definition. */
export type Fields = Readonly<Record<string, unknown>>;

/** A state of a definition, however deep in it. */
export interface FoundState {
  readonly name: string;
  readonly fields: Fields;
  /** Whether its expressions are JSONata. */
  readonly isJsonata: boolean;
  /** The Map and Parallel states that it is in, outermost first. */
  readonly within: readonly FoundState[];
}

/** Every state of a definition, those in Map and Parallel states as well. */
export function statesIn(definition: Fields): FoundState[] {
  return statesOf(definition, definition["QueryLanguage"], []);
}

/** @param value any value of a definition */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function statesOf(machine: unknown, language: unknown, within: readonly FoundState[]): FoundState[] {
  if (!isFields(machine) || !isFields(machine["States"])) return [];
  return Object.entries(machine["States"]).flatMap(([name, fields]) =>
    isFields(fields) ? withInner({ name, fields, within, ...languageOf(fields, language) }) : [],
  );
}

function languageOf(fields: Fields, language: unknown): { isJsonata: boolean } {
  return { isJsonata: (fields["QueryLanguage"] ?? language) === "JSONata" };
}

function withInner(state: FoundState): FoundState[] {
  const { Branches, Iterator, ItemProcessor } = state.fields;
  const machines: unknown[] = [...(Array.isArray(Branches) ? Branches : []), Iterator, ItemProcessor];
  const language = state.isJsonata ? "JSONata" : "JSONPath";
  return [state, ...machines.flatMap((machine) => statesOf(machine, language, [...state.within, state]))];
}
