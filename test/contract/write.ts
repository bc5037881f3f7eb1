// Writes docs/openapi.json anew.
import { writeFileSync } from "node:fs";
import { openApiText } from "./document/document.ts";
import { documentPath } from "./document/file.ts";

writeFileSync(documentPath, openApiText());
