/** The law of charges that add up, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { cycles, nanoseconds, percent, type Input, type Parameters, type Scenario, type Trace } from "../../spec/index.ts";
import { twinOf, type Relation } from "../case.ts";
import { compared } from "../testing/judging.ts";
import { canister, edited, ingress, reply, round, world } from "../testing/stories.ts";
import { rented } from "../testing/tales-of-rent.ts";
import { led } from "../testing/weak-machines.ts";
import { chargesAddUp } from "./charges-split.ts";

const second = 1_000_000_000n;
const split: Relation = { kind: "rounds-split", after: 1, parts: 3 };

/** A canister writes a page, which costs 3 a second, and has a part of a core for 15; then these rounds pass. */
const lease = (rounds: readonly Input[], parameters: Partial<Parameters> = {}): Scenario => ({
  genesis: world(
    [
      canister(
        "a",
        { m0: [{ op: "write", page: 0, value: { kind: "time" } }, reply()] },
        { balance: cycles(100_000n), computeAllocation: percent(5) },
      ),
    ],
    { ...rented, chargePeriod: nanoseconds(0n), ...parameters },
  ),
  inputs: [ingress("x", "a", "m0"), round(), ...rounds],
});
const long = lease([round(7n * second), round(12n * second)]);

/** How the law judges a scenario whose second world is told otherwise. */
const about = (scenario: Scenario, told: (trace: Trace) => Trace = (trace) => trace, relation: Relation = split): string =>
  compared(chargesAddUp, { scenario, relation }, (one) => (one === scenario ? led(model, one) : told(led(model, one))));

const charged = (nth: number, memory: bigint) => (trace: Trace) => edited(trace, "resources-charged", nth, { memory });

test("a world whose rounds are split has the same time in more rounds, behind those that stay as they are", () => {
  const elapsed = twinOf({ scenario: long, relation: split }).inputs.map((input) => (input.kind === "round" ? input.elapsed : input.kind));
  expect(elapsed).toEqual(["ingress", 1n, 2_333_333_333n, 2_333_333_333n, 2_333_333_334n, 4n * second, 4n * second, 4n * second]);
  for (const parts of [0, 1]) expect(twinOf({ scenario: long, relation: { kind: "rounds-split", after: 1, parts } })).toEqual(long);
});

describe("charges-add-up", () => {
  test("accepts what many charges lose of seconds", () => expect(about(long)).toBe("holds"));
  test("accepts what they lose by rounding", () => {
    const cheap = { fees: { ...rented.fees, gibSecond: cycles(2n ** 22n), baseSecond: cycles(0n), percentSecond: cycles(0n) } };
    expect(about(lease([round(9n * second), round(12n * second)], cheap))).toBe("holds");
  });
  test("accepts charges at other moments", () => {
    const apart = { chargePeriod: nanoseconds(10n * second) };
    expect(about(lease([round(15n * second), round(15n * second), round(60n * second)], apart))).toBe("holds");
  });
  test("passes over worlds in which nobody pays", () =>
    expect(about(lease([round(second)], { fees: { ...rented.fees, schedule: "free" } }))).toBe("vacuous"));
  test("passes over worlds in which more happens", () =>
    expect(about(lease([round(second), ingress("y", "a", "m0"), round(second)]))).toBe("vacuous"));
  test("passes over worlds of which one is charged longer", () =>
    expect(about(lease([round(10n * second)], { chargePeriod: nanoseconds(4n * second) }))).toBe("vacuous"));
  test("passes over worlds in which not everybody is charged", () =>
    expect(about(long, (trace) => edited(trace, "resources-charged", 2, { canisters: 0 }))).toBe("vacuous"));
  test("passes over worlds that are related in another way", () => expect(about(long, undefined, { kind: "rerun" })).toBe("vacuous"));

  // Of 19 seconds, one charge each takes 57 for memory; of the first seven, the second world loses one.
  test("condemns a cycle more than in one charge", () =>
    expect(about(long, charged(1, 6n + 19n))).toBe("2 charges came to 342, 6 to 343, which is too much"));
  test("condemns more than the roundings and the rest of a second at each charge", () => {
    const cheaper = (trace: Trace): Trace =>
      [1, 2, 3, 4, 5, 6].reduce((told, nth) => edited(told, "resources-charged", nth, { compute: 0n }), trace);
    expect(about(long, cheaper)).toMatch(/^2 charges came to 342, 6 to 54, which is too little$/);
  });
  test("condemns much more at other moments", () => {
    const apart = lease([round(15n * second), round(15n * second), round(60n * second)], { chargePeriod: nanoseconds(10n * second) });
    expect(about(apart, charged(0, 10_000n))).toMatch(/which is too much$/);
  });
});
