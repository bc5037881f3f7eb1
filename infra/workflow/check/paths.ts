/** Where a JSONPath begins: the state's input or a variable, or the context object. */
type Root = "context" | "state";

/** A path and what can be told from it. */
export interface Path {
  readonly text: string;
  readonly root: Root;
  /** The names it goes through. None of them: it leads to the whole. */
  readonly names: readonly string[];
}

/**
 * The paths that a value is filled from: the value itself, or those among an intrinsic function's arguments.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
export function pathsIn(value: string): Path[] {
  return value.startsWith("$") ? [pathOf(value)] : argumentsOf(value).map(pathOf);
}

/** @param text `$`, `$.a.b`, `$['a']`, `$$.Execution`, `$variable.a` */
export function pathOf(text: string): Path {
  const root = text.startsWith("$$") ? "context" : "state";
  const rest = text.slice(root === "context" ? 2 : 1);
  const names = [...rest.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].flatMap(([, bracket, name]) =>
    bracket === undefined ? [name ?? ""] : quotedNames(bracket),
  );
  return { text, root, names: names.filter((name) => name !== "*") };
}

/** An index, a wildcard and a filter have no names that lead on. */
function quotedNames(bracket: string): string[] {
  if (bracket.startsWith("?")) return [];
  return [...bracket.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? "");
}

/** A text in single quotes, in which a backslash takes the next character with it; or a path with its brackets. */
const argument = /'(?:\\.|[^'\\])*'|(\$(?:\[(?:'[^']*'|"[^"]*"|[^\]'"])*\]|[^,)\s[])*)/g;

function argumentsOf(intrinsic: string): string[] {
  return [...intrinsic.matchAll(argument)].flatMap(([, path]) => path ?? []);
}
