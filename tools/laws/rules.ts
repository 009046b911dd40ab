/**
 * Laws about rules: a rule is said once in spec and shows in every room. The compiler holds the model to the clauses;
 * here the rest is held: a tag in impl, a property that cites it, a folder of vectors once there are vectors.
 */
import ts from "typescript";
import { isTest } from "../rooms.ts";
import { isTypeScript, lineOf, parse, walk, type Source } from "../sources.ts";
import type { Fault, Law } from "../tidy.ts";

export const everyRuleEverywhere: Law = {
  id: "every-rule-everywhere",
  statement:
    "Every rule id appears in a rule of spec, a transition of model, an @rule tag of impl, the cites of a property, and a folder of vectors.",
  check: (files) => {
    const said = rulesOf(files);
    const places: readonly (readonly [missing: string, ids: ReadonlySet<string>])[] = [
      ["has no transition in model/", idsOf(mentions(files, "model", transitionsIn), said)],
      ["has no @rule tag in impl/", new Set(mentions(files, "impl", tagsIn).map(({ id }) => id))],
      ["is cited by no property", new Set(mentions(files, "properties", citesIn).map(({ id }) => id))],
      ...(files.some(({ path }) => path === "vectors/manifest.json") ? [["has no folder in vectors/", vectorFolders(files)] as const] : []),
    ];
    return said.flatMap(({ id, path, line }) =>
      places.flatMap(([missing, ids]): readonly Fault[] => (ids.has(id) ? [] : [{ path, line, says: `rule ${id} ${missing}` }])),
    );
  },
};

export const knownRules: Law = {
  id: "known-rules",
  statement: "Every @rule tag, citation and folder of vectors names a rule of spec, and no id is said twice.",
  check: (files) => {
    const said = rulesOf(files);
    const known = new Set(said.map(({ id }) => id));
    const named = ["spec", "model", "impl", "properties", "conformance", "cli"].flatMap((room) => mentions(files, room, tagsIn));
    const folders = [...vectorFolders(files)].map((id): Mention => ({ id, path: `vectors/${id}/`, line: 1 }));
    return [
      ...said
        .filter(({ id }, at) => said.findIndex((other) => other.id === id) < at)
        .map(({ id, path, line }) => ({ path, line, says: `rule ${id} is said twice` })),
      ...[...named, ...mentions(files, "properties", citesIn), ...folders]
        .filter(({ id }) => !known.has(id))
        .map(({ id, path, line }) => ({ path, line, says: `there is no rule ${id}` })),
    ];
  },
};

interface Mention {
  readonly id: string;
  readonly path: string;
  readonly line: number;
}

interface SaidRule extends Mention {
  /** The name under which the rule is exported. */
  readonly name: string;
}

/** Every `export const name = rule({ id: "…" })` of spec. */
const rulesOf = (files: readonly Source[]): readonly SaidRule[] =>
  sourcesOf(files, "spec/rules").flatMap((source) => {
    const file = parse(source);
    const said: SaidRule[] = [];
    walk(file, (node) => {
      if (!ts.isVariableDeclaration(node) || node.initializer === undefined || !isCallOf(node.initializer, "rule")) return;
      const [argument] = node.initializer.arguments;
      const id = argument === undefined || !ts.isObjectLiteralExpression(argument) ? undefined : textOf(argument, "id");
      if (id !== undefined) said.push({ id, name: node.name.getText(file), path: source.path, line: lineOf(file, node) });
    });
    return said;
  });

/** The rules that a file of the model makes executable, by the name under which it imports them. */
const transitionsIn = (source: Source): readonly Mention[] => {
  const file = parse(source);
  const imported = new Map<string, string>();
  const found: Mention[] = [];
  walk(file, (node) => {
    if (ts.isImportSpecifier(node)) imported.set(node.name.text, (node.propertyName ?? node.name).text);
    if (!isCallOf(node, "transition")) return;
    const [named] = node.arguments;
    if (named !== undefined && ts.isIdentifier(named))
      found.push({ id: imported.get(named.text) ?? named.text, path: source.path, line: lineOf(file, node) });
  });
  return found;
};

/** `@rule one-id`, `@rule one-id another-id` or `@rule one-id, another-id` in the comments of a file; prose may follow. */
const tagsIn = ({ path, text }: Source): readonly Mention[] =>
  text.split("\n").flatMap((line, at) => {
    const [, tagged] = /@rule[ \t]+(.*)/.exec(line) ?? [];
    const ids: string[] = [];
    let comma = true;
    for (const word of tagged?.split(/(?<=,)|[ \t]+/).filter((part) => part.trim() !== "") ?? []) {
      const id = word.trim().replace(/[,.;:]$/, "");
      if (!(comma || id.includes("-")) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) break;
      ids.push(id);
      comma = word.trim().endsWith(",");
    }
    return ids.map((id): Mention => ({ id, path, line: at + 1 }));
  });

/** Every text in the initializer of a property called `cites`. */
const citesIn = (source: Source): readonly Mention[] => {
  const file = parse(source);
  const found: Mention[] = [];
  walk(file, (node) => {
    if (!ts.isPropertyAssignment(node) || node.name.getText(file) !== "cites") return;
    walk(node.initializer, (inner) => {
      if (ts.isStringLiteral(inner)) found.push({ id: inner.text, path: source.path, line: lineOf(file, inner) });
    });
  });
  return found;
};

const vectorFolders = (files: readonly Source[]): ReadonlySet<string> =>
  new Set(files.flatMap(({ path }) => /^vectors\/([^/]+)\//.exec(path)?.[1] ?? []));

const mentions = (files: readonly Source[], room: string, find: (source: Source) => readonly Mention[]): readonly Mention[] =>
  sourcesOf(files, room).flatMap(find);

const sourcesOf = (files: readonly Source[], folder: string): readonly Source[] =>
  files.filter(({ path }) => path.startsWith(`${folder}/`) && isTypeScript(path) && !isTest(path));

/** Transitions name rules by their exports; this gives their ids. */
const idsOf = (found: readonly Mention[], said: readonly SaidRule[]): ReadonlySet<string> =>
  new Set(found.flatMap(({ id }) => said.filter(({ name }) => name === id).map((rule) => rule.id)));

const isCallOf = (node: ts.Node, name: string): node is ts.CallExpression =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name;

const textOf = (object: ts.ObjectLiteralExpression, key: string): string | undefined => {
  const property = object.properties.find((one) => one.name !== undefined && ts.isIdentifier(one.name) && one.name.text === key);
  return property !== undefined && ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer)
    ? property.initializer.text
    : undefined;
};
