/**
 * The kill table: which property notices when a clause is taken out of the specification. It is written by
 * `canon mutants --json`, committed as `docs/evidence/mutants.json`, and read here with distrust: it must speak of
 * exactly the clauses of the catalogue and of properties that exist, or it is evidence for something else.
 */
import { clauseName, type ClauseId } from "../spec/index.ts";

/** What became of one clause when it was taken out. */
export interface Kill extends ClauseId {
  /** The properties that noticed. */
  readonly killedBy: readonly string[];
  /** Whether one of them is a law, which knows no reference. */
  readonly byLaw: boolean;
  /** Why nothing can notice, where that is so. */
  readonly equivalent: string | null;
}

export interface KillTable {
  /** The hash of the catalogue that it was made from; `null` when it does not say. */
  readonly catalogue: string | null;
  readonly clauses: readonly Kill[];
}

/** What the catalogue and the suite know, to hold a table to. */
export interface Known {
  readonly clauses: readonly ClauseId[];
  readonly properties: readonly { readonly id: string; readonly kind: "law" | "agreement" }[];
  readonly catalogue: string;
}

/** @throws Error naming the field, what was expected and what came. */
export const parseKillTable = (text: string): KillTable => {
  const table = record(JSON.parse(text), "mutants.json");
  expect(table["version"] === 1, "version", "1", table["version"]);
  const { catalogue = null, clauses } = table;
  expect(catalogue === null || typeof catalogue === "string", "catalogue", "a hash", catalogue);
  expect(Array.isArray(clauses), "clauses", "a list", clauses);
  return { catalogue: catalogue as string | null, clauses: (clauses as readonly unknown[]).map(killOf) };
};

/** Why a table is not evidence for this catalogue and this suite, one fact a line; empty when it is. */
export const faultsOfKillTable = (table: KillTable, { clauses, properties, catalogue }: Known): readonly string[] => {
  const named = table.clauses.map(clauseName);
  const wanted = clauses.map(clauseName);
  const kinds = new Map(properties.map(({ id, kind }) => [id, kind]));
  return [
    ...(table.catalogue === null || table.catalogue === catalogue
      ? []
      : [`it was made from catalogue ${table.catalogue}, and this is catalogue ${catalogue}`]),
    ...wanted.filter((name) => !named.includes(name)).map((name) => `clause ${name} is missing`),
    ...named.filter((name) => !wanted.includes(name)).map((name) => `there is no clause ${name}`),
    ...named.filter((name, at) => named.indexOf(name) < at).map((name) => `clause ${name} stands twice`),
    ...table.clauses.flatMap((kill) => faultsOfKill(kill, kinds).map((fault) => `clause ${clauseName(kill)}: ${fault}`)),
  ];
};

/** The headline numbers of a table. */
export interface Strength {
  readonly clauses: number;
  readonly killed: number;
  readonly byLaw: number;
  readonly equivalent: number;
}

export const strengthOf = ({ clauses }: Pick<KillTable, "clauses">): Strength => ({
  clauses: clauses.length,
  killed: clauses.filter(({ killedBy }) => killedBy.length > 0).length,
  byLaw: clauses.filter(({ byLaw }) => byLaw).length,
  equivalent: clauses.filter(({ killedBy, equivalent }) => killedBy.length === 0 && equivalent !== null).length,
});

const killOf = (value: unknown, at: number): Kill => {
  const field = `clauses[${at}]`;
  const { rule, kind, clause, killedBy, byLaw, equivalent = null } = record(value, field);
  expect(typeof rule === "string", `${field}.rule`, "the id of a rule", rule);
  expect(kind === "when" || kind === "then", `${field}.kind`, "when or then", kind);
  expect(typeof clause === "string", `${field}.clause`, "the name of a clause", clause);
  expect(
    Array.isArray(killedBy) && killedBy.every((id) => typeof id === "string"),
    `${field}.killedBy`,
    "a list of property ids",
    killedBy,
  );
  expect(typeof byLaw === "boolean", `${field}.byLaw`, "true or false", byLaw);
  expect(equivalent === null || typeof equivalent === "string", `${field}.equivalent`, "an argument", equivalent);
  return { rule, kind, clause, killedBy, byLaw, equivalent } as Kill;
};

const faultsOfKill = ({ killedBy, byLaw, equivalent }: Kill, kinds: ReadonlyMap<string, "law" | "agreement">): readonly string[] => [
  ...killedBy.filter((id) => !kinds.has(id)).map((id) => `there is no property ${id}`),
  ...(byLaw === killedBy.some((id) => kinds.get(id) === "law") ? [] : [`byLaw is ${byLaw}, which its killers do not bear out`]),
  ...(killedBy.length === 0 && (equivalent ?? "").trim() === "" ? ["nothing kills it, and there is no argument why nothing can"] : []),
  ...(killedBy.length > 0 && equivalent !== null ? ["it is killed, and yet there is an argument why it cannot be"] : []),
];

const record = (value: unknown, field: string): Readonly<Record<string, unknown>> => {
  expect(typeof value === "object" && value !== null && !Array.isArray(value), field, "an object", value);
  return value as Readonly<Record<string, unknown>>;
};

const expect = (holds: boolean, field: string, expected: string, came: unknown): void => {
  if (!holds) throw new Error(`${field}: expected ${expected}, got ${JSON.stringify(came) ?? "nothing"}`);
};
