/**
 * What becomes of something that others test, or that a source says: it is covered, by properties that would condemn a
 * machine which did otherwise; or it is not yet, or out of scope, for a reason that is said here once. A fate that names a
 * property which is not there, or a clause that none of its properties notices, is a fate that nobody should believe.
 */
import { clauseName, type ClauseId } from "../spec/index.ts";
import type { Property } from "../properties/index.ts";
import type { Kill } from "./kill-table.ts";

export type Fate =
  /** Ids of properties, and names of clauses, which have dots. */
  { readonly covered: readonly string[] } | { readonly notYet: string } | { readonly outOfScope: string };

export type FateKind = "covered" | "notYet" | "outOfScope";

export const kindOf = (fate: Fate): FateKind => ("covered" in fate ? "covered" : "notYet" in fate ? "notYet" : "outOfScope");

/** Covered by these properties, and told apart by the vectors of these clauses. */
export const by = (...covered: readonly string[]): Fate => ({ covered });

/** A clause among the names of a fate, as `rule`, `kind` and `clause`; `null` for a property. */
export const clauseOf = (name: string): ClauseId | null => {
  const [rule = "", kind, clause] = name.split(".");
  return (kind === "when" || kind === "then") && clause !== undefined ? { rule, kind, clause } : null;
};

/** What the tree of the state does not hold, and what is not handed out of it. */
export const restOfTheTree: Fate = {
  notYet:
    "the rest of the state tree: controllers, modules, metadata, subnets; certificates that a canister gets in a query; who may read what",
};
export const restOfManagement: Fate = {
  notYet:
    "the rest of the management canister: the upload of snapshots, logs, metrics, what modules and histories occupy, all else that a status says, and amounts beyond 2^128",
};
export const systemCanisters: Fate = { notYet: "canisters of the system: ids that are theirs by name, and scripts that mint" };
export const namesOfSubnets: Fate = { notYet: "ids of subnets: no range of canisters belongs to one, and nobody calls one" };
export const unsayable: Fate = { notYet: "a timer for a time instead of a delay: no script says that" };
export const textOfRejects: Fate = {
  outOfScope: "the text of a reject is for people, and of its implementation; the code says what happened",
};
export const publicKeys: Fate = { notYet: "public keys of canisters, and paths by which keys are derived" };
export const bitcoin: Fate = { notYet: "what the nodes bring to the Bitcoin canister: blocks, and that a transaction was sent" };
export const outsideOfOutcalls: Fate = {
  outOfScope:
    "what an outcall says and is told: headers, bodies and transforms are of the nodes, which agree before a block has the answer",
};
export const migration: Fate = { notYet: "subnets that split, and canisters that move: the routes of a world are fixed" };

export const authentication: Fate = { outOfScope: "authentication: a user has no identity here, and a message no signature" };
export const httpInterface: Fate = { outOfScope: "the HTTP interface: envelopes, paths and encodings of requests" };
export const consensus: Fate = { outOfScope: "consensus: blocks are inputs here" };
export const wasmEngine: Fate = {
  outOfScope:
    "the Wasm engine: which modules are valid, of what pieces a call or a reply is put together, how wide numbers are, what a module prints; a script stands for code (decision 16)",
};
export const insides: Fate = { outOfScope: "the insides of one implementation, which another need not have" };
export const cryptography: Fate = { outOfScope: "cryptography by itself: a library does it, with tests of its own" };

/** What a fate is held to. */
export interface KnownLaws {
  readonly properties: readonly Pick<Property, "id" | "kind" | "cites">[];
  readonly clauses: readonly ClauseId[];
  /** Who noticed a clause that was taken out, as far as anybody took it out. */
  readonly kills: readonly Pick<Kill, "rule" | "kind" | "clause" | "killedBy">[];
}

/** Why a fate is not to be believed, one fact a line; empty when it is. */
export const objectionsToFate = (fate: Fate, { properties, clauses, kills }: KnownLaws): readonly string[] => {
  if (!("covered" in fate)) return Object.values(fate).every((reason) => reason.trim() !== "") ? [] : ["it gives no reason"];
  const named = properties.filter(({ id }) => fate.covered.includes(id));
  const objectionTo = (name: string, at: number): readonly string[] => {
    if (fate.covered.indexOf(name) < at) return [`${name} stands twice`];
    const clause = clauseOf(name);
    if (clause === null) return named.some(({ id }) => id === name) ? [] : [`there is no property ${name}`];
    if (!clauses.some((known) => clauseName(known) === name)) return [`there is no clause ${name}`];
    if (!named.some(({ cites }) => cites.some((cited) => cited === clause.rule))) return [`none of its properties cites ${clause.rule}`];
    const kill = kills.find((one) => clauseName(one) === name);
    return kill === undefined || named.some(({ id }) => kill.killedBy.includes(id))
      ? []
      : [`none of its properties notices that ${name} is taken out`];
  };
  return [...fate.covered.flatMap(objectionTo), ...(named.some(({ kind }) => kind === "law") ? [] : ["no law is among its properties"])];
};
