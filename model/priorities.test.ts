/** The current scheduler: worked examples of its arithmetic, and what its rounds add up to. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  drive,
  height,
  instructions,
  percent,
  priorityPercent,
  type CanisterGenesis,
  type Input,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { allotCores, decayPriorities, grantAllocations, rank, resetPriorities, shareFree, totalPriority } from "./rules/priorities.ts";
import { ranked } from "./rules/scheduling.ts";
import { bootState } from "./boot.ts";
import type { Canister, State, Underway } from "./state.ts";
import { reading } from "./transition.ts";
import { canister, eventsOfKind, ingress, literal, round, rounds, working, world } from "./testing.ts";

const fire = reading({});
const current: Partial<Parameters> = { scheduler: "current", cores: 4 };
const fullRound = 100n * priorityPercent;

const stateOf = (canisters: Readonly<Record<string, Partial<Canister>>>, parameters: Partial<Parameters> = {}): State => {
  const booted = bootState(
    world(
      Object.keys(canisters).map((id) => canister(id, {})),
      { ...current, ...parameters },
    ),
  );
  return {
    ...booted,
    canisters: new Map([...booted.canisters].map(([id, booting]) => [id, { ...booting, ...canisters[id] }])),
  };
};
const prioritiesOf = (state: State): readonly bigint[] =>
  [...state.canisters.values()].map(({ accumulatedPriority }) => accumulatedPriority);
const underway = (since: number): Underway => ({ taken: "timer", prepaid: 0n as never, since: height(since), attempt: null });

describe("the free compute", () => {
  /** What canisters with these allocations get when the first of them was charged so many rounds. */
  const grants = (charged: bigint): readonly number[] => {
    const before = stateOf(
      Object.fromEntries(
        [100, 70, 20, 0].map((allocation, k) => [
          `c-${k}`,
          { computeAllocation: percent(allocation), accumulatedPriority: k === 0 ? -fullRound * charged : 0n },
        ]),
      ),
    );
    const after = fire(shareFree, fire(grantAllocations, before, {}).state, {}).state;
    const paid = prioritiesOf(before);
    return prioritiesOf(after).map((priority, k) => Number((priority - (paid[k] ?? 0n)) / priorityPercent));
  };

  test("is shared as in the worked example", () => {
    expect([0n, 1n, 2n, 3n, 4n, 5n].map(grants)).toEqual([
      [100, 70, 20, 0],
      [100, 70, 20, 0],
      [100, 73, 23, 3],
      [100, 100, 60, 40],
      [100, 100, 100, 100],
      [125, 125, 125, 125],
    ]);
  });

  test("is shared to the last unit", () => {
    const before = stateOf({ a: { accumulatedPriority: -fullRound }, b: {}, c: {} });
    const after = fire(shareFree, before, {}).state;
    expect(totalPriority(after)).toBe(0n);
    expect(prioritiesOf(after)).toEqual([-66_666_667n, 33_333_333n, 33_333_334n]);
  });
});

describe("priority far from zero", () => {
  test("decays on both sides, by a fifth of what lies beyond", () => {
    const rounds = [10, 6, 5, -20, -21, -30];
    const before = stateOf(Object.fromEntries(rounds.map((count, k) => [`c-${k}`, { accumulatedPriority: BigInt(count) * fullRound }])));
    const after = prioritiesOf(fire(decayPriorities, before, {}).state).map((priority) => Number(priority) / Number(fullRound));
    expect(after).toEqual([9, 5.8, 5, -20, -20.8, -28]);
  });

  test("is rounded towards the bound", () => {
    const before = stateOf({ a: { accumulatedPriority: 5n * fullRound + 4n }, b: { accumulatedPriority: -20n * fullRound - 4n } });
    expect(prioritiesOf(fire(decayPriorities, before, {}).state)).toEqual([5n * fullRound + 3n, -20n * fullRound - 3n]);
  });

  test("is zero again when the interval is over", () => {
    const before = {
      ...stateOf({ a: { accumulatedPriority: 7n } }, { priority: { resetInterval: 3, ceiling: 5, floor: 20, decay: 80 } }),
      height: height(6),
    };
    expect(prioritiesOf(fire(resetPriorities, before, {}).state)).toEqual([0n]);
    expect(prioritiesOf(fire(resetPriorities, { ...before, height: height(7) }, {}).state)).toEqual([7n]);
  });
});

describe("the order of a round", () => {
  const orderOf = (canisters: Readonly<Record<string, Partial<Canister>>>): readonly string[] =>
    ranked(fire(rank, stateOf(canisters), {}).state);

  test("has long executions first, however little priority they have", () => {
    expect(orderOf({ a: { accumulatedPriority: fullRound }, b: { underway: underway(1), accumulatedPriority: -fullRound } })).toEqual([
      "b",
      "a",
    ]);
  });

  test("counts an aborted execution as one round old, and then looks at priority, start and id", () => {
    const long = underway(3);
    expect(
      orderOf({
        aborted: { underway: long, executedRounds: 0, accumulatedPriority: 2n },
        begun: { underway: long, executedRounds: 1, accumulatedPriority: 1n },
        older: { underway: underway(2), executedRounds: 1, accumulatedPriority: 1n },
        begin: { underway: long, executedRounds: 1, accumulatedPriority: 1n },
        further: { underway: long, executedRounds: 2, accumulatedPriority: -9n },
      }),
    ).toEqual(["further", "aborted", "older", "begin", "begun"]);
  });

  test("adds the allocation to the priority", () => {
    expect(orderOf({ a: { accumulatedPriority: priorityPercent }, b: { computeAllocation: percent(2) } })).toEqual(["b", "a"]);
  });
});

