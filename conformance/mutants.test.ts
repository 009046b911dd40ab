/** The table of who notices a missing clause, on small properties whose answer is known. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clauses, cycles, type ClauseId } from "../spec/index.ts";
import { alone, fails, holds, type Property } from "../properties/index.ts";
import { equivalents } from "./equivalents.ts";
import { tryMutants } from "./mutants.ts";
import { agrees, lawOf, ledgerAdds, neverVacuous } from "./testing/properties.ts";
import { canister, genesisOf, ingress, round } from "./testing/worlds.ts";

const clause = (name: string): ClauseId => clauses.find(({ rule, kind, clause: id }) => `${rule}.${kind}.${id}` === name)!;
const kills = async (names: readonly string[], properties: readonly Property[], rest: object = {}) => {
  const { clauses: evidence } = await tryMutants({ seed: 1, runs: 5, batches: 4, clauses: names.map(clause), properties, ...rest });
  return evidence;
};

describe("a clause that is taken out", () => {
  test("is noticed by the law that needs it, and by agreement", async () => {
    expect(await kills(["top-up.then.mint"], [ledgerAdds, agrees])).toEqual([
      { rule: "top-up", kind: "then", clause: "mint", killedBy: ["ledger-adds", "agrees"], byLaw: true },
    ]);
  });

  test("is not noticed by a law that does not look", async () => {
    expect(await kills(["restart.then.priorities"], [neverVacuous, ledgerAdds])).toMatchObject([{ killedBy: [], byLaw: false }]);
  });

  test("counts apart when agreement alone noticed it", async () => {
    expect(await kills(["ingress-submit.when.fresh"], [ledgerAdds, agrees])).toMatchObject([{ killedBy: ["agrees"], byLaw: false }]);
  });

  test("kills by breakdown only when no law has a verdict", async () => {
    const poor = canister("alpha", { go: [] }, { balance: cycles(2_000_000n) });
    const broke = fc.constant(alone({ genesis: genesisOf([poor]), inputs: [ingress("m", "alpha", "go"), round()] }));
    expect(await kills(["execution-begin.when.funded"], [lawOf("blind", () => holds, broke)])).toMatchObject([
      { killedBy: ["blind"], byLaw: true, byBreakdown: true },
    ]);
  });

  test("may be argued away, in writing", async () => {
    const argument = "no machine can tell";
    expect(await kills(["top-up.then.mint"], [neverVacuous], { equivalents: { "top-up.then.mint": argument } })).toMatchObject([
      { killedBy: [], equivalent: argument },
    ]);
  });
});

test("a property that condemns the reference itself kills nothing, and is told of", async () => {
  const alarmist = lawOf("alarmist", ({ steps }) => (steps.length > 3 ? fails(3, "too long") : holds));
  const report = await tryMutants({ seed: 1, runs: 10, clauses: [clause("top-up.then.mint")], properties: [alarmist, ledgerAdds] });
  expect(report.falseAlarms).toEqual([{ property: "alarmist", because: "too long" }]);
  expect(report.clauses[0]!.killedBy).toEqual(["ledger-adds"]);
});

test("the same seed gives the same table", async () => {
  const names = ["top-up.then.credit", "round-begin.then.height", "call-send.then.name"];
  expect(await kills(names, [ledgerAdds, agrees])).toEqual(await kills(names, [ledgerAdds, agrees]));
});

test("every argument is about a clause that exists", () => {
  const known = new Set(clauses.map(({ rule, kind, clause: id }) => `${rule}.${kind}.${id}`));
  expect(Object.keys(equivalents).filter((name) => !known.has(name))).toEqual([]);
  expect(Object.values(equivalents).filter((argument) => argument.length < 40)).toEqual([]);
});
