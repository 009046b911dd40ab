/** Goals are declared before a campaign, and met by evidence alone. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drive, type Trace } from "../spec/index.ts";
import { createModel } from "../model/index.ts";
import { allWorlds, everything, paths, properties } from "../properties/index.ts";
import { gatherEvidence } from "./evidence.ts";
import { declareGoals, minimumRuns, runsForPaths } from "./goals.ts";
import { agrees } from "./testing/properties.ts";

const agreement = properties.some(({ kind }) => kind === "agreement") ? properties : [...properties, agrees];
const goals = (...[chosen, declared]: Parameters<typeof declareGoals>) =>
  declareGoals(chosen, declared)(gatherEvidence()).map(({ goal }) => goal);

describe("the goals of a campaign", () => {
  test("of the whole suite are every rule and every kind of input", () => {
    const declared = goals(agreement, { runs: minimumRuns });
    expect(declared).toContain("rule call-send takes place");
    expect(declared).toContain("an input of kind restart is drawn");
  });

  test("are met by what happens, and by nothing else", () => {
    const evidence = gatherEvidence();
    const look = declareGoals(agreement, { runs: minimumRuns });
    expect(look(evidence).every(({ met }) => !met)).toBe(true);
    evidence.witness({ rule: "top-up", kind: "when", clause: "exists" }, "failed");
    expect(look(evidence).find(({ goal }) => goal.includes("top-up takes"))!.met).toBe(false);
    evidence.witness({ rule: "top-up", kind: "then", clause: "mint" }, "applied");
    expect(look(evidence).find(({ goal }) => goal.includes("top-up takes"))!.met).toBe(true);
  });

  test("do not ask for what a machine leaves out", () => {
    const declared = goals(agreement, { runs: minimumRuns, excluded: [{ rule: "timer-set", reason: "later" }] });
    expect(declared).not.toContain("rule timer-set takes place");
    expect(declared).toContain("rule call-send takes place");
  });

  test("are every path, when the runs are many and nothing is left out", () => {
    const ofPaths = (...declared: Parameters<typeof goals>) => goals(...declared).filter((goal) => goal.startsWith("it happens that"));
    expect(ofPaths(agreement, { runs: runsForPaths })).toEqual(paths.map((path) => `it happens that ${path}`));
    expect(ofPaths(agreement, { runs: runsForPaths - 1 })).toEqual([]);
    expect(ofPaths(agreement, { runs: runsForPaths, excluded: [{ rule: "timer-set", reason: "later" }] })).toEqual([]);
  });

  test("are met by a path that shows a rule, and it is the reference that agrees", () => {
    const evidence = gatherEvidence();
    const seen = new Set<string>();
    const model = createModel({ witness: ({ rule }, outcome) => void (outcome === "applied" && seen.add(rule)) });
    for (const world of fc.sample(allWorlds(everything), { seed: 1, numRuns: 60 })) evidence.see(drive(model, world) as Trace);
    const met = declareGoals(agreement, { runs: runsForPaths })(evidence).filter((goal) => goal.met);
    const shown = met.flatMap(({ goal }) => /^rule (.*) takes place$/.exec(goal)?.slice(1) ?? []);
    expect(met.filter(({ goal }) => goal.startsWith("it happens that")).length).toBeGreaterThan(30);
    expect(shown).toContain("callback-expire");
    expect(shown.filter((rule) => !seen.has(rule))).toEqual([]);
  });

  test("are none when somebody chose, or runs are few", () => {
    expect(goals(agreement.slice(1), { runs: minimumRuns })).toEqual([]);
    expect(goals(agreement, { runs: minimumRuns - 1 })).toEqual([]);
    expect(goals(agreement, { runs: minimumRuns, path: "3" })).toEqual([]);
  });
});
