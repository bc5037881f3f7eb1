import { type JsonObject, objectAt } from "../json.ts";

/** One operation of the document that carries requests of clients. */
export interface DocumentedOperation {
  readonly method: "DELETE" | "GET" | "POST";
  readonly path: string;
  /** The schema of its body; none where it has no body. */
  readonly body: JsonObject | undefined;
  /** Whether it wants a flow token. */
  readonly isSecured: boolean;
}

const methods = ["DELETE", "GET", "POST"] as const;

/** Every operation of a document but the preflights. */
export function operationsIn(document: JsonObject): readonly DocumentedOperation[] {
  return Object.entries(objectAt(document, "paths")).flatMap(([path, item]) =>
    methods.flatMap((method): DocumentedOperation[] => {
      const operation = objectAt(item, method.toLowerCase());
      if (Object.keys(operation).length === 0) return [];
      const schema = objectAt(operation, "requestBody", "content", "application/json", "schema");
      const body = referred(schema, document);
      const security: unknown = operation["security"];
      return [{ method, path, body, isSecured: Array.isArray(security) && security.length > 0 }];
    }),
  );
}

function referred(schema: JsonObject, document: JsonObject): JsonObject | undefined {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return undefined;
  return objectAt(document, ...reference.replace("#/", "").split("/"));
}
