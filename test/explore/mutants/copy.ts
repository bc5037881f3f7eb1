import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What the exploration runs on. */
const folders = ["lib", "test/explore", "test/simulator"] as const;

/** The sources in a folder of their own, to be changed. */
export interface Copy {
  readonly folder: string;
  /** Changes the text of a file; makes it where there is none. */
  change(file: string, to: (text: string) => string): void;
  remove(): void;
}

/** Copies the sources that the exploration runs on. */
export function copySources(): Copy {
  const folder = mkdtempSync(join(tmpdir(), "explored-"));
  for (const one of folders) cpSync(join(root, one), join(folder, one), { recursive: true });
  for (const one of ["node_modules", "package.json"]) symlinkSync(join(root, one), join(folder, one));
  return {
    folder,
    change: (file, to) => {
      const path = join(folder, file);
      writeFileSync(path, to(textOf(path)));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
