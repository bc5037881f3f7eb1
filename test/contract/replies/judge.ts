import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { isObject, type JsonObject, objectAt } from "../json.ts";

/** A reply as it leaves the gateway, and the route that it answers. */
export interface GivenReply {
  readonly method: string;
  /** As the route has it, its parameters in braces; empty where no route fits. */
  readonly path: string;
  readonly status: number;
  /** By the name of the header, in any case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Holds replies against an OpenAPI document. */
export class ReplyJudge {
  readonly #document: JsonObject;
  readonly #validators = new Map<JsonObject, ValidateFunction>();
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: JsonObject) {
    this.#document = document;
    addFormats.default(this.#ajv);
  }

  /** What the document doesn't say of a reply: one sentence each. */
  faultsOf(reply: GivenReply): readonly string[] {
    const at = `${reply.method} ${reply.path || "(no route)"} ${reply.status}`;
    const responses = this.#responsesOf(reply);
    if (responses === undefined) return [`${at}: the document has no such operation`];
    const response = this.#resolved(responses[String(reply.status)]);
    if (response === undefined) return [`${at}: the document has no such status`];
    const faults = [...this.#headerFaults(reply, response), ...this.#bodyFaults(reply, response)];
    return faults.map((fault) => `${at}: ${fault}`);
  }

  /** What a request for a path that there isn't is answered may be answered to any request. */
  #responsesOf({ method, path }: GivenReply): JsonObject | undefined {
    const paths = objectAt(this.#document, "paths");
    const [, anyPath] = Object.entries(paths)[0] ?? [];
    const operation =
      path === "" ? objectAt(anyPath, "options") : objectAt(paths, path, method.toLowerCase());
    const responses = objectAt(operation, "responses");
    return Object.keys(responses).length === 0 ? undefined : responses;
  }

  #headerFaults({ headers }: GivenReply, response: JsonObject): readonly string[] {
    const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    return Object.entries(objectAt(response, "headers")).flatMap(([name, told]) => {
      const header = this.#resolved(told) ?? {};
      const value = given.get(name.toLowerCase());
      if (value === undefined) return header["required"] === true ? [`there is no ${name}`] : [];
      const schema = objectAt(header, "schema");
      const read = schema["type"] === "integer" ? Number(value) : value;
      return this.#schemaFaults(name, schema, read);
    });
  }

  #bodyFaults({ headers, body }: GivenReply, response: JsonObject): readonly string[] {
    const content = objectAt(response, "content");
    if (Object.keys(content).length === 0) return body === "" ? [] : ["there is a body"];
    const [, type = ""] =
      Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type") ?? [];
    const media = content[type];
    if (!isObject(media)) return [`Content-Type is ${type}`];
    const value = parsed(body);
    if (value === undefined) return ["the body is no JSON"];
    return this.#schemaFaults("the body", chosen(objectAt(media, "schema"), value), value);
  }

  #schemaFaults(name: string, schema: JsonObject, value: unknown): readonly string[] {
    const validate = this.#validators.get(schema) ?? this.#compiled(schema);
    if (validate(value)) return [];
    return [this.#ajv.errorsText(validate.errors?.slice(0, 4), { dataVar: name })];
  }

  #compiled(schema: JsonObject): ValidateFunction {
    // References lead from the root of what is compiled.
    const validate = this.#ajv.compile({ ...schema, components: this.#document["components"] });
    this.#validators.set(schema, validate);
    return validate;
  }

  #resolved(value: unknown): JsonObject | undefined {
    if (!isObject(value)) return undefined;
    const reference = value["$ref"];
    if (typeof reference !== "string") return value;
    return objectAt(this.#document, ...reference.replace("#/", "").split("/"));
  }
}

/** Of several problems the one whose name the body bears: what is said of it then is about that one. */
function chosen(schema: JsonObject, value: unknown): JsonObject {
  const mapping = objectAt(schema, "discriminator", "mapping");
  const reference = isObject(value) ? mapping[String(value["error"])] : undefined;
  return typeof reference === "string" ? referring(reference) : schema;
}

const referringTo = new Map<string, JsonObject>();

/** The same object for the same reference, so that it is compiled once. */
function referring($ref: string): JsonObject {
  const known = referringTo.get($ref) ?? { $ref };
  referringTo.set($ref, known);
  return known;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
