/** What the book is made from, as it lies in the repository: rules and chapters, the source of the model, the committed kill table. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as spec from "../spec/index.ts";
import type { ModelFile } from "./clause-sources.ts";
import { parseKillTable, type KillTable } from "./kill-table.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

export const killTablePath = "docs/evidence/mutants.json";

/** The files of the model, tests left out. */
export const readModel = (): readonly ModelFile[] =>
  (readdirSync(join(root, "model"), { recursive: true }) as string[])
    .map((path) => `model/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

/** The committed kill table; `null` when there is none yet. @throws Error naming the file and the field that is wrong. */
export const readKillTable = (): KillTable | null => {
  const path = join(root, killTablePath);
  if (!existsSync(path)) return null;
  try {
    return parseKillTable(readFileSync(path, "utf8"));
  } catch (reason) {
    throw new Error(`${killTablePath}: ${reason instanceof Error ? reason.message : String(reason)}`, { cause: reason });
  }
};

/** The rules by the name under which spec exports them, in the order of the catalogue. */
export const rulesByName = (): ReadonlyMap<string, spec.Rule> => {
  const exported = Object.entries(spec) as readonly (readonly [string, unknown])[];
  return new Map(
    spec.rules.map((rule: spec.Rule) => {
      const name = exported.find(([, value]) => value === rule)?.[0];
      if (name === undefined) throw new Error(`rule ${rule.id} is not exported by spec/index.ts`);
      return [name, rule] as const;
    }),
  );
};

/** What each chapter is about: the paragraph with which the file of its rules opens. */
export const readOpenings = (): ReadonlyMap<spec.Chapter, string> =>
  new Map(
    [...new Set(spec.rules.map(({ chapter }) => chapter))].map((chapter) => [
      chapter,
      openingOf(readFileSync(join(root, "spec/rules", `${chapter}.ts`), "utf8")),
    ]),
  );

const openingOf = (text: string): string =>
  (/^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? "")
    .replaceAll(/^\s*\*/gm, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
