import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** @import { Tree } from "./types.ts" */

/**
 * The files below a folder, less what its `.gitignore` leaves out.
 *
 * @param {string} root
 * @returns {Tree}
 */
export function readTree(root) {
  const listed = readFileSync(join(root, ".gitignore"), "utf8").split("\n");
  const ignored = new Set([".git", ...listed.map((name) => name.replace(/\/$/, ""))]);
  const paths = [...pathsIn(root, "", ignored)];
  return treeOf(paths, (path) => readFileSync(join(root, path), "utf8"));
}

/**
 * @param {readonly string[]} paths
 * @param {(path: string) => string} read
 * @returns {Tree}
 */
export function treeOf(paths, read) {
  return { paths: new Set(paths), folders: new Set(paths.flatMap(foldersOf)), read };
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {ReadonlySet<string>} ignored
 * @returns {Generator<string>}
 */
function* pathsIn(root, folder, ignored) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (ignored.has(entry.name)) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* pathsIn(root, path, ignored);
    else yield path;
  }
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function foldersOf(path) {
  const folder = dirname(path);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
}
