/** The law of reservations for long calls, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { percent, type Event, type Parameters, type Trace } from "../../spec/index.ts";
import { beating, type Beat } from "../testing/beats.ts";
import { judged } from "../testing/judging.ts";
import { setIn } from "../testing/stories.ts";
import { contest, marathon } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { longCallsGetTheirReservation } from "./reservations.ts";

const told = (beats: readonly Beat[], rounds = 101, parameters: Partial<Parameters> = {}): Trace =>
  led(model, beating(beats, rounds, { scheduler: "current", ...parameters }));

/** Somebody with calls of so many slices among three with calls of four, or of what is said, and one with short calls. */
const among = (allocation: number, slices: number, most = 4): readonly Beat[] => [
  { allocation, slices },
  { allocation: 0 },
  ...Array.from({ length: 3 }, () => ({ allocation: 0, slices: most })),
];

/** The same trace in which some of the full rounds of a canister are not told. */
const starved = (trace: Trace, id: string, isLost: (nth: number) => boolean): Trace => {
  let nth = 0;
  const kept = (event: Event): boolean => event.kind !== "full-round" || event.canister !== id || !isLost(nth++);
  return {
    ...trace,
    steps: trace.steps.map((step) => ({ ...step, observation: { ...step.observation, events: step.observation.events.filter(kept) } })),
  };
};

describe("long-calls-get-their-reservation", () => {
  const halved = told(among(60, 2));
  const thirds = told(among(90, 2, 3));
  test("accepts two rounds of every four beside calls of four slices", () =>
    expect(judged(longCallsGetTheirReservation, halved)).toBe("holds"));
  test("accepts that this is far less than four fifths of a reservation", () =>
    expect(judged(longCallsGetTheirReservation, told(among(95, 2)))).toBe("holds"));
  test("accepts two of every three beside calls of three", () => expect(judged(longCallsGetTheirReservation, thirds)).toBe("holds"));
  test("accepts what short calls get", () => expect(judged(longCallsGetTheirReservation, told(among(80, 1, 1)))).toBe("holds"));
  test("passes over a few rounds", () => expect(judged(longCallsGetTheirReservation, told(among(60, 2), 90))).toBe("vacuous"));
  test.each([
    ["five slices", told(among(60, 2, 5))],
    ["few paused executions", told(among(60, 2), 101, { maxPausedExecutions: 3 })],
    ["the published scheduler", told(among(10, 1, 1), 101, { scheduler: "published" })],
    ["little to do", contest],
    ["one canister", marathon],
  ])("passes over worlds with %s", (_, tale) => expect(judged(longCallsGetTheirReservation, tale)).toBe("vacuous"));

  test("condemns two rounds of every five beside calls of four slices", () =>
    expect(
      judged(
        longCallsGetTheirReservation,
        starved(halved, "a", (nth) => nth % 5 === 0),
      ),
    ).toMatch(
      /^a should have 68 full rounds of 100, and got 4\d and a credit of \d\.\d\d, beside calls of up to 4 slices: 50 are promised$/,
    ));
  test("condemns less than two of every three beside calls of three", () =>
    expect(
      judged(
        longCallsGetTheirReservation,
        starved(thirds, "a", (nth) => nth % 4 === 0),
      ),
    ).toMatch(/^a should have 92 full rounds of 100/));
  test("condemns a short call that does not get all of it", () => {
    const short = told(among(80, 1, 1));
    expect(
      judged(
        longCallsGetTheirReservation,
        starved(short, "a", (nth) => nth % 3 === 0),
      ),
    ).toMatch(/: 84 are promised$/);
  });
  test("condemns a reservation that is not looked at", () => {
    const equal = told([{ allocation: 0 }, { allocation: 0 }, { allocation: 0 }, { allocation: 0 }]);
    const { genesis } = equal.scenario;
    const canisters = genesis.canisters.map((each, at) => (at === 0 ? { ...each, computeAllocation: percent(70) } : each));
    expect(judged(longCallsGetTheirReservation, setIn(equal, { ...genesis, canisters }))).toMatch(
      /^a should have 77 full rounds of 100, and got/,
    );
  });
});
