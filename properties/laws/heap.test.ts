/** The laws of heap delta, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { bytes } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { rush } from "../testing/scenes-of-snapshots.ts";
import { edited, followed, setIn, without } from "../testing/stories.ts";
import { gluttony, greeting, marathon } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { heapDebitSuspends, heapDeltaGatesRounds } from "./heap.ts";

const limits = (trace: typeof gluttony, change: object) =>
  setIn(trace, { ...trace.scenario.genesis, parameters: { ...trace.scenario.genesis.parameters, ...change } });

describe("heap-debit-suspends", () => {
  test("accepts one suspended round for two limits", () => expect(judged(heapDebitSuspends, gluttony)).toBe("holds"));
  test("passes over who writes little", () => expect(judged(heapDebitSuspends, greeting)).toBe("vacuous"));
  test("condemns a turn of who is suspended", () =>
    expect(
      judged(heapDebitSuspends, followed(gluttony, "canister-suspended", 0, { kind: "turn-began", iteration: 1, core: 0, canister: "a" })),
    ).toBe("a had a turn while it was suspended"));
  test("condemns who is overlooked", () =>
    expect(judged(heapDebitSuspends, without(gluttony, "canister-suspended"))).toBe(
      "a has a heap debit of 32, the limit is 32, and it is not suspended",
    ));
  test("counts the pages of snapshots that are taken or brought back", () => {
    const tale = led(model, rush);
    const unseen = (nth: number): string => judged(heapDebitSuspends, without(tale, "canister-suspended", nth));
    expect(judged(heapDebitSuspends, tale)).toBe("holds");
    for (const nth of [2, 6]) expect(unseen(nth)).toBe("b has a heap debit of 64, the limit is 32, and it is not suspended");
    expect(judged(heapDebitSuspends, edited(tale, "snapshot-loaded", 0, { pages: 1 }))).toBe(
      "b was suspended with a heap debit of 64, and it is 32",
    );
  });
  test("condemns a debit that is another", () =>
    expect(judged(heapDebitSuspends, edited(gluttony, "canister-suspended", 0, { heapDebit: 64 }))).toBe(
      "a was suspended with a heap debit of 64, and it is 32",
    ));
  test("condemns a suspension below the limit", () =>
    expect(
      judged(
        heapDebitSuspends,
        followed(gluttony, "round-began", 2, { kind: "canister-suspended", iteration: 1, canister: "a", heapDebit: 0 }),
      ),
    ).toBe("a was suspended with a heap debit of 0, and the limit is 32"));
  test("condemns a suspension in an iteration that does not begin", () =>
    expect(judged(heapDebitSuspends, edited(gluttony, "canister-suspended", 0, { iteration: 2 }))).toMatch(
      /it is iteration 1 that begins/,
    ));
});

describe("heap-delta-gates-rounds", () => {
  test("accepts a round that is skipped until a checkpoint", () => expect(judged(heapDeltaGatesRounds, gluttony)).toBe("holds"));
  test("passes over rounds with room", () => expect(judged(heapDeltaGatesRounds, marathon)).toBe("vacuous"));
  test("condemns a round without room", () =>
    expect(judged(heapDeltaGatesRounds, without(gluttony, "round-skipped"))).toBe(
      "round 4 executed with a heap delta of 96 and a limit of 96",
    ));
  test("condemns a round that is skipped with room", () =>
    expect(judged(heapDeltaGatesRounds, limits(gluttony, { heapDeltaCapacity: bytes(97) }))).toBe(
      "round 4 was skipped with a heap delta of 96 and a limit of 97",
    ));
  test("condemns a limit that is another", () =>
    expect(judged(heapDeltaGatesRounds, edited(gluttony, "round-skipped", 0, { limit: 95 }))).toMatch(/it is told/));
  test("condemns what a skipped round chooses", () =>
    expect(
      judged(heapDeltaGatesRounds, followed(gluttony, "round-skipped", 0, { kind: "tasks-chosen", canister: "a", turn: "timer" })),
    ).toBe("round 4 was skipped, and tasks-chosen was told"));
  test("knows how the room grows between two checkpoints", () => {
    const summary = { nextCheckpoint: 8, length: 7 };
    const steps = gluttony.steps.map((step) =>
      step.input.kind === "round" ? { ...step, input: { ...step.input, summary: summary as never } } : step,
    );
    // At height 2, six of eight rounds remain: a quarter of what lies between 32 and 128 is there.
    const grown = limits({ ...gluttony, steps }, { heapDeltaCapacity: bytes(128), heapDeltaReserve: bytes(32) });
    expect(judged(heapDeltaGatesRounds, edited(grown, "round-skipped", 0, { limit: 80 }))).toBe(
      "round 2 executed with a heap delta of 64 and a limit of 56",
    );
  });
});
