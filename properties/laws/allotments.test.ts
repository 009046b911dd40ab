/** The law of memory that is allocated, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import type { Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { dowry, estate, frugality, vacancy } from "../testing/scenes-of-allotments.ts";
import { resolutions } from "../testing/scenes-of-code.ts";
import { edited, followed, rejected, repeated, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { memoryIsPromisedAndPaidFor } from "./allotments.ts";

const tales = { estate: led(model, estate), dowry: led(model, dowry), vacancy: led(model, vacancy), frugality: led(model, frugality) };

const told = (trace: Trace): string => judged(memoryIsPromisedAndPaidFor, trace);

/** In the place of an answer. */
const answered = (tale: Trace, nth: number, change: Readonly<Record<string, unknown>>): string =>
  told(edited(tale, "management-answered", nth, change));

describe("memory-is-promised-and-paid-for", () => {
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(told(tale)).toBe("holds"));
  test("passes over worlds in which nobody asks for memory", () => {
    expect(told(payment)).toBe("vacuous");
    expect(told(led(model, resolutions))).toBe("vacuous");
  });

  test("condemns memory that is not there", () => {
    expect(answered(tales.estate, 3, { kind: "settings-updated", canister: "b" })).toBe(
      "b takes memory with its settings, though 257 bytes are more than the 256 that there are",
    );
    expect(answered(tales.dowry, 3, { kind: "canister-created", canister: "canister-1", balance: 450n })).toBe(
      "canister-1 takes memory with its settings, though 257 bytes are more than the 256 that there are",
    );
  });
  test("condemns more set aside than may be", () => {
    expect(answered(tales.estate, 1, { kind: "settings-updated", canister: "b" })).toBe(
      "b takes memory with its settings, though 144 cycles are set aside then, and its limit is 143",
    );
    expect(answered(tales.dowry, 2, { kind: "canister-created", canister: "canister-1", balance: 450n })).toBe(
      "canister-1 takes memory with its settings, though 192 cycles are set aside then, and its limit is 191",
    );
  });
  test("condemns memory for which a balance does not last", () => {
    expect(answered(tales.frugality, 0, { kind: "settings-updated", canister: "b" })).toBe(
      "b takes memory with its settings, though 48 cycles are left, below a freezing threshold of 49",
    );
    expect(answered(tales.dowry, 1, { kind: "canister-created", canister: "canister-1", balance: 450n })).toBe(
      "canister-1 takes memory with its settings, though 258 cycles are left, below a freezing threshold of 288",
    );
  });
  test("condemns other memory than was asked for, or other than before", () => {
    const set = (nth: number, memoryAllocation: number): string =>
      told(edited(tales.estate, "settings-updated", nth, { memoryAllocation }));
    expect(set(0, 0)).toBe("b was allocated 0 bytes, and was to have 33");
    expect(set(5, 0)).toBe("b was allocated 0 bytes, and was to have 64");
  });
  test("condemns more set aside than is due, or less, or another balance", () => {
    expect(told(edited(tales.estate, "memory-reserved", 0, { cycles: 15n }))).toBe(
      "b was to set other cycles aside for memory: cycles: 15 and 16",
    );
    expect(told(edited(tales.dowry, "memory-reserved", 1, { cycles: 193n }))).toMatch(/cycles: 193 and 192$/);
    expect(told(edited(tales.dowry, "memory-reserved", 0, { balance: 450n }))).toMatch(/balance: 450 and 386$/);
  });
  test("condemns that nothing is set aside, or twice, or where nothing is due", () => {
    expect(told(without(tales.estate, "memory-reserved", 0))).toBe("b has to set 16 aside for memory, and nothing is told of it");
    expect(told(repeated(tales.dowry, "memory-reserved", 0))).toBe("canister-0 set 64 aside for memory, and had to set nothing aside");
    expect(told(followed(tales.frugality, "settings-updated", 0, { kind: "memory-reserved", canister: "b", cycles: 1n }))).toBe(
      "b set 1 aside for memory, and had to set nothing aside",
    );
  });
  test("condemns that nothing is told any more", () => {
    const cut = { ...tales.estate, steps: tales.estate.steps.slice(0, 3) };
    const events = cut.steps.at(-1)!.observation.events;
    const silent = events.slice(
      0,
      events.findIndex(({ kind }) => kind === "memory-reserved"),
    );
    const steps = cut.steps.map((step, at) => (at === 2 ? { ...step, observation: { ...step.observation, events: silent } } : step));
    expect(told({ ...cut, steps })).toBe("b has to set 16 aside for memory, and nothing is told of it");
  });
  test("condemns a refusal of what can be had, and another error", () => {
    expect(answered(tales.frugality, 1, { result: rejected("IC0531") })).toMatch(/for memory was refused with IC0531: expected a reply$/);
    expect(answered(tales.estate, 1, { result: rejected("IC0531") })).toMatch(/was refused with IC0531: expected IC0533$/);
    expect(answered(tales.estate, 3, { result: rejected("IC0533") })).toMatch(/expected IC0101$/);
    expect(answered(tales.dowry, 1, { result: rejected("IC0403") })).toMatch(/expected IC0531$/);
    expect(answered(tales.dowry, 2, { result: rejected("IC0531") })).toMatch(/expected IC0533$/);
    expect(answered(tales.dowry, 3, { result: rejected("IC0531") })).toMatch(/expected IC0101$/);
  });
  test("condemns that what is not used is not paid for", () =>
    expect(told(edited(tales.vacancy, "resources-charged", 0, { memory: 0n }))).toBe(
      "canisters paid 0 for memory, and owe 20 for what they use, or have to themselves",
    ));
  test("condemns that whoever ran dry still owes for it", () =>
    expect(told(followed(tales.vacancy, "resources-charged", 2, { kind: "ran-dry", canister: "b", burned: 0n }))).toBe(
      "b ran dry, and owed nothing that it could not pay",
    ));
});
