/**
 * The tidy tool: the half of the house's style that a machine can check. A law is a sentence with a function that
 * finds where it is broken in a list of files; the test runs all of them over the repository, and each of them over a
 * list with a planted violation, for a law that cannot be broken would say nothing.
 */
import { boundaries, packagesOfRooms, nodeModules, noCycles, throughTheDoor } from "./laws/imports.ts";
import { bannedNames, noPlaces, opensWithParagraph, plainTypeScript, readableLength } from "./laws/files.ts";
import { everyRuleEverywhere, knownRules } from "./laws/rules.ts";
import type { Source } from "./sources.ts";

/** Where a law is broken, and what to do about it. */
export interface Fault {
  readonly path: string;
  /** Counted from 1; `null` when the whole file is meant. */
  readonly line: number | null;
  readonly says: string;
}

export interface Law {
  /** A fact in kebab-case. */
  readonly id: string;
  /** The law as a sentence. */
  readonly statement: string;
  check(files: readonly Source[]): readonly Fault[];
}

export const laws: readonly Law[] = [
  boundaries,
  throughTheDoor,
  noCycles,
  packagesOfRooms,
  nodeModules,
  readableLength,
  opensWithParagraph,
  plainTypeScript,
  bannedNames,
  noPlaces,
  knownRules,
  everyRuleEverywhere,
];

/** Every fault of a list of files, as lines to print: `path:line  what is wrong (law)`. */
export const tidy = (files: readonly Source[], held: readonly Law[] = laws): readonly string[] =>
  held.flatMap((law) => law.check(files).map(({ path, line, says }) => `${path}${line === null ? "" : `:${line}`}  ${says} (${law.id})`));
