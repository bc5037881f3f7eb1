import * as z from "zod";
import type { JsonObject } from "../json.ts";

/** What is given of a zod schema: what is taken, or what is said. */
type Direction = "input" | "output";

/** A zod schema as JSON Schema (draft 2020-12, which OpenAPI 3.1 is a superset of). */
export function jsonSchema(schema: z.core.$ZodType, io: Direction): JsonObject {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

/** A reference to a schema of the document. */
export function schemaRef(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** A name with hyphens in PascalCase: as Step Functions sees a problem, too. */
export function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * An object with exactly these members.
 *
 * @param optional the names of those that may be absent
 */
export function strictObject(properties: JsonObject, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required, additionalProperties: false };
}
