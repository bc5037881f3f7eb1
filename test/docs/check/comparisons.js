import * as z from "zod";

/** @import { Cell, Compared, Expected, Facts, ObjectSchema, Piece, Table } from "./types.ts" */

/**
 * How each table is held against the code, by the name in the comment above it. Prose is not compared.
 *
 * @type {Readonly<Record<string, (table: Table, facts: Facts) => readonly Piece[]>>}
 */
export const comparisons = {
  alarms: (table, { alarms }) => differences(table, rows(alarms.map((name) => [name, {}])), text),
  calls: (table, facts) => differences(table, callsIn(facts), names),
  configuration: (table, facts) => differences(table, variablesIn(facts), text),
  problems: (table, facts) => differences(table, problemsIn(facts), text),
  "simulator-actions": (table, facts) => differences(table, actionsIn(facts), names),
  "workflow-calls": (table, facts) => differences(table, workflowCallsIn(facts), names),
  "workflow-errors": errorDifferences,
};

/**
 * The rows and cells in which a table and the code differ.
 *
 * @param {Table} table
 * @param {Expected} expected
 * @param {(cell: Cell) => string} read the content of a cell that is compared
 * @returns {Piece[]}
 */
function differences(table, expected, read) {
  const left = new Map(expected);
  /** @type {Piece[]} */
  const found = [];
  for (const { line, cells } of table.rows) {
    const [first, ...others] = cells;
    const keys = first?.codes ?? [];
    if (keys.length === 0) found.push({ text: "the first cell has nothing in backticks", line });
    for (const key of keys) {
      const row = left.get(key);
      left.delete(key);
      if (row) found.push(...cellDifferences(table, { key, expected: row, line, cells: others }, read));
      else found.push({ text: `\`${key}\` is not in the code, or twice in the table`, line });
    }
  }
  return [...found, ...[...left.keys()].map((key) => ({ text: `\`${key}\` is missing`, line: table.line }))];
}

/**
 * @param {Table} table
 * @param {Compared} compared
 * @param {(cell: Cell) => string} read
 * @returns {Piece[]}
 */
function cellDifferences({ columns }, { key, expected, line, cells }, read) {
  return Object.entries(expected).flatMap(([column, code]) => {
    const cell = cells[columns.indexOf(column) - 1];
    const said = cell && read(cell);
    if (said === code) return [];
    const shown = said === undefined ? `there is no column ${column}` : `${column} says "${said}"`;
    return [{ text: `\`${key}\`: ${shown}, and the code "${code}"`, line }];
  });
}

/**
 * The table of what a workflow may meet: one row each of errors to retry, of those that settle a step, and of
 * those that leave it open; then rows with more about some. Errors of AWS's own have a dot in their names.
 *
 * @param {Table} table
 * @param {Facts} facts
 * @returns {Piece[]}
 */
function errorDifferences(table, { workflowErrors: { retryable, settled, open } }) {
  const known = [...retryable, ...settled, ...open];
  return table.rows.flatMap(({ line, cells: [first] }, index) => {
    const said = first?.codes.filter((code) => /^[A-Z][A-Za-z]+$/.test(code)) ?? [];
    const expected = [retryable, settled, open][index];
    const unknown = said.filter((name) => !(expected ?? known).includes(name));
    const missing = expected?.filter((name) => !said.includes(name)) ?? [];
    return [
      ...unknown.map((name) => ({ text: `\`${name}\` doesn't belong into this row`, line })),
      ...missing.map((name) => ({ text: `\`${name}\` is missing in this row`, line })),
    ];
  });
}

/**
 * @param {Facts} facts
 * @returns {Expected}
 */
function problemsIn({ problems }) {
  return rows(
    Object.entries(problems).map(([error, { status, flowEnded, retryable, attemptCounted }]) => [
      error,
      {
        HTTP: String(status),
        "Flow ended": yes(flowEnded),
        Retry: yes(retryable),
        "Attempt counted": attemptCounted === null ? "unknown" : yes(attemptCounted),
      },
    ]),
  );
}

/** @param {boolean} fact */
function yes(fact) {
  return fact ? "yes" : "";
}

/**
 * @param {Facts} facts
 * @returns {Expected}
 */
function callsIn({ routes, bodies }) {
  return rows(
    routes.map((route) => [`${route.method} ${route.path}`, { Body: membersOf(bodies[route.function]) }]),
  );
}

/**
 * @param {Facts} facts
 * @returns {Expected}
 */
function actionsIn({ simulatorActions }) {
  return rows(
    simulatorActions.map(({ name, body, offeredIn }) => [
      name,
      { Body: membersOf(body), "Offered in": offeredIn.toSorted().join(", ") },
    ]),
  );
}

/** @param {ObjectSchema | undefined} body */
function membersOf(body) {
  const members = Object.entries(body?.shape ?? {}).map(([name, schema]) =>
    z.safeParse(schema, undefined).success ? `${name}?` : name,
  );
  return members.toSorted().join(", ");
}

/**
 * @param {Facts} facts
 * @returns {Expected}
 */
function variablesIn({ variables }) {
  return rows(
    Object.entries(variables).map(([name, { required, fallback, values }]) => [
      name,
      {
        ...(values === undefined ? {} : { Values: values }),
        Default: required ? "required" : fallback || "empty",
      },
    ]),
  );
}

/**
 * @param {Facts} facts
 * @returns {Expected}
 */
function workflowCallsIn({ workflowCalls }) {
  return rows(
    Object.entries(workflowCalls).map(([name, members]) => [
      name,
      { Members: members.toSorted().join(", ") },
    ]),
  );
}

/**
 * @param {readonly (readonly [string, Readonly<Record<string, string>>])[]} entries
 * @returns {Expected}
 */
function rows(entries) {
  return new Map(entries);
}

/** @param {Cell} cell */
function text(cell) {
  return cell.text;
}

/**
 * What a cell has in backticks, in any order.
 *
 * @param {Cell} cell
 */
function names({ codes }) {
  return codes.toSorted().join(", ");
}
