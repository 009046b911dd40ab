/** Goals are declared before a campaign, and met by evidence alone. */
import { describe, expect, test } from "vitest";
import { properties } from "../properties/index.ts";
import { gatherEvidence } from "./evidence.ts";
import { declareGoals, minimumRuns } from "./goals.ts";
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

  test("are none when somebody chose, or runs are few", () => {
    expect(goals(agreement.slice(1), { runs: minimumRuns })).toEqual([]);
    expect(goals(agreement, { runs: minimumRuns - 1 })).toEqual([]);
    expect(goals(agreement, { runs: minimumRuns, path: "3" })).toEqual([]);
  });
});
