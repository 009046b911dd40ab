/**
 * The repository as a list of texts, and what can be read off a TypeScript text without running it: its imports, its
 * exports, its comments. The laws of the tidy test are functions over such lists, so a test can plant a violation in
 * a list of its own.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A file of the repository: its path from the root, with slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What one import, re-export, `import()` or import type of a file asks for. */
export interface Import {
  readonly specifier: string;
  /** Whether nothing of it is left at run time: `import type`, not `import { type … }`, of which the import is left. */
  readonly typeOnly: boolean;
  /** Counted from 1. */
  readonly line: number;
}

/** Every file under the root that people write: not what is installed, built, generated or hidden. */
export const readSources = (root: string): readonly Source[] =>
  filesUnder(root, "").map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

export const isTypeScript = (path: string): boolean => path.endsWith(".ts");

/** Parses a text; parents are set, so that a node knows where it stands. */
export const parse = ({ path, text }: Source): ts.SourceFile => {
  const known = parsed.get(text);
  if (known?.fileName === path) return known;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  parsed.set(text, file);
  return file;
};

/** All imports of a file, wherever they stand in it. */
export const importsOf = (source: Source): readonly Import[] => {
  const file = parse(source);
  const found: Import[] = [];
  const add = (literal: ts.Node, typeOnly: boolean): void => {
    if (ts.isStringLiteralLike(literal)) found.push({ specifier: literal.text, typeOnly, line: lineOf(file, literal) });
  };
  walk(file, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isImportCall(node) && node.arguments[0] !== undefined) add(node.arguments[0], false);
  });
  return found;
};

/** The path of the file that a relative specifier names. */
export const resolveFrom = (path: string, specifier: string): string => {
  const parts = path.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
};

/** The line on which a node begins, counted from 1. */
export const lineOf = (file: ts.SourceFile, node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

/** Visits every node of a tree, parents first. */
export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
};

const parsed = new Map<string, ts.SourceFile>();

const skipped: ReadonlySet<string> = new Set(["node_modules", "dist", "coverage", "docs/site"]);
const hiddenButOurs: ReadonlySet<string> = new Set([
  ".ci",
  ".github",
  ".editorconfig",
  ".gitattributes",
  ".gitignore",
  ".npmrc",
  ".prettierignore",
  ".prettierrc.json",
]);
const binary = /\.(png|jpg|ico|woff2|tgz|gz|zip|wasm|pyc)$/;

const filesUnder = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry): readonly string[] => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (skipped.has(path) || entry.name === "node_modules" || entry.name === "__pycache__") return [];
      if (entry.name.startsWith(".") && !hiddenButOurs.has(entry.name)) return [];
      if (entry.isDirectory()) return filesUnder(root, path);
      return entry.isFile() && !binary.test(path) ? [path] : [];
    })
    .sort((left, right) => (left < right ? -1 : 1));

const isImportCall = ({ expression }: ts.CallExpression): boolean =>
  expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === "require");
