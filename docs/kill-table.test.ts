/** A kill table is believed only when it speaks of this catalogue and this suite, and says nothing against itself. */
import { describe, expect, test } from "vitest";
import { faultsOfKillTable, parseKillTable, strengthOf, type Known } from "./kill-table.ts";

const known: Known = {
  clauses: [
    { rule: "call-reply", kind: "when", clause: "open" },
    { rule: "call-reply", kind: "then", clause: "close" },
  ],
  properties: [
    { id: "conserved", kind: "law" },
    { id: "agrees", kind: "agreement" },
  ],
  catalogue: "aa",
};
const open = { rule: "call-reply", kind: "when", clause: "open", killedBy: ["conserved", "agrees"], byLaw: true };
const close = { rule: "call-reply", kind: "then", clause: "close", killedBy: ["agrees"], byLaw: false };
const written = (clauses: readonly unknown[], catalogue = "aa") =>
  JSON.stringify({ report: "canon-mutants", version: 1, catalogue, clauses });
const faults = (clauses: readonly unknown[], catalogue?: string) => faultsOfKillTable(parseKillTable(written(clauses, catalogue)), known);

test("a table of exactly the clauses of the catalogue has no faults", () => expect(faults([open, close])).toEqual([]));

describe("a table is not believed", () => {
  const planted: readonly (readonly [title: string, clauses: readonly unknown[], says: string])[] = [
    ["with a clause left out", [open], "clause call-reply.then.close is missing"],
    [
      "with a clause that the catalogue does not have",
      [open, close, { ...close, clause: "shut" }],
      "there is no clause call-reply.then.shut",
    ],
    ["with a clause twice", [open, close, close], "clause call-reply.then.close stands twice"],
    ["with a killer that does not exist", [{ ...open, killedBy: ["conserved", "gone"] }, close], "there is no property gone"],
    ["that calls agreement a law", [open, { ...close, byLaw: true }], "byLaw is true"],
    ["with a clause that nothing kills, without an argument", [open, { ...close, killedBy: [] }], "no argument why nothing can"],
    ["with an argument for a clause that is killed", [open, { ...close, equivalent: "nobody looks" }], "argument why it cannot be"],
  ];
  for (const [title, clauses, says] of planted)
    test(title, () => {
      expect(faults(clauses)).toHaveLength(1);
      expect(faults(clauses)[0]).toContain(says);
    });
  test("when it was made from another catalogue", () =>
    expect(faults([open, close], "bb")).toEqual(["it was made from catalogue bb, and this is catalogue aa"]));
});

describe("a file that is no table names the field, what was expected and what came", () => {
  test("another version", () => expect(() => parseKillTable('{ "version": 2, "clauses": [] }')).toThrow("version: expected 1, got 2"));
  test("no list", () => expect(() => parseKillTable('{ "version": 1 }')).toThrow("clauses: expected a list, got nothing"));
  test("a clause without killers", () =>
    expect(() => parseKillTable(written([{ ...open, killedBy: "all" }]))).toThrow(
      'clauses[0].killedBy: expected a list of property ids, got "all"',
    ));
});

test("the strength of a table counts clauses, what is killed, what laws kill, and what nothing can notice", () =>
  expect(strengthOf(parseKillTable(written([open, close, { ...close, clause: "a", killedBy: [], equivalent: "why" }])))).toEqual({
    clauses: 3,
    killed: 2,
    byLaw: 1,
    equivalent: 1,
  }));
