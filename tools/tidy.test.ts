/**
 * The tidy test: the repository keeps the laws of the house, and every law can be broken, which a planted violation
 * shows for each of them on a list of files of its own.
 */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { rooms } from "./rooms.ts";
import { readSources, type Source } from "./sources.ts";
import { laws, tidy } from "./tidy.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A small house that keeps every law. */
const paragraph = "/** A file of the small house, which keeps every law. */\n";
const rule = 'export const topUp = rule({ id: "top-up" });\n';
const clean: readonly Source[] = [
  {
    path: "package.json",
    text: '{ "dependencies": { "immer": "1", "fast-check": "1", "zod": "1" }, "devDependencies": { "vitest": "1" } }',
  },
  { path: "spec/index.ts", text: `${paragraph}export * from "./rules/cycles.ts";\n` },
  { path: "spec/rules/cycles.ts", text: paragraph + rule },
  {
    path: "model/index.ts",
    text: `${paragraph}import { topUp } from "../spec/index.ts";\nexport const grow = transition(topUp)<Args>({});\n`,
  },
  { path: "impl/index.ts", text: `${paragraph}/** @rule top-up */\nexport const add = 1;\n` },
  { path: "properties/index.ts", text: `${paragraph}export const conserved = { cites: ["top-up"] };\n` },
  {
    path: "conformance/adapters/process.ts",
    text: `${paragraph}import { spawn } from "node:child_process";\nexport const start = spawn;\n`,
  },
];

/** The clean house with one file put in, or put in another's place. */
const withFile = (path: string, text: string): readonly Source[] => [...clean.filter((file) => file.path !== path), { path, text }];
const withCode = (path: string, code: string): readonly Source[] => withFile(path, paragraph + code);

