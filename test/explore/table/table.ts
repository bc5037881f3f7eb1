/** A row: never changed, but replaced. */
export type Row = object;

/** One request to the table, as whoever schedules it sees it. */
export interface TableRequest<Result> {
  readonly operation: Operation;
  /** What it is for, in a word. */
  readonly purpose: string;
  readonly pk: string;
  /**
   * Does it, at once.
   *
   * @param tries how often it was sent, this time included
   * @param hasWritten whether it has been done before, and has written
   */
  apply(tries: number, hasWritten?: boolean): Result;
}

/** DynamoDB's operations. */
type Operation = "DeleteItem" | "GetItem" | "PutItem" | "TransactWriteItems" | "UpdateItem";

/** Brings a request to the table and its result back; or throws `StoreUnavailable`. */
export type Wire = <Result>(request: TableRequest<Result>) => Promise<Result>;

/** How a conditional write went. */
export interface WriteResult<One extends Row> {
  readonly kind: "refused" | "written";
  /**
   * The row after a write that put or changed it, before one that deleted it; what it met
   * where it was refused.
   */
  readonly row: One | undefined;
  /** How often the request was sent. */
  readonly tries: number;
}

/** What a conditional write does. */
export interface Change<One extends Row> {
  readonly pk: string;
  readonly purpose: string;
  readonly operation: "DeleteItem" | "PutItem" | "UpdateItem";
  when(row: One | undefined): boolean;
  /** The row afterwards; nothing for a row that is deleted. */
  makes(row: One | undefined): One | undefined;
}

/** Rows of one kind, by their keys. */
export type Rows<One extends Row> = Map<string, One>;

/** One consistent read. */
export function get<One extends Row>(
  rows: Rows<One>,
  pk: string,
  purpose: string,
): TableRequest<One | undefined> {
  return { operation: "GetItem", purpose, pk, apply: () => rows.get(pk) };
}

/** One conditional write: atomic, as DynamoDB's are. */
export function write<One extends Row>(
  rows: Rows<One>,
  { operation, purpose, pk, ...change }: Change<One>,
): TableRequest<WriteResult<One>> {
  return {
    ...{ operation, purpose, pk },
    apply: (tries) => {
      const row = rows.get(pk);
      if (!change.when(row)) return { kind: "refused", row, tries };
      const after = change.makes(row);
      if (after === undefined) rows.delete(pk);
      else rows.set(pk, after);
      return { kind: "written", row: after ?? row, tries };
    },
  };
}

/** Whether a request with this result has written. */
export function hasWritten(result: unknown): boolean {
  return typeof result === "object" && result !== null && "kind" in result && result.kind === "written";
}
