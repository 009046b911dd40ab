/** One property, one machine: every outcome, and the path that leads back to it. */
import { describe, expect, test } from "vitest";
import { createModel, model } from "../model/index.ts";
import type { Machine, Trace } from "../spec/index.ts";
import { everything, fails, holds, type Property } from "../properties/index.ts";
import { gatherEvidence } from "./evidence.ts";
import { judge, seedOf, tryProperty, type TrialOptions } from "./trial.ts";
import { agrees, alwaysVacuous, conversationCase, lawOf, ledgerAdds } from "./testing/properties.ts";

const forgetsToMint = createModel({ mutation: { rule: "top-up", kind: "then", clause: "mint" } });
const crashing: Machine = {
  name: "crashing",
  boot: (genesis) => {
    const session = model.boot(genesis);
    if (session instanceof Promise) throw new Error("the model answers at once");
    return {
      apply: (input) => {
        if (input.kind === "restart") throw new Error("the state cannot be read back");
        return session.apply(input);
      },
    };
  },
};
const options: TrialOptions = { seed: 7, runs: 50, deadline: Infinity, vocabulary: everything };
const against = (subject: Machine) => ({ subject, reference: model });

describe("a judgement", () => {
  test("passes what holds", async () => {
    expect(await judge(ledgerAdds, conversationCase, against(model))).toMatchObject({ outcome: "PASS" });
  });

  test("is against a machine that breaks the law, and says where", async () => {
    expect(await judge(ledgerAdds, conversationCase, against(forgetsToMint))).toMatchObject({ outcome: "FAIL", at: 1 });
  });

  test("is against a machine that crashes, and says where", async () => {
    const judgement = await judge(ledgerAdds, conversationCase, against(crashing));
    expect(judgement).toMatchObject({ outcome: "CRASH", at: 3, because: "crashed: the state cannot be read back" });
  });

  test("is against us when the property or the reference breaks", async () => {
    const broken = lawOf("broken", () => {
      throw new Error("a mistake of ours");
    });
    expect(await judge(broken, conversationCase, against(model))).toMatchObject({ outcome: "HARNESS_ERROR" });
    expect(await judge(agrees, conversationCase, { subject: model, reference: crashing })).toMatchObject({ outcome: "HARNESS_ERROR" });
  });

  test("shows the first trace of the machine, and not that of the reference", async () => {
    const seen: Trace[] = [];
    await judge(agrees, conversationCase, { subject: { ...model, name: "subject" }, reference: model }, (trace) => seen.push(trace));
    expect(seen.map(({ machine }) => machine)).toEqual(["subject"]);
  });
});

describe("a property on trial", () => {
  test("counts runs that held and runs that were vacuous", async () => {
    const tried = await tryProperty(ledgerAdds, against(model), options);
    expect(tried).toMatchObject({ runs: 50, cut: false, counterexample: null });
    expect(tried.held + tried.vacuous).toBe(50);
    expect(tried.held).toBeGreaterThan(0);
    expect(await tryProperty(alwaysVacuous, against(model), options)).toMatchObject({ runs: 50, held: 0, vacuous: 50 });
  });

  test("ends at its first failure, whose path draws the same case again", async () => {
    const tried = await tryProperty(ledgerAdds, against(forgetsToMint), options);
    const { counterexample } = tried;
    expect(counterexample?.judgement.outcome).toBe("FAIL");
    expect(tried.runs).toBe(tried.held + tried.vacuous + 1);
    const again = await tryProperty(ledgerAdds, against(forgetsToMint), { ...options, path: counterexample!.path });
    expect(again.runs).toBe(1);
    expect(again.counterexample?.case).toEqual(counterexample!.case);
  });

  test("tries the same cases for the same seed and others for another", async () => {
    const drawn = async (seed: number) => {
      const seen: string[] = [];
      await tryProperty(
        lawOf("seen", ({ scenario }) => (seen.push(scenario.inputs.map(({ kind }) => kind).join(" ")), holds)),
        against(model),
        { ...options, seed },
      );
      return seen;
    };
    expect(await drawn(7)).toEqual(await drawn(7));
    expect(await drawn(7)).not.toEqual(await drawn(8));
  });

  test("begins no run when the time is up, except the first", async () => {
    expect(await tryProperty(ledgerAdds, against(model), { ...options, deadline: 0 })).toMatchObject({ runs: 1, cut: true });
  });

  test("takes a crash for a failure", async () => {
    const tried = await tryProperty(ledgerAdds, against(crashing), options);
    expect(tried.counterexample?.judgement.outcome).toBe("CRASH");
  });

  test("has evidence of inputs and refusals", async () => {
    const evidence = gatherEvidence();
    const tried = await tryProperty(
      agrees,
      { subject: model, reference: createModel({ witness: evidence.witness }) },
      { ...options, see: evidence.see },
    );
    expect(tried.runs).toBe(50);
    const ingress = evidence.inputs().find(({ kind }) => kind === "ingress")!;
    const knownBefore = ingress.refused.find(({ error }) => error === "CN0001")!.count;
    expect(ingress.drawn).toBeGreaterThan(knownBefore);
    const fresh = evidence.clauses().find(({ rule, clause }) => rule === "ingress-submit" && clause === "fresh")!;
    expect(fresh).toMatchObject({ fired: ingress.drawn - knownBefore, refused: knownBefore });
  });
});

test("every property has a seed of its own, which another seed of the run changes", () => {
  expect(seedOf(1, "a")).toBe(seedOf(1, "a"));
  expect(new Set([seedOf(1, "a"), seedOf(1, "b"), seedOf(2, "a")]).size).toBe(3);
});

test("a verdict of a property that answers later is waited for", async () => {
  const later: Property = { ...ledgerAdds, check: () => Promise.resolve(fails(0, "later")) };
  expect(await judge(later, conversationCase, against(model))).toMatchObject({ outcome: "FAIL", because: "later" });
});
