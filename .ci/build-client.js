// Builds the client for whoever installs it: one file of JavaScript, and its types.
// Usage: node .ci/build-client.js [folder], which is dist/client unless given.
import { spawnSync } from "node:child_process";
import { build } from "esbuild";

const folder = process.argv[2] ?? "dist/client";

await build({
  entryPoints: ["lib/client/sign-on.ts"],
  outfile: `${folder}/sign-on.js`,
  bundle: true,
  format: "esm",
  // Browsers of 2022 and later, and React Native, whose own build takes it further.
  target: "es2022",
});
const tsc = ["node_modules/typescript/bin/tsc", "-p", "lib/client/tsconfig.json", "--outDir", folder];
const { status } = spawnSync(process.execPath, tsc, { stdio: "inherit" });
process.exitCode = status ?? 1;
