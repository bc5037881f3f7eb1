declare const grammar: unique symbol;

/**
 * Text that a log line may hold: only the checks in this file make it, so any other text is a type error
 * there. No secret of this product meets the grammars of its own kind; what can't be told by its looks
 * (PingOne's ids and codes are UUIDs too) is kept out by what the checks are given.
 */
interface Checked<Grammar extends string> {
  readonly [grammar]: Grammar;
}

/** Names a request: 8 to 128 of `A–Z a–z 0–9 . _ -`, in the shape of neither a flow token nor a passcode. */
export type RequestId = string & Checked<"request id">;
/** Our id of a flow: a UUID of version 4, in lower case. */
export type FlowId = string & Checked<"flow id">;
/** PingOne's `Correlation-Id`: a UUID. */
export type CorrelationId = string & Checked<"correlation id">;
/** A status of PingOne's or of ours: a word in capitals. */
export type StatusWord = string & Checked<"status">;
/** The name of an error's class. */
export type ErrorName = string & Checked<"error name">;
/** One line of a stack: a function and its place in a file. */
export type StackLine = string & Checked<"stack line">;

/** The text, where it is fit to be logged as what the check is named for. */
type Check<Text extends string> = (text: string | undefined) => Text | undefined;

/**
 * A {@link RequestId}. 43 characters of base64url are a flow token or a PKCE verifier, few
 * digits alone a passcode.
 */
export const requestIdIn = check<RequestId>(/^(?![\w-]{43}$)(?!\d{1,10}$)[\w.-]{8,128}$/);
/** A {@link FlowId}. */
export const flowIdIn = check<FlowId>(
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
);
/** A {@link CorrelationId}. */
export const correlationIdIn = check<CorrelationId>(
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
);
/** A {@link StatusWord}. */
export const statusIn = check<StatusWord>(/^[A-Z][A-Z0-9_]{0,63}$/);
/** An {@link ErrorName}. */
export const errorNameIn = check<ErrorName>(
  /^[A-Z][A-Za-z0-9]{0,50}(?:Error|Exception|Failure|Lost|Unavailable)$|^Error$/,
);
/**
 * A {@link StackLine}, as V8 writes it; the place is a path with line and column.
 *
 * https://v8.dev/docs/stack-trace-api
 */
export const stackLineIn = check<StackLine>(
  /^at (?:async )?(?:[\w$.#<>]+(?: [\w$.#<>]+)?(?: \[as [\w$.#]+\])? \((?:<anonymous>|[\w/:.@+-]+:\d+:\d+)\)|[\w/:.@+-]+:\d+:\d+)$/,
);

function check<Text extends string>(pattern: RegExp): Check<Text> {
  const fits = (text: string): text is Text => pattern.test(text);
  return (text) => (text !== undefined && fits(text) ? text : undefined);
}
