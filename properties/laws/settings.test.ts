/** The laws of settings and of canisters that are made, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { asciiOf, canisterId, cycles, type CanisterGenesis, type Parameters, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { career, offspring, resolutions } from "../testing/scenes-of-code.ts";
import { edited, executed, followed, fromUser, rejected, replied, setIn } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { madeCanistersAreNew, settingsAreKeptTo } from "./settings.ts";

const [decided, born, lived] = [led(model, resolutions), led(model, offspring), led(model, career)];

/** The same tale in a world where b, or the network, is another. */
const elsewhere = (tale: Trace, b: Partial<CanisterGenesis>, more: Partial<Parameters> = {}): Trace => {
  const { genesis } = tale.scenario;
  const canisters = genesis.canisters.map((one) => (one.id === "b" ? { ...one, ...b } : one));
  return setIn(tale, { ...genesis, canisters, parameters: { ...genesis.parameters, ...more } });
};

describe("settings-are-kept-to", () => {
  const told = (trace: Trace): string => judged(settingsAreKeptTo, trace);
  const set = (nth: number, change: Readonly<Record<string, unknown>>): string => told(edited(decided, "settings-updated", nth, change));
  test("accepts true tales", () => expect(told(decided)).toBe("holds"));
  test("passes over worlds in which settings stay", () => {
    expect(told(payment)).toBe("vacuous");
    expect(told(lived)).toBe("vacuous");
  });

  test("condemns what was said, and does not hold", () => {
    expect(set(1, { controllers: ["chief"] })).toMatch(/but for what was said: controllers.0: "chief" and "b"/);
    expect(set(2, { computeAllocation: 5 })).toMatch(/computeAllocation: 5 and 19/);
    expect(set(2, { freezingThreshold: 8 })).toMatch(/freezingThreshold: 8 and 7/);
    expect(set(2, { reservedLimit: 7n })).toMatch(/reservedLimit: 7 and 70/);
  });
  test("condemns what was not said, and is another", () => {
    expect(set(0, { controllers: [] })).toMatch(/controllers.0: nothing and "chief"/);
    expect(set(3, { freezingThreshold: 0 })).toMatch(/freezingThreshold: 0 and 7/);
  });
  test("condemns settings that nobody wanted", () =>
    expect(told(followed(decided, "round-began", 0, { kind: "settings-updated", canister: "b", controllers: [] }))).toBe(
      "the settings of b changed, and nobody asked for that",
    ));
  test("condemns compute that is not there", () =>
    expect(told(elsewhere(decided, {}, { allocatable: 19 }))).toBe(
      "the settings of b changed, though allocations of 19 percent are not below 19",
    ));
  test("condemns compute that cannot be paid", () => {
    const { fees } = decided.scenario.genesis.parameters;
    const dear = elsewhere(
      decided,
      { freezingThreshold: 1_000_000 as CanisterGenesis["freezingThreshold"] },
      { fees: { ...fees, percentSecond: cycles(1n) } },
    );
    expect(told(edited(dear, "settings-updated", 0, { freezingThreshold: 1_000_000 }))).not.toBe("holds");
  });
  test("condemns a refusal without a reason", () => {
    expect(told(edited(decided, "management-answered", 3, { result: rejected("IC0530") }))).toMatch(
      /was refused with IC0530, for which there is no reason/,
    );
    expect(told(edited(decided, "management-answered", 0, { result: rejected("IC0540") }))).toMatch(/was refused with IC0540/);
    expect(told(elsewhere(decided, {}, { allocatable: 50 }))).toMatch(/was refused with IC0101, for which there is no reason/);
  });
});

describe("made-canisters-are-new", () => {
  const told = (trace: Trace): string => judged(madeCanistersAreNew, trace);
  const made = (nth: number, change: Readonly<Record<string, unknown>>): string => told(edited(born, "canister-created", nth, change));
  test("accepts true tales", () => expect(told(born)).toBe("holds"));
  test("passes over worlds in which nobody is made", () => {
    expect(told(payment)).toBe("vacuous");
    expect(told(lived)).toBe("vacuous");
  });

  test("condemns a number that is not the next", () => {
    expect(made(0, { canister: "canister-1" })).toBe("canister-1 was made, and canister-0 was nobody's yet");
    expect(made(2, { canister: "canister-0" })).toBe("canister-0 was made after canister-1");
    expect(made(0, { canister: "b" })).toMatch(/b was made after|with the id b/);
  });
  test("condemns an id that is somebody's, here or elsewhere", () => {
    const { genesis } = born.scenario;
    const routes = [{ canister: canisterId("canister-0"), subnet: "there" as never }];
    expect(told(setIn(born, { ...genesis, network: { own: "here" as never, routes } }))).toBe("a canister was made with the id canister-0");
  });
  test("condemns other cycles than those that were attached, less the fee", () =>
    expect(made(0, { balance: 500n })).toBe("canister-0 was made with 500 cycles of 500, and the fee is 50"));
  test("condemns another allocation", () =>
    expect(made(1, { computeAllocation: 4 })).toMatch(/with an allocation of 4, and 3 was asked for/));
  test("condemns an allocation for which there is no room", () =>
    expect(told(elsewhere(born, {}, { allocatable: 3 }))).toBe("canister-1 was made, and 3 percent are allocated then"));
  test("condemns an answer with another id, or with cycles", () => {
    expect(told(edited(born, "management-answered", 0, { result: replied(asciiOf("canister-1")) }))).toMatch(/heard something else/);
    expect(told(edited(born, "management-answered", 0, { refund: 500n }))).toMatch(/or got 500 cycles back/);
  });
  test("condemns one that runs without code", () =>
    expect(told(followed(born, "management-answered", 0, executed("canister-0", 0, { cause: fromUser("e0") })))).toBe(
      "canister-0 was made without code, and ran a message",
    ));
  test("has no objection when code came with a snapshot", () => {
    const ran = followed(born, "management-answered", 0, executed("canister-0", 0, { cause: fromUser("e0") }));
    const loaded = {
      kind: "snapshot-loaded",
      canister: "canister-0",
      source: "a",
      snapshot: 0,
      charged: 0n,
      wrote: [],
      pages: 0,
      balance: 1n,
    };
    expect(told(followed(ran, "management-answered", 0, loaded))).not.toMatch(/without code/);
  });
  test("condemns one that nobody asked for", () =>
    expect(
      told(followed(lived, "round-began", 0, { kind: "canister-created", canister: "canister-0", computeAllocation: 0, balance: 1n })),
    ).toBe("canister-0 was made, and nobody asked for it"));
});
