import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { GateFailure, messageOf } from "./failure";

export interface Output {
  /** `-` is stdout. */
  readonly file: string;
  readonly content: string;
}

/**
 * Writes all files or none: each goes to a temporary file beside its place first, and only when all are whole they are
 * renamed. A reader never meets half a report.
 * @throws GateFailure that names the file and why.
 */
export function writeOutputs(outputs: readonly Output[], stdout: (content: string) => void): void {
  const files = outputs.filter(({ file }) => file !== "-").map((output) => ({ ...output, path: resolve(output.file) }));
  const written: { readonly temporary: string; readonly path: string }[] = [];
  try {
    for (const { path, content, file } of files) {
      attempt(file, () => {
        makeFolder(dirname(path));
        // A pipe or a device is written to; renaming would replace it by a file.
        const special = isSpecial(path);
        const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
        if (!special) written.push({ temporary: beside, path });
        writeFileSync(special ? path : beside, content);
      });
    }
    for (const { temporary, path } of written) attempt(path, () => renameSync(temporary, path));
  } finally {
    for (const { temporary } of written) removeIfThere(temporary);
  }
  for (const { file, content } of outputs) if (file === "-") stdout(content);
}

function attempt(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new GateFailure(`${file} cannot be written: ${messageOf(error)}`);
  }
}

/** Node's own recursive form never ends where the system says ENOENT for a folder whose parent is there, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new Error("it is a folder");
  return found !== undefined && !found.isFile();
}

/** Node 24 fails even with `force` where a part of the path is a file; what failed before is what is to be told. */
function removeIfThere(file: string): void {
  if (existsSync(file)) rmSync(file, { force: true });
}
