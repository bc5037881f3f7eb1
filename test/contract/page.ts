import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ServedFiles } from "../local/files.ts";
import { documentPath } from "./document/file.ts";

/** Where the document of the API is served. */
export const documentUrl = "/openapi.json";
/** Where it can be read. */
export const pageUrl = "/reference";

const scriptUrl = `${pageUrl}/explorer.js`;
const beginUrl = `${pageUrl}/begin.js`;

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PingOne sign-on functions</title>
<script type="module" src="${scriptUrl}"></script>
<script type="module" src="${beginUrl}"></script>
</head>
<body></body>
</html>
`;

/** The calls that the page makes go to where it came from. */
const begin = `const explorer = document.createElement("openapi-explorer");
explorer.setAttribute("server-url", location.origin);
explorer.setAttribute("spec-url", "${documentUrl}");
document.body.append(explorer);
`;

/**
 * The document of the API and a page to read it on: files for the sandbox. The page's script comes from an
 * npm package, and the page asks nobody else for anything.
 */
export function referenceFiles(): ServedFiles {
  const script = fileURLToPath(import.meta.resolve("openapi-explorer/dist/browser/openapi-explorer.min.js"));
  return new Map([
    [documentUrl, { type: "application/json", content: readFileSync(documentPath) }],
    [pageUrl, { type: "text/html; charset=utf-8", content: page }],
    [beginUrl, { type: "text/javascript; charset=utf-8", content: begin }],
    [scriptUrl, { type: "text/javascript; charset=utf-8", content: readFileSync(script) }],
  ]);
}
