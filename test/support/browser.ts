import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { accessSync, constants, createReadStream, createWriteStream, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";
import { type Browser, chromium } from "playwright-core";
import { patienceMs } from "./patience.ts";

const programs = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser"];
const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The path of a Chromium that starts here: an installed one, else the one that npm has brought. */
const browserPath = installed() ?? (await unpacked());

if (browserPath === undefined && (process.env["CI"] ?? "") !== "") {
  throw new Error("CI needs a browser: install Chromium, or the libraries that the packed one links to.");
}

/** Whether this machine has a browser. */
export const hasBrowser = browserPath !== undefined;

/** What the name of a test says that needs a browser, where there is none. */
export const noBrowserHere = hasBrowser ? "" : " (this machine has no browser, so nobody looked)";

/**
 * Starts a browser without a window. It calls nobody by itself. Whoever starts it closes it.
 *
 * @throws an error where {@link hasBrowser} is false
 */
export function launchBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error("This machine has no browser.");
  return chromium.launch({
    executablePath: browserPath,
    // Containers have no sandbox of their own to give.
    args: ["--no-sandbox", "--disable-background-networking"],
  });
}

function installed(): string | undefined {
  const { PATH = "" } = process.env;
  const places = PATH.split(delimiter).flatMap((folder) => programs.map((name) => join(folder, name)));
  return [...places, ...applications].find(starts);
}

/** The packed one is for Linux on x64. */
async function unpacked(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const path = join(tmpdir(), "chromium");
  if (starts(path)) return path;
  const packed = fileURLToPath(new URL("../bin/chromium.br", import.meta.resolve("@sparticuz/chromium")));
  const half = `${path}-${randomUUID()}`;
  // Test files run side by side: none may start what another one is still writing.
  await pipeline(
    createReadStream(packed),
    createBrotliDecompress(),
    createWriteStream(half, { mode: 0o700 }),
  );
  renameSync(half, path);
  return starts(path) ? path : undefined;
}

function starts(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return false;
  }
  return spawnSync(path, ["--version"], { stdio: "ignore", timeout: patienceMs / 4 }).status === 0;
}
