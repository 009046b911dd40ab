/** What the book is made from, as it lies in the repository: rules and chapters, the source of the model, the committed evidence. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSchemas, type FaultsReport } from "../conformance/index.ts";
import { faults } from "../model/index.ts";
import * as spec from "../spec/index.ts";
import type { ModelFile } from "./clause-sources.ts";
import type { NamedFault } from "./hunts.ts";
import { parseKillTable, type KillTable } from "./kill-table.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

export const killTablePath = "docs/evidence/mutants.json";

export const huntsPath = "docs/evidence/faults.json";

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

/** The committed hunts for named faults; `null` when there are none yet. @throws BorderError naming the file and the field that is wrong. */
export const readHunts = async (): Promise<FaultsReport | null> => {
  const path = join(root, huntsPath);
  if (!existsSync(path)) return null;
  const { readText, schemas } = await openSchemas();
  return readText(schemas["report-faults"], readFileSync(path, "utf8"), huntsPath);
};

/** The faults that the model names today. */
export const namedFaults = (): readonly NamedFault[] =>
  faults.map(({ id, source, sentence, replacement }) => ({ id, source, sentence, clause: spec.clauseName(replacement.clause) }));

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
