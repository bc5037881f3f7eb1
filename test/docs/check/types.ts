import type * as z from "zod";

/** The schema of an object, in whichever of zod's two forms. */
export interface ObjectSchema extends z.core.$ZodType {
  readonly shape: Readonly<Record<string, z.core.$ZodType>>;
}

/** What is wrong, and where. */
export interface Fault {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly what: string;
}

/** The files of a repository. */
export interface Tree {
  /** Paths from the root, with `/` between the names. */
  readonly paths: ReadonlySet<string>;
  /** The paths of all folders that have a file in them. */
  readonly folders: ReadonlySet<string>;
  read(path: string): string;
}

/** A piece of text, and the line that it stands in. */
export interface Piece {
  readonly text: string;
  readonly line: number;
}

/** A paragraph, or a comment: text that reads on over the ends of lines. */
export interface Passage {
  readonly text: string;
  /** The line of the character at an offset. */
  lineAt(offset: number): number;
}

/** The comments of a source file. */
export interface Comments {
  readonly path: string;
  /** Of the whole file. */
  readonly lines: readonly string[];
  /** Each comment as it is read: lines of `//` that follow each other are one. */
  readonly passages: readonly Passage[];
  /** The lines that have a comment on them. */
  readonly commented: ReadonlySet<number>;
}

/** A block of code; the line is that of its first line of code. */
export interface Fence extends Piece {
  readonly language: string;
}

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  /** What stands in backticks. */
  readonly codes: readonly string[];
}

/** A row of a table. */
interface Row {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** A table. */
export interface Table {
  /** From the comment above it: `<!-- table: name -->`. */
  readonly name: string | undefined;
  readonly line: number;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** A table whose end has not been read yet. */
export interface OpenTable {
  readonly name: string | undefined;
  readonly line: number;
  readonly rows: { readonly line: number; readonly cells: Cell[] }[];
}

/** What the code says of the rows of a table: by what the first cell names, and then by column. */
export type Expected = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A row of a table, less its first cell, and what the code says of it. */
export interface Compared extends Row {
  readonly key: string;
  readonly expected: Readonly<Record<string, string>>;
}

/** A Markdown file. */
export interface Page {
  readonly path: string;
  /** What a link may name after `#`. */
  readonly anchors: ReadonlySet<string>;
  /** What a citation may name: headings, first cells of rows, and what a paragraph begins with in bold. */
  readonly titles: readonly string[];
  /** By the number of a heading: the first cells of the tables below it. */
  readonly sections: ReadonlyMap<string, ReadonlySet<string>>;
  readonly links: readonly Piece[];
  readonly codes: readonly Piece[];
  readonly fences: readonly Fence[];
  readonly tables: readonly Table[];
  /** Comments that name a table, with no table below. */
  readonly strayMarks: readonly Piece[];
  readonly passages: readonly Passage[];
}

/** What the table of problems says of one. */
interface ProblemFact {
  readonly status: number;
  readonly flowEnded: boolean;
  readonly retryable: boolean;
  readonly attemptCounted: boolean | null;
}

/** A method on a path, and the function behind it. */
export interface RouteFact {
  readonly method: string;
  readonly path: string;
  readonly function: string;
}

/** What can be told of an environment variable. */
export interface VariableFact {
  readonly required: boolean;
  readonly fallback: string | undefined;
  /** Such as `1–100`, or the words with commas between them; nothing for any other text. */
  readonly values: string | undefined;
}

/** A flow action that the simulator performs. */
interface ActionFact {
  readonly name: string;
  readonly body: ObjectSchema;
  readonly offeredIn: readonly string[];
}

/** What a workflow may meet, by what it has to do then. */
interface ErrorFacts {
  readonly retryable: readonly string[];
  /** After these there is nothing to settle. */
  readonly settled: readonly string[];
  readonly open: readonly string[];
}

/** What the documents repeat of the sources. */
export interface Facts {
  readonly problems: Readonly<Record<string, ProblemFact>>;
  /** By the name of every problem that a request can meet, the gateway's own too: its HTTP status. */
  readonly catalogue: Readonly<Record<string, number>>;
  readonly routes: readonly RouteFact[];
  /** By function: the schema of its body over HTTP. */
  readonly bodies: Readonly<Record<string, ObjectSchema>>;
  readonly variables: Readonly<Record<string, VariableFact>>;
  readonly simulatorActions: readonly ActionFact[];
  /** Lines of the runbook. */
  readonly alarms: readonly string[];
  /** By function: the members of a workflow's call. */
  readonly workflowCalls: Readonly<Record<string, readonly string[]>>;
  readonly workflowErrors: ErrorFacts;
  /** The input of the sign-on workflow. */
  readonly executionInput: ObjectSchema;
  /** The scripts of `package.json`. */
  readonly scripts: ReadonlySet<string>;
  /** The columns that the formatter leaves to a line. */
  readonly lineWidth: number;
}
