/** What a mapping template has made. */
export interface TemplateResult {
  readonly text: string;
  /** `$context.responseOverride.header.…`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Request headers, by the names that came over the wire. */
type Headers = Readonly<Record<string, string | undefined>>;

const operand = String.raw`(?:\$input\.params\(\)\.header\.get\("[^"]*"\)|\$[\w.-]+|"[^"]*")`;
const term = String.raw`(?:!\$[\w.-]+|${operand}\s*==\s*${operand})`;
const condition = String.raw`${term}(?:\s*\|\|\s*${term})*`;
const directive = new RegExp(
  String.raw`(#set\(\s*\$[\w.-]+\s*=\s*${operand}\s*\)|#if\(\s*${condition}\s*\)|#end)`,
);
const override = "context.responseOverride.header.";

/**
 * Runs the part of the Velocity Template Language that the API's templates use: `#set`, `#if`, `==`, `||`,
 * `!`, and header parameters. Anything else throws, for half a template would answer what nobody wrote.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function runTemplate(template: string, headers: Headers): TemplateResult {
  const run = new Run(headers);
  for (const part of template.split(directive)) run.take(part);
  return run.result();
}

class Run {
  readonly #headers: Headers;
  readonly #variables = new Map<string, string>();
  readonly #conditions: boolean[] = [];
  #text = "";

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  take(part: string): void {
    if (part === "#end") this.#conditions.pop();
    else if (part.startsWith("#if(")) this.#conditions.push(this.#isTrue(part.slice(4, -1).trim()));
    else if (!part.startsWith("#set(") && /[#$]/.test(part)) {
      throw new Error("The template of a mock integration says more than can be run here.");
    } else if (this.#conditions.every(Boolean)) this.#do(part);
  }

  result(): TemplateResult {
    const headers = [...this.#variables].filter(([name]) => name.startsWith(override));
    return {
      text: this.#text.trim(),
      headers: Object.fromEntries(headers.map(([name, value]) => [name.slice(override.length), value])),
    };
  }

  #do(part: string): void {
    const [, name, expression = ""] = /^#set\(\s*\$([\w.-]+)\s*=\s*(.*?)\s*\)$/.exec(part) ?? [];
    const value = this.#read(expression);
    if (name === undefined) this.#text += part;
    else if (value !== undefined) this.#variables.set(name, value);
  }

  #isTrue(asked: string): boolean {
    return asked.split("||").some((term) => this.#isTermTrue(term.trim()));
  }

  #isTermTrue(term: string): boolean {
    if (term.startsWith("!")) return this.#read(term.slice(1)) === undefined;
    const [left, right] = term.split("==").map((side) => this.#read(side.trim()));
    return left !== undefined && left === right;
  }

  #read(expression: string): string | undefined {
    const header = /^\$input\.params\(\)\.header\.get\("(.*)"\)$/.exec(expression)?.[1];
    if (header !== undefined) return this.#headers[header];
    return /^"(.*)"$/.exec(expression)?.[1] ?? this.#variables.get(expression.slice(1));
  }
}