describe("long cores", () => {
  const coresFor = (canisters: Readonly<Record<string, Partial<Canister>>>): number =>
    fire(allotCores, stateOf(canisters), {}).state.round.longCores;

  test("are as many as allocations and even shares fill, rounded up", () => {
    expect(coresFor({ a: { underway: underway(1) }, b: {}, c: {} })).toBe(1);
    expect(coresFor({ a: { underway: underway(1), computeAllocation: percent(1) }, b: {}, c: {} })).toBe(2);
    expect(coresFor({ a: { underway: underway(1) }, b: { underway: underway(1) }, c: {} })).toBe(2);
    expect(coresFor({ a: {}, b: {} })).toBe(0);
  });

  test("are all where every canister has one", () => {
    expect(coresFor({ a: { underway: underway(1) } })).toBe(4);
  });
});

describe("a round of the current scheduler", () => {
  const slicing: Partial<Parameters> = {
    ...current,
    cores: 2,
    roundInstructionLimit: instructions(102),
    messageInstructionLimit: instructions(1_000),
    sliceInstructionLimit: instructions(100),
  };
  const run = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], parameters: Partial<Parameters> = {}): Trace =>
    drive(createModel({ freeze: true }), { genesis: world(canisters, { ...slicing, ...parameters }), inputs }) as Trace;
  const asked = (id: string, method: string, count: number): readonly Input[] =>
    Array.from({ length: count }, (_, k) => ingress(`${id}-${k}`, id, method));
  const fullRoundsOf = (trace: Trace, id: string) => eventsOfKind(trace, "full-round").filter((event) => event.canister === id);

  test("charges a hundred for each full round and shares all of it again", () => {
    const four = ["a", "b", "c", "d"].map((id) => canister(id, { go: working(100) }));
    const trace = run(four, [...["a", "b", "c", "d"].flatMap((id) => asked(id, "go", 20)), ...rounds(30)]);
    const settled = eventsOfKind(trace, "priorities-settled");
    expect(settled.map(({ total }) => total)).toEqual(settled.map(() => 0n));
    const marks = trace.steps.map(({ observation }) => observation.events.filter(({ kind }) => kind === "full-round").length).slice(-30);
    expect(settled.map(({ charged }) => charged)).toEqual(marks.map((count) => BigInt(count) * fullRound));
    expect(fullRoundsOf(trace, "a").length).toBe(15);
  });

  test("charges the first round of a long execution at once, and the others when it is over", () => {
    const trace = run([canister("a", { go: working(350) })], [ingress("i", "a", "go"), ...rounds(4)]);
    expect(fullRoundsOf(trace, "a").map(({ unpaid }) => unpaid)).toEqual([1, 2, 3, 0]);
    expect(eventsOfKind(trace, "priorities-settled").map(({ charged }) => charged / fullRound)).toEqual([1n, 0n, 0n, 3n]);
  });

  test("charges nothing for rounds that an abort threw away, but the first", () => {
    const inputs = [ingress("i", "a", "go"), ...rounds(1), round(2, 1n, { checkpoint: true }), ...rounds(4)];
    const trace = run([canister("a", { go: working(350) })], inputs);
    expect(eventsOfKind(trace, "priorities-settled").map(({ charged }) => charged / fullRound)).toEqual([1n, 0n, 0n, 0n, 0n, 3n]);
  });

  test("never lets a long execution share a core with a new one", () => {
    const three = [canister("a", { go: working(350) }), ...["b", "c"].map((id) => canister(id, { go: working(100) }))];
    const trace = run(three, [ingress("i", "a", "go"), ...asked("b", "go", 9), ...asked("c", "go", 9), ...rounds(4)]);
    const coresOf = (round: number) =>
      trace.steps
        .slice(-4)
        [round]?.observation.events.flatMap((event) => (event.kind === "turn-began" ? [`${event.canister}${event.core}`] : []));
    expect([1, 2, 3].map(coresOf)).toEqual([
      ["a0", "c1"],
      ["a0", "c1"],
      ["a0", "b1"],
    ]);
  });

  test("makes a suspended canister pay for the rounds that it may not use", () => {
    const write = Array.from({ length: 4 }, (_, page) => ({ op: "write" as const, page, value: literal("01") }));
    const trace = run([canister("a", { go: write })], [ingress("i", "a", "go"), ...rounds(3)], { heapDeltaRateLimit: bytes(32) });
    expect(eventsOfKind(trace, "canister-suspended").map(({ iteration }) => iteration)).toEqual([1, 1]);
    expect(eventsOfKind(trace, "priorities-settled").map(({ charged }) => charged / fullRound)).toEqual([1n, 1n, 1n]);
  });

  test("counts as full the round in which an older long execution is over, also behind another on its core", () => {
    const three = ["a", "b", "c"].map((id) => canister(id, { go: working(250) }));
    const inputs = [...asked("a", "go", 2), ingress("i", "b", "go"), ...rounds(2)];
    const trace = run(three, inputs, { roundInstructionLimit: instructions(304) });
    const turns = eventsOfKind(trace, "turn-ended").map(({ canister: id, core, drained }) => `${id}${core}${drained ? " drained" : ""}`);
    expect(turns).toEqual(["a0", "b1 drained", "b0 drained", "a0"]);
    expect(fullRoundsOf(trace, "a")).toHaveLength(2);
  });

  test("has idle canisters at the front pay, up to the first that works", () => {
    const trace = run(
      ["a", "b", "c"].map((id) => canister(id, { go: working(10) })),
      [ingress("i", "b", "go"), ...rounds(1)],
    );
    expect(eventsOfKind(trace, "full-round").map(({ canister: id }) => id)).toEqual(["a", "b"]);
  });
});
