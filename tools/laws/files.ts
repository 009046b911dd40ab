/**
 * Laws about single files: short enough to read, opening with a paragraph that says what idea lives there, written in
 * the part of TypeScript that is only erased, and silent about the machine on which they were written.
 */
import ts from "typescript";
import { longerFiles, longestFile, longestPython } from "../rooms.ts";
import { isTypeScript, lineOf, parse, walk, type Source } from "../sources.ts";
import type { Fault, Law } from "../tidy.ts";

export const readableLength: Law = {
  id: "readable-length",
  statement: `A TypeScript file has at most ${longestFile} lines, a Python file at most ${longestPython}; a longer one has its reason in tools/rooms.ts.`,
  check: (files) => [
    ...files.flatMap((source): readonly Fault[] => {
      const most = mostLines(source.path);
      const lines = linesOf(source);
      if (lines <= most || longerFiles[source.path] !== undefined) return [];
      return [whole(source, `has ${lines} lines: at most ${most}, or a reason in tools/rooms.ts`)];
    }),
    ...Object.keys(longerFiles).flatMap((path): readonly Fault[] => {
      const source = files.find((file) => file.path === path);
      if (source !== undefined && linesOf(source) > mostLines(path)) return [];
      return [{ path, line: null, says: "needs no reason for its length any more: take it out of tools/rooms.ts" }];
    }),
  ],
};

export const opensWithParagraph: Law = {
  id: "opens-with-paragraph",
  statement: "A file opens with a doc comment that says in a sentence what idea lives in it.",
  check: typescriptLaw((source) => {
    const paragraph = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(source.text)?.[1];
    if (paragraph === undefined) return [whole(source, "must open with a doc comment, before its imports")];
    const words = paragraph.replace(/^\s*\*/gm, " ").trim();
    if (words.split(/\s+/).length >= 5 && /[.:!?]/.test(words)) return [];
    return [whole(source, "opens with a doc comment that is no sentence")];
  }),
};

export const plainTypeScript: Law = {
  id: "plain-typescript",
  statement: "No default exports (configuration excepted), enums, namespaces or parameter properties.",
  check: typescriptLaw((source) => {
    const file = parse(source);
    const faults: Fault[] = [];
    const add = (node: ts.Node, says: string): void => void faults.push({ path: source.path, line: lineOf(file, node), says });
    const configuration = source.path.endsWith(".config.ts");
    walk(file, (node) => {
      if (ts.isEnumDeclaration(node)) add(node, "enum: write a union of literals");
      if (ts.isModuleDeclaration(node)) add(node, "namespace: write a module");
      if (ts.isParameter(node) && ts.isConstructorDeclaration(node.parent) && (node.modifiers?.length ?? 0) > 0)
        add(node, "parameter property: write the field");
      if (!configuration && exportsDefault(node)) add(node, "default export: give it a name");
    });
    return faults;
  }),
};

export const bannedNames: Law = {
  id: "banned-names",
  statement: "No file or folder is called util, helper, manager, common or misc: a name says what is inside.",
  check: (files) =>
    files.flatMap((source): readonly Fault[] => {
      const word = source.path.split(/[/.\-_]/).find((part) => emptyNames.test(part));
      return word === undefined ? [] : [whole(source, `"${word}" does not say what is inside`)];
    }),
};

export const noPlaces: Law = {
  id: "no-places",
  statement: "No file names a folder of the machine that it was written on, nor a package registry other than the public one.",
  check: (files) =>
    files.flatMap((source) =>
      source.text.split("\n").flatMap((text, at): readonly Fault[] => {
        const place = machinePlace.exec(text)?.[0] ?? registryHost.exec(text)?.[0] ?? lockedHost(source.path, text);
        return place === undefined
          ? []
          : [{ path: source.path, line: at + 1, says: `names a place outside the repository: ${place.trim()}` }];
      }),
    ),
};

const whole = ({ path }: Source, says: string): Fault => ({ path, line: null, says });

const linesOf = ({ text }: Source): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

const mostLines = (path: string): number => (isTypeScript(path) ? longestFile : path.endsWith(".py") ? longestPython : Infinity);

const exportsDefault = (node: ts.Node): boolean =>
  ts.isExportAssignment(node) ||
  (ts.isExportSpecifier(node) && node.name.text === "default") ||
  (ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword));

const emptyNames = /^(utils?|utilit(y|ies)|helpers?|managers?|common|misc|miscellaneous)$/i;

/** Folders that exist on one machine only. Written apart, so that this line does not break its own law. */
const machinePlace = new RegExp(
  `(?<![\\w.@~:/-])/(?:${["work", "root", "home", "Users", "mnt", "workspace"].join("|")})/[\\w.-]+|\\b[A-Z]:\\\\{1,2}Users\\b`,
);

const registryHost = /\bregistry\.(?!npmjs\.org\b)(?:[a-z0-9-]+\.)+[a-z]{2,}\b|\bregistry\s*=\s*\S+/;

/** Whatever a lock file says of where a package came from is the public registry. */
const lockedHost = (path: string, text: string): string | undefined => {
  if (path !== "package-lock.json") return undefined;
  const resolved = /"resolved":\s*"(?!https:\/\/registry\.npmjs\.org\/)([^"]*)"/.exec(text);
  return resolved?.[1];
};

/** A law that looks at TypeScript files one by one. A function, for the laws above use it while this file loads. */
function typescriptLaw(check: (source: Source) => readonly Fault[]): Law["check"] {
  return (files) => files.filter(({ path }) => isTypeScript(path)).flatMap(check);
}
