/** What it means to apply a rule, to take one of its clauses out, and to leave one out by mistake. */
import { describe, expect, test } from "vitest";
import { canisterId, clauseName, cycles, type ClauseId } from "../spec/index.ts";
import { mintOnto } from "./rules/cycles.ts";
import { canisterOf } from "./reading.ts";
import { bootState } from "./boot.ts";
import type { State } from "./state.ts";
import { canister, world } from "./testing.ts";
import { reading, transition } from "./transition.ts";
import { topUp } from "../spec/index.ts";

const a = canisterId("a");
const before = bootState(world([canister("a", {}, { balance: cycles(5n) })]));
const minted = { canister: a, minted: cycles(3n) };

describe("a rule", () => {
  test("applies all its effects when its conditions hold", () => {
    const fired = reading({ freeze: true })(mintOnto, before, minted);
    expect(fired.applied).toBe(true);
    expect(canisterOf(fired.state, a).balance).toBe(8n);
    expect(fired.state.minted).toBe(8n);
    expect(canisterOf(before, a).balance).toBe(5n);
  });

  test("refuses with the code of its first false condition, and changes nothing", () => {
    const fired = reading({})(mintOnto, before, { ...minted, canister: canisterId("b") });
    expect(fired).toMatchObject({ applied: false, clause: "exists", error: "IC0301", state: before });
  });

  test("loses one effect when that clause is taken out", () => {
    const mutated = reading({ mutation: { rule: "top-up", kind: "then", clause: "credit" } })(mintOnto, before, minted);
    expect(canisterOf(mutated.state, a).balance).toBe(5n);
    expect(mutated.state.minted).toBe(8n);
  });

  test("takes a condition as true when that clause is taken out", () => {
    const never = transition(topUp)<{ canister: typeof a }>({
      when: { exists: () => false },
      then: { credit: () => undefined, mint: () => undefined },
    });
    expect(reading({})(never, before, { canister: a }).applied).toBe(false);
    expect(reading({ mutation: { rule: "top-up", kind: "when", clause: "exists" } })(never, before, { canister: a }).applied).toBe(true);
  });

  test("tells a witness of every clause that it tried", () => {
    const told: string[] = [];
    const witness = (clause: ClauseId, outcome: string) => void told.push(`${clauseName(clause)} ${outcome}`);
    reading({ witness })(mintOnto, before, minted);
    expect(told).toEqual(["top-up.when.exists held", "top-up.then.credit applied", "top-up.then.mint applied"]);
  });

  test("does not compile without one of its clauses, or with one that the specification does not know", () => {
    const exists = () => true;
    const when = { exists };
    const credit = () => undefined;
    // @ts-expect-error: the effect `mint` is missing
    transition(topUp)<object>({ when, then: { credit } });
    // @ts-expect-error: the specification knows no effect `lose`
    transition(topUp)<object>({ when, then: { credit, mint: credit, lose: credit } });
    expect(Object.keys(topUp.then)).toEqual(["credit", "mint"]);
  });

  test("cannot write outside its effects: states are frozen where asked", () => {
    const { state } = reading({ freeze: true })(mintOnto, before, minted);
    expect(() => ((state as { minted: State["minted"] }).minted = cycles(0n))).toThrow(TypeError);
  });
});
