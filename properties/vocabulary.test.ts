/** Worlds are drawn without what a machine leaves out: whatever has a word of its own does not take place. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createModel } from "../model/index.ts";
import { drive, rules, type RuleId } from "../spec/index.ts";
import { allWorlds } from "./arbitraries/focuses.ts";
import { everything, without } from "./vocabulary.ts";

/** The rules of which something takes place in some worlds that are drawn without these. */
const met = (excluded: readonly string[], numRuns: number): ReadonlySet<string> => {
  const applied = new Set<string>();
  const model = createModel({
    witness: ({ rule }, outcome) => {
      if (outcome === "applied") applied.add(rule);
    },
  });
  for (const world of fc.sample(allWorlds(without(new Set(excluded))), { seed: 3, numRuns })) void drive(model, world);
  return applied;
};

/** Rules that every world needs, or that only what a canister does wrong keeps out. */
const needed: readonly RuleId[] = [
  "round-begin",
  "request-induct",
  "response-induct",
  "input-take",
  "turn-reset",
  "schedule-plan",
  "schedule-order",
  "schedule-charge",
  "schedule-deal",
  "cores-share",
  "message-take",
  "core-spend",
  "turn-end",
  "debit-decay",
  "iteration-end",
  "ingress-induct",
  "ingress-answer",
  "execution-begin",
  "execution-commit",
  "context-open",
  "instructions-use",
  "value-read",
  "execution-rollback",
  "execution-settle",
  "call-refuse",
  "context-respond",
  "context-give-up",
  "context-remove",
  "callback-begin",
  "callback-cleanup",
  "state-certify",
];

/** Rules that only refuse have no effect that one could wait for. */
const withEffects = rules.filter((rule) => Object.keys(rule.then).length > 0).map(({ id }) => id);

describe("a vocabulary", () => {
  test("has everything when nothing is left out", () => expect(without(new Set())).toEqual(everything));

  test.each(withEffects.filter((id) => !needed.includes(id)))("without %s has worlds in which it does not take place", (id) => {
    expect(met([id], 6)).not.toContain(id);
  });

  test.each([
    ["streams", ["stream-request", "stream-reject", "stream-response", "slice-admit", "message-stream", "message-see"]],
    ["deadlines", rules.filter(({ chapter }) => chapter === "deadlines").map(({ id }) => id)],
    ["tasks", rules.filter(({ chapter }) => chapter === "timers").map(({ id }) => id)],
    ["uninstallation", rules.filter(({ chapter }) => chapter === "canisters").map(({ id }) => id)],
  ])("without the rules of %s has worlds without all of them", (_, excluded) => {
    const applied = met(excluded, 40);
    expect(excluded.filter((id) => applied.has(id))).toEqual([]);
    expect(applied).toContain("callback-begin");
  });

  test("has no inspection where none is followed, and no message that accepts one", () => {
    const { customs, instructions } = without(new Set(["ingress-inspect"]));
    expect(customs).not.toContain("inspections");
    expect(instructions).not.toContain("accept-message");
  });

  test("has no best-effort call where their cycles can go nowhere", () =>
    expect(without(new Set(["cycles-lose", "cycles-return"])).customs).not.toContain("best-effort"));
});
