/** The laws of limits, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { bytes, instructions } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { edited, network, replied, sent, setIn, without, world } from "../testing/stories.ts";
import { fall, greeting, mending, payment, quiet, rivalry } from "../testing/tales.ts";
import { instructionsWithinLimits, sizesWithinLimits } from "./limits.ts";

describe("instructions-within-limits", () => {
  const used = (change: Readonly<Record<string, unknown>>): string =>
    judged(instructionsWithinLimits, edited(greeting, "executed", 0, change));
  test("accepts a payment", () => expect(judged(instructionsWithinLimits, payment)).toBe("holds"));
  test("accepts a message as long as a round", () => expect(judged(instructionsWithinLimits, rivalry)).toBe("holds"));
  test("passes over a round without turns", () => expect(judged(instructionsWithinLimits, quiet)).toBe("vacuous"));
  test("condemns a message beyond its limit", () =>
    expect(used({ instructions: 101 })).toBe("a message of a used 101 instructions, its limit is 100"));
  test("condemns a callback that leaves nothing for a cleanup", () =>
    expect(judged(instructionsWithinLimits, edited(payment, "executed", 2, { instructions: 96 }))).toMatch(/its limit is 95/));
  test("condemns effects without instructions", () => expect(used({ instructions: 0 })).toMatch(/had 1 effects with 0 instructions/));
  test("condemns an answer without an instruction", () => expect(used({ instructions: 1 })).toMatch(/had 2 effects with 1 instructions/));
  test("condemns a trap for instructions that were not used", () =>
    expect(judged(instructionsWithinLimits, edited(fall, "executed", 0, { trap: "IC0522" }))).toMatch(
      /passed its limit of 100, but used 2/,
    ));
  test("accepts a cleanup beyond the limit of its callback", () =>
    expect(
      judged(
        instructionsWithinLimits,
        edited(edited(edited(mending, "executed", 2, { instructions: 100 }), "turn-ended", 2, { instructions: 102 }), "round-ended", 0, {
          instructions: 108,
        }),
      ),
    ).toBe("holds"));
  test("condemns a message on a core that is used up", () => {
    const short = world(payment.scenario.genesis.canisters, { ...network, roundInstructionLimit: instructions(104) });
    expect(judged(instructionsWithinLimits, setIn(payment, short))).toMatch(/iteration 2 began with a counter of 0/);
  });
  test("condemns a message outside of a turn", () =>
    expect(judged(instructionsWithinLimits, without(greeting, "turn-began"))).toMatch(/ran outside of a turn/));
  test("condemns a turn that is miscounted", () =>
    expect(judged(instructionsWithinLimits, edited(greeting, "turn-ended", 0, { instructions: 5 }))).toMatch(
      /took 5 instructions, its 1 messages 4/,
    ));
  test("condemns a turn without a message", () =>
    expect(judged(instructionsWithinLimits, without(greeting, "executed"))).toMatch(/a turn without a message/));
  test("condemns a round that is miscounted", () =>
    expect(judged(instructionsWithinLimits, edited(greeting, "round-ended", 0, { instructions: 5 }))).toMatch(/declares 5 instructions/));
  test("condemns iterations that are miscounted", () =>
    expect(judged(instructionsWithinLimits, edited(greeting, "round-ended", 0, { iterations: 2 }))).toMatch(
      /declares 2 iterations, but had 1/,
    ));
});

describe("sizes-within-limits", () => {
  test("accepts a greeting", () => expect(judged(sizesWithinLimits, greeting)).toBe("holds"));
  test("passes over a round in which nothing is said", () => expect(judged(sizesWithinLimits, quiet)).toBe("vacuous"));
  test("condemns a message that is too large", () =>
    expect(
      judged(sizesWithinLimits, setIn(greeting, world(greeting.scenario.genesis.canisters, { ...network, maxPayload: bytes(0) }))),
    ).toMatch(/x was received with 1 bytes, the most is 0/));
  test("condemns a reply that is too large", () =>
    expect(judged(sizesWithinLimits, edited(greeting, "answered", 0, { result: replied("00".repeat(33)) }))).toMatch(
      /replied with 33 bytes/,
    ));
  test("condemns a call that is too large", () =>
    expect(judged(sizesWithinLimits, edited(payment, "executed", 0, { calls: [sent(0, { bytes: 33 })] }))).toMatch(
      /sent call 0 with 33 bytes/,
    ));
  test("condemns a page beyond the memory", () =>
    expect(judged(sizesWithinLimits, edited(greeting, "executed", 0, { wrote: [[2, "2a"]] }))).toMatch(/wrote page 2 of a memory of 2/));
  test("condemns a page that is too full", () =>
    expect(judged(sizesWithinLimits, edited(greeting, "executed", 0, { wrote: [[0, "00".repeat(33)]] }))).toMatch(
      /wrote 33 bytes into page 0/,
    ));
  test("condemns a change that is none", () => {
    const again = edited(edited(mending, "executed", 0, { wrote: [[1, "0c"]] }), "executed", 2, {});
    expect(judged(sizesWithinLimits, again)).toMatch(/changed page 1, which holds what it held/);
  });
});
