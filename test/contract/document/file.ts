import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonObject } from "../json.ts";

const docs = join(import.meta.dirname, "../../../docs");

/** The committed document. */
export const documentPath = join(docs, "openapi.json");

/** The document of the last release, with which the committed one is compared. */
export const releasedPath = join(docs, "openapi.released.json");

/**
 * A document from its file.
 *
 * @throws when it is no JSON object
 */
export function readDocument(path: string): JsonObject {
  const document: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isObject(document)) throw new Error(`${path} is no document.`);
  return document;
}
