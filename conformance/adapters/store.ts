/**
 * The failure store: one JSON file for each failure, under `.canon/failures/`. Files are written whole or not at all,
 * read through the schema, and never removed by the kit itself.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { StoredFailure } from "../failure.ts";
import { messageOf } from "../fault.ts";
import { encodePretty } from "../json.ts";
import { BorderError, readText } from "../schemas/border.ts";
import { storedFailureSchema } from "../schemas/failure.ts";

/** Where failures lie when nobody says another place. */
export const failuresFolder = join(".canon", "failures");

/** Largest file that is read. @unit bytes */
const largestFile = 64 * 1024 * 1024;

export interface Stored {
  readonly failures: readonly StoredFailure[];
  /** Files that are no failures, each with what is wrong. */
  readonly unreadable: readonly { readonly file: string; readonly because: string }[];
}

/** What lies in the store, in the order of the ids; an absent folder is an empty store. */
export const loadFailures = (folder = failuresFolder): Stored => {
  const failures: StoredFailure[] = [];
  const unreadable: { file: string; because: string }[] = [];
  for (const name of namesIn(folder)) {
    const file = join(folder, name);
    try {
      failures.push(readFailure(file));
    } catch (reason) {
      unreadable.push({ file, because: messageOf(reason) });
    }
  }
  return { failures, unreadable };
};

/** @throws BorderError when the file cannot be read, or is no failure. */
export const readFailure = (file: string): StoredFailure => readText(storedFailureSchema, readWhole(file), file);

/** Keeps a failure; the file that holds it. */
export const saveFailure = (failure: StoredFailure, folder = failuresFolder): string => {
  mkdirSync(folder, { recursive: true });
  const file = fileOf(failure.id, folder);
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, `${encodePretty(failure)}\n`);
  renameSync(unfinished, file);
  return file;
};

/** Removes a failure; whether it was there. */
export const removeFailure = (id: string, folder = failuresFolder): boolean => {
  const name = namesIn(folder).find((candidate) => basename(candidate, ".json") === id);
  if (name === undefined) return false;
  rmSync(join(folder, name));
  return true;
};

export const fileOf = (id: string, folder = failuresFolder): string => join(folder, `${id}.json`);

/** The text of a file. @throws BorderError with one clear line when there is none, or too much. */
export const readWhole = (file: string): string => {
  try {
    const { size } = statSync(file);
    if (size > largestFile) throw new BorderError(file, [`expected at most ${largestFile} bytes, got ${size}`]);
    return readFileSync(file, "utf8");
  } catch (reason) {
    if (reason instanceof BorderError) throw reason;
    const { code } = reason as NodeJS.ErrnoException;
    throw new BorderError(file, [code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : messageOf(reason)]);
  }
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new BorderError(folder, [messageOf(reason)]);
  }
};
