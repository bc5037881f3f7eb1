import type { ClaimRequest } from "../../../lib/flow/store.ts";
import type { FlowRow } from "./flow-row.ts";
import { type Change, get, type Rows, type Wire, type WriteResult, write } from "./table.ts";
import type { Draw } from "./tokens.ts";

/** What a model of the flow store is made of. */
export interface ModelSettings {
  readonly rows: Rows<FlowRow>;
  readonly wire: Wire;
  readonly environment: string;
  readonly draw: Draw;
  /** Whether a refused write brings the row that refused it, as DynamoDB's do; else it is read. */
  readonly bringsRow: boolean;
  /** Whether a request that is sent again knows what it has written before; it does. */
  readonly knowsOwn?: boolean;
}

/** The settings, and a conditional write that always finds out what refused it. */
export interface Model extends ModelSettings {
  send(change: Change<FlowRow>): Promise<WriteResult<FlowRow>>;
}

/** What the parts of the store share. */
export function modelOf(settings: ModelSettings): Model {
  const { wire, rows, bringsRow, knowsOwn = true } = settings;
  return {
    ...settings,
    send: async (change) => {
      const result = await wire(write(rows, change));
      if (result.kind === "written") return result;
      if (!knowsOwn && result.tries > 1) return { ...result, row: undefined, tries: 1 };
      if (bringsRow) return result;
      return { ...result, row: await wire(get(rows, change.pk, `${change.purpose}: why not`)) };
    },
  };
}

/** What a claim counts, and how far. */
export type Counting = readonly {
  readonly counter: "attempts" | "credentialTries";
  readonly limit: number;
}[];

/** What a claim counts under the limits that it names. */
export function countingOf({ attemptLimit, credentialLimit }: ClaimRequest): Counting {
  return [
    ...(attemptLimit === undefined ? [] : [{ counter: "attempts", limit: attemptLimit } as const]),
    ...(credentialLimit === undefined
      ? []
      : [{ counter: "credentialTries", limit: credentialLimit } as const]),
  ];
}

/** The row with so much more counted. */
export function counted(row: FlowRow, counting: Counting, by: 1 | -1): FlowRow {
  const counts = counting.map(({ counter }) => [counter, (row[counter] ?? 0) + by]);
  return { ...row, ...Object.fromEntries(counts) };
}
