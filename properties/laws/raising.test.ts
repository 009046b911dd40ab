/** The law of allocations that are raised, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, percent, type Genesis, type Scenario, type Trace } from "../../spec/index.ts";
import { twinOf, type Relation } from "../case.ts";
import { beating } from "../testing/beats.ts";
import { compared } from "../testing/judging.ts";
import { setIn } from "../testing/stories.ts";
import { led } from "../testing/weak-machines.ts";
import { moreAllocationIsNeverLess } from "./raising.ts";

const raised = (id: string, by: number): Relation => ({ kind: "allocation-raised", canister: canisterId(id), by });
const allocationsOf = ({ genesis }: Scenario): readonly number[] => genesis.canisters.map(({ computeAllocation }) => computeAllocation);

/** The same world with other allocations. */
const given = (scenario: Scenario, ...allocations: readonly number[]): Scenario => ({
  ...scenario,
  genesis: {
    ...scenario.genesis,
    canisters: scenario.genesis.canisters.map((canister, at) => ({ ...canister, computeAllocation: percent(allocations[at] ?? 0) })),
  },
});

describe("a world in which somebody reserved more", () => {
  const scenario = beating([{ allocation: 20 }, { allocation: 50 }], 1);
  const twin = (relation: Relation): Scenario => twinOf({ scenario, relation });
  test("is the same but for that", () => {
    expect(allocationsOf(twin(raised("a", 10)))).toEqual([30, 50]);
    expect(twin(raised("a", 10)).inputs).toBe(scenario.inputs);
  });
  test("has no more reserved than there is", () => expect(allocationsOf(twin(raised("a", 90)))).toEqual([50, 50]));
  test("has less than what may be reserved in the current scheduler", () =>
    expect(
      allocationsOf(
        twinOf({ scenario: beating([{ allocation: 20 }, { allocation: 50 }], 1, { scheduler: "current" }), relation: raised("a", 90) }),
      ),
    ).toEqual([49, 50]));
  test("is the same where nobody has that name", () => expect(allocationsOf(twin(raised("nobody", 90)))).toEqual([20, 50]));
});

describe.each(["published", "current"] as const)("more-allocation-is-never-less, %s", (scheduler) => {
  const cores = { scheduler, cores: scheduler === "current" ? 2 : 1 };
  const scenario = beating([{ allocation: 20 }, { allocation: 30 }, { allocation: 0 }], 102, cores);
  const relation = raised("a", 25);
  /** Tells the second world as if other allocations held in it. */
  const told =
    (...allocations: readonly number[]) =>
    (one: Scenario): Trace => {
      const declared: Genesis = one.genesis;
      return one === scenario ? led(model, one) : setIn(led(model, given(one, ...allocations)), declared);
    };

  test("accepts what a machine does", () =>
    expect(compared(moreAllocationIsNeverLess, { scenario, relation }, (one) => led(model, one))).toBe("holds"));
  test("accepts that nothing comes of it", () =>
    expect(compared(moreAllocationIsNeverLess, { scenario, relation: raised("c", 1) }, told(20, 30, 0))).toBe("holds"));
  test("passes over a few rounds", () =>
    expect(
      compared(moreAllocationIsNeverLess, { scenario: { ...scenario, inputs: scenario.inputs.slice(0, 99) }, relation }, (one) =>
        led(model, one),
      ),
    ).toBe("vacuous"));
  test("passes over worlds in which somebody is idle", () => {
    const idle: Scenario = {
      ...scenario,
      genesis: {
        ...scenario.genesis,
        canisters: scenario.genesis.canisters.map((canister, at) => (at === 2 ? { ...canister, onHeartbeat: [] } : canister)),
      },
    };
    const [first, ...rest] = idle.genesis.canisters.toReversed();
    const { onHeartbeat: _, ...silent } = first!;
    const without = { ...idle, genesis: { ...idle.genesis, canisters: [silent, ...rest] } };
    expect(compared(moreAllocationIsNeverLess, { scenario: without, relation }, (one) => led(model, one))).toBe("vacuous");
  });
  test("passes over worlds in which nothing is left to reserve", () =>
    expect(compared(moreAllocationIsNeverLess, { scenario, relation: raised("nobody", 5) }, (one) => led(model, one))).toBe("vacuous"));
  test("passes over worlds that are related in another way", () =>
    expect(compared(moreAllocationIsNeverLess, { scenario, relation: { kind: "rerun" } }, (one) => led(model, one))).toBe("vacuous"));

  test("condemns that it gets less", () =>
    expect(compared(moreAllocationIsNeverLess, { scenario, relation }, told(0, 30, 40))).toMatch(
      /^a got \d+ full rounds of 100, and \d+ of the same rounds where it reserved more$/,
    ));
  test("condemns that others do not get what they reserved", () =>
    expect(compared(moreAllocationIsNeverLess, { scenario, relation }, told(45, 0, 50))).toMatch(
      /^where a reserved more: b has an allocation of 30/,
    ));
});
