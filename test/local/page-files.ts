import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { applications } from "../simulator/applications.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { ServedFiles } from "./files.ts";
import { stories } from "./introduction.ts";
import type { SandboxFacts } from "./page/facts.ts";

const folder = fileURLToPath(new URL("page/", import.meta.url));
const client = fileURLToPath(new URL("../../lib/client/sign-on.ts", import.meta.url));
const script = "text/javascript; charset=utf-8";

/**
 * The page at the sandbox's root: `test/local/page/`, built as it is now. It may call any API, so that it can
 * be pointed at one that is deployed.
 */
export function pageFiles(simulator: Pick<Simulator, "baseUrl" | "origin">): ServedFiles {
  return new Map([
    ["/", { type: "text/html; charset=utf-8", content: read("index.html"), callsOthers: true }],
    ["/page.css", { type: "text/css; charset=utf-8", content: read("style.css") }],
    ["/page.js", { type: script, content: bundle(`${folder}main.ts`, "inline") }],
    ["/settings.json", { type: "application/json", content: JSON.stringify(factsOf(simulator)) }],
  ]);
}

/** The client in one file, as `npm run build:client` builds it. */
export function clientScript(): string {
  return bundle(client, false);
}

function read(name: string): Buffer {
  return readFileSync(`${folder}${name}`);
}

function bundle(entryPoint: string, sourcemap: "inline" | false): string {
  const { outputFiles } = buildSync({
    entryPoints: [entryPoint],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    sourcemap,
  });
  return outputFiles.map(({ text }) => text).join("");
}

function factsOf({ baseUrl, origin }: Pick<Simulator, "baseUrl" | "origin">): SandboxFacts {
  return {
    issuer: `${baseUrl}/as`,
    clientId: applications.public.clientId,
    simulator: origin,
    people: stories.flatMap(([policy, who, story]) =>
      who.map(({ username, password = "" }) => ({ policy, username, password, story })),
    ),
  };
}
