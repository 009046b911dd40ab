/** Full rounds in the current scheduler: who has one, and when it is paid. One percent is a million units. */
import { describe, expect, test } from "vitest";
import { instructions, type Event, type Parameters } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { consume, ingress, only, reply, round, smallWorld, type SmallCanister } from "./small-world.ts";

const current: Partial<Parameters> = {
  scheduler: "current",
  cores: 2,
  sliceInstructionLimit: instructions(100),
  roundInstructionLimit: instructions(110),
};
const led = (canisters: Readonly<Record<string, SmallCanister>>, said: Partial<Parameters> = {}) =>
  boot(smallWorld(canisters, { ...current, ...said }));
const fullIn = (events: readonly Event[]) => only(events, "full-round").map(({ canister, unpaid }) => `${canister}${unpaid}`);
const chargedIn = (events: readonly Event[]) => only(events, "priorities-settled")[0]!.charged;
const long = { go: [consume(250), reply()] };

describe("a full round", () => {
  test("is had by the first canister of each core, and not by one behind it that has more to do", () => {
    const session = led({ a: {}, b: {}, c: {} }, { roundInstructionLimit: instructions(130) });
    for (const canister of ["a", "b", "c"]) for (const id of ["i", "j", "k"]) session.apply(ingress(`${id}-${canister}`, canister));
    const { events } = session.apply(round());
    // The counter is 21: two messages and no third for a and b, of 11 each; nothing is left for c.
    expect(only(events, "turn-ended").map(({ canister, drained }) => [canister, drained])).toEqual([
      ["a", false],
      ["b", false],
    ]);
    expect(fullIn(events)).toEqual(["a0", "b0"]);
    expect(chargedIn(events)).toBe(200_000_000n);
  });

  test("is had by an idle canister that comes before all that are active, and by no other idle one", () => {
    const session = led({ a: {}, b: { allocation: 10 }, c: {} });
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(fullIn(events)).toEqual(["a0", "b0"]); // b comes first by its allocation; c has as much as a and a greater id
    expect(only(events, "full-round").map(({ priority }) => priority)).toEqual([-36_666_667n, -26_666_667n]);
  });

  test("is had by every idle canister when only long executions are active, and by none when nobody is", () => {
    const session = led({ a: long, b: {}, c: {} });
    session.apply(ingress("i", "a"));
    session.apply(round());
    expect(fullIn(session.apply(round()).events)).toEqual(["a2", "b0", "c0"]);
    session.apply(round());
    const { events } = session.apply(round());
    expect([fullIn(events), chargedIn(events)]).toEqual([[], 0n]);
  });
});

describe("a long execution", () => {
  test("pays its first round at once and the others when it is over: one for each slice in all", () => {
    const session = led({ a: long, b: {}, c: {} });
    session.apply(ingress("i", "a"));
    const [first, second, third] = [session.apply(round()), session.apply(round()), session.apply(round())].map(({ events }) => events);
    const ownIn = (events: readonly Event[]) => chargedIn(events) - 100_000_000n * BigInt(only(events, "full-round").length - 1);
    expect([fullIn(first!)[0], fullIn(second!)[0], fullIn(third!)[0]]).toEqual(["a1", "a2", "a0"]);
    expect([first, second, third].map((events) => ownIn(events!))).toEqual([100_000_000n, 0n, 200_000_000n]);
  });

  test("that was aborted owes nothing for what is lost, and its canister is long still", () => {
    const session = led({ a: long, b: {}, c: {} }, { maxPausedExecutions: 0 });
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect([fullIn(events), chargedIn(events)]).toEqual([["a1"], 100_000_000n]);
    expect(session.view().canisters[0]).toMatchObject({ executedRounds: 0, execution: { status: "aborted" } });
    for (const canister of ["b", "c"]) session.apply(ingress(canister, canister));
    const next = session.apply(round()).events;
    // c was given one unit more than b.
    expect(only(next, "turn-began").map(({ core, canister }) => `${core}${canister}`)).toEqual(["0a", "1c"]);
  });
});

test("an iteration without an instruction is the last one", () => {
  const session = led({ a: {}, b: {}, c: {} }, { roundInstructionLimit: instructions(1000) });
  session.apply(ingress("i", "a", "none"));
  expect(only(session.apply(round()).events, "round-ended")).toMatchObject([{ iterations: 1, instructions: 10 }]);
});
