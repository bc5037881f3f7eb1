import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { applications } from "../simulator/applications.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { ServedFiles } from "./files.ts";
import { stories } from "./introduction.ts";
import type { SandboxFacts } from "./page/facts.ts";

const folder = fileURLToPath(new URL("page/", import.meta.url));

/**
 * The page at the sandbox's root: `test/local/page/`, built as it is now. It may call any API, so that it can
 * be pointed at one that is deployed.
 */
export function pageFiles(simulator: Pick<Simulator, "baseUrl" | "origin">): ServedFiles {
  return new Map([
    ["/", { type: "text/html; charset=utf-8", content: read("index.html"), callsOthers: true }],
    ["/page.css", { type: "text/css; charset=utf-8", content: read("style.css") }],
    ["/page.js", { type: "text/javascript; charset=utf-8", content: script() }],
    ["/settings.json", { type: "application/json", content: JSON.stringify(factsOf(simulator)) }],
  ]);
}

function read(name: string): Buffer {
  return readFileSync(`${folder}${name}`);
}

function script(): string {
  const { outputFiles } = buildSync({
    entryPoints: [`${folder}main.ts`],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    sourcemap: "inline",
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
