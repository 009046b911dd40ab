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

// Where the layer ends, and why: docs/decisions/0017-where-the-layer-ends.md.
export const codeAndSubnets: Fate = {
  outOfScope:
    "what the tree says of modules and of subnets: a script has no hash and no metadata, and keys and ranges of subnets are given to execution by the registry",
};
export const saidAgain: Fate = {
  outOfScope: "what a status says besides whether the canister runs: its canister reads the same as values, and the view shows it",
};
export const wordsOfTheSender: Fate = {
  outOfScope: "what a request says of the version of its own sender: it is a check on libraries that build requests early",
};
export const sizesOfCode: Fate = { outOfScope: "what modules and histories occupy: scripts have no size, and a history has a length" };
export const logs: Fate = { outOfScope: "what a canister prints: its controllers read it, and no execution does" };
export const systemCanisters: Fate = {
  outOfScope:
    "which canisters are of the system: that is a list in the registry, and their code is code; the cycles that they mint have rules of their own",
};
export const namesOfSubnets: Fate = {
  outOfScope: "ids of subnets, and ranges of canisters: routing finds who is meant, before execution; here a route names a canister",
};
export const timesOver: Fate = { outOfScope: "a timer for a time that is over: a script names a delay, and none at all does the same" };
export const textOfRejects: Fate = {
  outOfScope: "the text of a reject is for people, and of its implementation; the code says what happened",
};
export const publicKeys: Fate = { outOfScope: "public keys, and paths by which they are derived: mathematics on a key, without any state" };
export const bitcoin: Fate = {
  outOfScope: "blocks and transactions of Bitcoin: they are what the Bitcoin canister holds, and what its adapter brings",
};
export const outsideOfOutcalls: Fate = {
  outOfScope:
    "what an outcall says and is told: headers, bodies and transforms are of the nodes, which agree before a block has the answer",
};
export const migration: Fate = {
  outOfScope:
    "subnets that split, and canisters that move: operators do it to a subnet that stands still, and routes change; here they are fixed",
};
export const slicesOfInstallations: Fate = {
  outOfScope: "installations in slices: here one runs whole, at the start of a round; what it leaves and costs does not depend on it",
};

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
