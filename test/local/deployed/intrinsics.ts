import * as z from "zod";

/** The part of a resource that a reference to it needs. */
interface Referred {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const account = "000000000000";

const Join = z.tuple([z.string(), z.array(z.unknown())]);
const Attribute = z.tuple([z.string(), z.string()]);
const AliasProperties = z.looseObject({ FunctionName: z.unknown(), Name: z.string() });

/**
 * Puts local values where a template refers: a resource's physical name is its logical id, and an ARN is made
 * of it. What isn't known here throws, for a wrong value would look like a right one.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export class Intrinsics {
  readonly #resources: Readonly<Record<string, Referred>>;
  readonly #region: string;

  constructor(resources: Readonly<Record<string, Referred>>, region: string) {
    this.#resources = resources;
    this.#region = region;
  }

  /** The value with every reference in it replaced. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((member) => this.resolve(member));
    if (typeof value !== "object" || value === null) return value;
    const [[name, argument] = [""], ...others] = Object.entries(value);
    if (others.length === 0 && /^(Ref|Fn::\w+)$/.test(name)) return this.#apply(name, argument);
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.resolve(member)]));
  }

  #apply(name: string, argument: unknown): string {
    switch (name) {
      case "Ref":
        return this.#reference(z.string().parse(argument));
      case "Fn::GetAtt":
        return this.#attribute(...Attribute.parse(argument));
      case "Fn::Join": {
        const [separator, parts] = Join.parse(argument);
        return parts.map((part) => z.string().parse(this.resolve(part))).join(separator);
      }
      case "Fn::Sub":
        return this.#substitute(z.string().parse(argument));
      default:
        throw new Error(`The template uses ${name}, which isn't known here.`);
    }
  }

  #reference(id: string): string {
    const resource = this.#resources[id];
    if (resource === undefined) return this.#pseudoParameter(id);
    if (resource.Type !== "AWS::Lambda::Alias") return id;
    const { FunctionName, Name } = AliasProperties.parse(resource.Properties);
    return `${this.#arn("lambda", `function:${String(this.resolve(FunctionName))}`)}:${Name}`;
  }

  #attribute(id: string, name: string): string {
    const type = this.#resources[id]?.Type;
    if (type === "AWS::Lambda::Function" && name === "Arn") return this.#arn("lambda", `function:${id}`);
    if (type === "AWS::KMS::Key" && name === "Arn") return this.#arn("kms", `key/${id}`);
    if (type === "AWS::DynamoDB::Table" && name === "Arn") return this.#arn("dynamodb", `table/${id}`);
    return `${this.#reference(id)}.${name}`;
  }

  #substitute(text: string): string {
    return text.replace(/\$\{([^!}]+)\}/g, (_, name: string) => {
      const [id = "", ...rest] = name.split(".");
      return rest.length === 0 ? this.#reference(id) : this.#attribute(id, rest.join("."));
    });
  }

  #pseudoParameter(name: string): string {
    const values: Readonly<Record<string, string>> = {
      "AWS::AccountId": account,
      "AWS::Partition": "aws",
      "AWS::Region": this.#region,
      "AWS::StackName": "local",
      "AWS::URLSuffix": "amazonaws.com",
    };
    const value = values[name];
    if (value === undefined) throw new Error(`The template refers to ${name}, which it doesn't have.`);
    return value;
  }

  #arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.#region}:${account}:${resource}`;
  }
}