/** Law, what is planted, the files, and what the fault must say. */
const planted: readonly (readonly [law: string, title: string, files: readonly Source[], says: string])[] = [
  [
    "boundaries",
    "the model imports impl",
    withCode("model/step.ts", 'import { add } from "../impl/index.ts";'),
    "model may not import impl",
  ],
  [
    "boundaries",
    "impl imports a type of the model",
    withCode("impl/step.ts", 'import type { State } from "../model/index.ts";'),
    "impl may not import model",
  ],
  [
    "boundaries",
    "conformance imports impl at run time",
    withCode("conformance/trial.ts", 'const engine = await import("../impl/index.ts");'),
    "conformance may not import impl",
  ],
  [
    "boundaries",
    "spec takes a type out of the model",
    withCode("spec/view.ts", 'export type State = import("../model/index.ts").State;'),
    "spec may not import model",
  ],
  [
    "boundaries",
    "properties re-export conformance",
    withCode("properties/all.ts", 'export * from "../conformance/index.ts";'),
    "properties may not import conformance",
  ],
  [
    "boundaries",
    "a test imports a leaf",
    withCode("spec/unit.test.ts", 'import { ratio } from "../bench/index.ts";'),
    "spec may not import bench",
  ],
  ["boundaries", "a folder that is no room", withCode("extra/index.ts", "export const a = 1;"), "is in no room"],
  [
    "through-the-door",
    "the model goes round the door of spec",
    withCode("model/step.ts", 'import { topUp } from "../spec/rules/cycles.ts";'),
    "enter spec by spec/index.ts",
  ],
  [
    "through-the-door",
    "a test goes round the door of the model",
    withCode("impl/a.test.ts", 'import { fire } from "../model/fire.ts";'),
    "enter model by model/index.ts",
  ],
  [
    "through-the-door",
    "an import without extension",
    withCode("model/step.ts", 'import { fire } from "./fire";'),
    "must end in .ts or .json",
  ],
  [
    "no-cycles",
    "a file needs itself through another",
    [...withCode("model/a.ts", 'import { b } from "./b.ts";'), { path: "model/b.ts", text: `${paragraph}export { a } from "./a.ts";` }],
    "model/a.ts -> model/b.ts -> model/a.ts",
  ],
  ["packages-of-rooms", "impl uses immer", withCode("impl/step.ts", 'import { produce } from "immer";'), "impl may not use package immer"],
  [
    "packages-of-rooms",
    "spec takes a type of zod",
    withCode("spec/wire.ts", 'import type { z } from "zod/v4";'),
    "spec may not use package zod",
  ],
  [
    "packages-of-rooms",
    "a package that nobody declared",
    withCode("tools/count.ts", 'import { sum } from "@scope/sum/deep.js";'),
    "@scope/sum is not declared",
  ],
  [
    "node-modules",
    "properties read a file",
    withCode("properties/read.ts", 'import { readFileSync } from "node:fs";'),
    "node:fs may not be used in properties",
  ],
  [
    "node-modules",
    "conformance uses Node outside its borders",
    withCode("conformance/trial.ts", 'import { join } from "node:path";'),
    "node:path may not be used in conformance outside",
  ],
  ["readable-length", "a file of 301 lines", withCode("model/step.ts", "//\n".repeat(300)), "has 301 lines"],
  ["readable-length", "a Python machine of 401 lines", withFile("examples/python/machine.py", "pass\n".repeat(401)), "has 401 lines"],
  ["opens-with-paragraph", "a file without a comment", withFile("model/step.ts", "export const a = 1;\n"), "must open with a doc comment"],
  [
    "opens-with-paragraph",
    "a file that opens with a line comment",
    withFile("model/step.ts", "// Not a paragraph, whatever it says.\n"),
    "must open with a doc comment",
  ],
  [
    "opens-with-paragraph",
    "a file whose comment says nothing",
    withFile("model/step.ts", "/** Steps. */\nexport const a = 1;\n"),
    "no sentence",
  ],
  ["plain-typescript", "a default export", withCode("model/step.ts", "export default () => 1;"), "default export"],
  ["plain-typescript", "a default function", withCode("model/step.ts", "export default function step() {}"), "default export"],
  [
    "plain-typescript",
    "a default under another name",
    withCode("model/step.ts", "const a = 1; export { a as default };"),
    "default export",
  ],
  ["plain-typescript", "an enum", withCode("model/step.ts", "enum Status { Open }"), "enum"],
  ["plain-typescript", "a namespace", withCode("model/step.ts", "namespace Inner { export const a = 1; }"), "namespace"],
  [
    "plain-typescript",
    "a parameter property",
    withCode("model/step.ts", "class A { constructor(readonly a: number) {} }"),
    "parameter property",
  ],
  ["banned-names", "a file of helpers", withCode("model/test-helpers.ts", ""), '"helpers" does not say'],
  ["banned-names", "a folder called common", withCode("model/common/sum.ts", ""), '"common" does not say'],
  ["no-places", "a folder of somebody's machine", withFile("README.md", ["See ", "home", "someone/notes.md\n"].join("/")), "names a place"],
  ["no-places", "another registry", withFile(".npmrc", ["registry", "https://packages.example.test/\n"].join("=")), "names a place"],
  [
    "no-places",
    "a locked package from elsewhere",
    withFile("package-lock.json", '{ "resolved": "https://packages.example.test/a.tgz" }'),
    "packages.example.test",
  ],
  [
    "known-rules",
    "a tag for a rule that is not there",
    withCode("impl/step.ts", "/** @rule top-up, top-down: both ways */"),
    "there is no rule top-down",
  ],
  [
    "known-rules",
    "a citation of a rule that is not there",
    withCode("properties/a.ts", 'const p = { cites: ["top-up", "bottom-up"] };'),
    "there is no rule bottom-up",
  ],
  ["known-rules", "a rule that is said twice", withCode("spec/rules/money.ts", rule), "rule top-up is said twice"],
  ["known-rules", "vectors of a rule that is not there", withFile("vectors/top-down/grows.json", "{}"), "there is no rule top-down"],
  ["every-rule-everywhere", "a rule without a transition", withCode("model/index.ts", ""), "has no transition in model/"],
  ["every-rule-everywhere", "a rule without a tag", withCode("impl/index.ts", "/** top-up */"), "has no @rule tag in impl/"],
  [
    "every-rule-everywhere",
    "a rule whose only tag is in a test",
    [...withCode("impl/index.ts", ""), { path: "impl/a.test.ts", text: "/** @rule top-up */" }],
    "has no @rule tag in impl/",
  ],
  [
    "every-rule-everywhere",
    "a rule that nothing cites",
    withCode("properties/index.ts", 'const seen = { mentions: ["top-up"] };'),
    "is cited by no property",
  ],
  [
    "every-rule-everywhere",
    "a rule without vectors, when there are vectors",
    withFile("vectors/manifest.json", "{}"),
    "has no folder in vectors/",
  ],
];

describe("the repository", () => {
  const files = readSources(root);
  test("is read: every room that has code is in the list", () => {
    for (const room of ["spec", "properties", "tools"]) expect(files.some(({ path }) => path.startsWith(`${room}/`))).toBe(true);
    expect(files.length).toBeGreaterThan(20);
  });
  for (const law of laws) test(`keeps the law: ${law.statement}`, () => expect(tidy(files, [law])).toEqual([]));
});

describe("every law can be broken", () => {
  test("and is broken here below", () => {
    expect([...new Set(planted.map(([law]) => law))].sort()).toEqual(laws.map(({ id }) => id).sort());
  });
  for (const [law, title, files, says] of planted)
    test(`${law}: ${title}`, () => {
      const faults = tidy(
        files,
        laws.filter(({ id }) => id === law),
      );
      expect(faults).toHaveLength(1);
      expect(faults[0]).toContain(says);
    });
  test("while the clean list that they are made from breaks none", () => expect(tidy(clean)).toEqual([]));
});

describe("the table of rooms", () => {
  test("has no cycle", () => {
    const reachable = (name: string): ReadonlySet<string> =>
      rooms.find((room) => room.name === name)!.rooms.reduce((all, next) => new Set([...all, next, ...reachable(next)]), new Set<string>());
    for (const { name } of rooms) expect(reachable(name).has(name)).toBe(false);
  });
});
