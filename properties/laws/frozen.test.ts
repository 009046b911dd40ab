/** The law of canisters that cannot pay, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { instructions, percent, type Input, type Trace } from "../../spec/index.ts";
import { beating, beatingBeside } from "../testing/beats.ts";
import { judged } from "../testing/judging.ts";
import { edited, ingress, repeated, setIn } from "../testing/stories.ts";
import { greeting, poverty } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { frozenCanistersBlockNobody } from "./frozen.ts";

/** A round has time for three refusals, or for one heartbeat. */
const room = { roundInstructionLimit: instructions(40 + 2 + 4) };
const asking =
  (count: number) =>
  (nth: number): readonly Input[] =>
    Array.from({ length: count }, (_, k) => ingress(`x${nth}-${k}`, "f", "m0"));
const told = (scheduler: "published" | "current", count: number, rounds = 101): Trace =>
  led(model, beatingBeside("f", asking(count), beating([{ allocation: 40 }, { allocation: 20 }], rounds, { scheduler, ...room })));

describe.each(["published", "current"] as const)("frozen-canisters-block-nobody, %s", (scheduler) => {
  const refusing = told(scheduler, 3);
  test("accepts one refusal in a round, or a flood", () => {
    expect(judged(frozenCanistersBlockNobody, told(scheduler, 1))).toBe("holds");
    expect(judged(frozenCanistersBlockNobody, refusing)).toBe("holds");
    expect(judged(frozenCanistersBlockNobody, told(scheduler, 5))).toBe("holds");
  });
  test("passes over a few rounds", () => expect(judged(frozenCanistersBlockNobody, told(scheduler, 3, 9))).toBe("vacuous"));
  test("passes over worlds in which everybody can pay", () =>
    expect(judged(frozenCanistersBlockNobody, told(scheduler, 0))).toBe("vacuous"));

  test("condemns more refusals than a round has time for", () =>
    expect(judged(frozenCanistersBlockNobody, repeated(refusing, "not-executed"))).toMatch(
      /^core \d refused 4 messages in round \d+, and had time for 3$/,
    ));
  test("condemns refusals that take instructions", () => {
    // The first turn of f, whatever its place in its round.
    const turns = refusing.steps.flatMap(({ observation }) => observation.events.filter(({ kind }) => kind === "turn-ended"));
    const first = turns.findIndex((event) => "canister" in event && event.canister === "f");
    expect(judged(frozenCanistersBlockNobody, edited(refusing, "turn-ended", first, { instructions: 46 }))).toBe(
      "f refused 3 messages and did nothing else, and its turn took 46 instructions instead of 6",
    );
  });
  test("condemns that others lose what they reserved", () => {
    const { genesis } = refusing.scenario;
    const canisters = genesis.canisters.map((each) => (each.id === "b" ? { ...each, computeAllocation: percent(59) } : each));
    const crossed = led(model, {
      ...refusing.scenario,
      genesis: {
        ...genesis,
        canisters: genesis.canisters.map((each) => (each.id === "b" ? { ...each, computeAllocation: percent(0) } : each)),
      },
    });
    expect(judged(frozenCanistersBlockNobody, setIn(crossed, { ...genesis, canisters }))).toMatch(
      /^beside canisters that refuse: b has an allocation of 59/,
    );
  });
});

test("frozen-canisters-block-nobody passes over short tales", () => {
  for (const tale of [greeting, poverty]) expect(judged(frozenCanistersBlockNobody, tale)).toBe("vacuous");
});
