/** The laws of the random tape, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { hex, type Draw, type Scenario, type Trace } from "../../spec/index.ts";
import type { Case } from "../case.ts";
import { compared, judged } from "../testing/judging.ts";
import { edited, followed, network, observed, repeated, replied, setIn, world } from "../testing/stories.ts";
import { dice, firstDraw, greeting, quiet } from "../testing/tales.ts";
import { randomnessComesFromTheTape, randomnessIsLateAndFresh, tapeNotAnticipated } from "./tape.ts";

const draw = dice.steps[2]!.observation.draws[0]!;
const drew = (change: Partial<Record<keyof Draw, unknown>>): Trace => observed(dice, 2, { draws: [{ ...draw, ...change } as Draw] });

describe("randomness-is-late-and-fresh", () => {
  test("accepts dice that are thrown in one round and fall in the next", () =>
    expect(judged(randomnessIsLateAndFresh, dice)).toBe("holds"));
  test("passes over a world without dice", () => expect(judged(randomnessIsLateAndFresh, greeting)).toBe("vacuous"));
  test("condemns dice that fall too early", () =>
    expect(judged(randomnessIsLateAndFresh, setIn(dice, world(dice.scenario.genesis.canisters, { ...network, tapeLag: 2 })))).toMatch(
      /asked for in round 1 and answered in round 2: less than 2 later/,
    ));
  test("condemns dice that fall too late", () => {
    const late = { ...dice, steps: [...dice.steps.slice(0, 2), quiet.steps[0]!] };
    expect(judged(randomnessIsLateAndFresh, edited(late, "round-began", 1, { height: 2 }))).toMatch(
      /call 0 of a asked for randomness in round 1, and still waits in round 2/,
    );
  });
  test("condemns a draw from the tape of another round", () =>
    expect(judged(randomnessIsLateAndFresh, drew({ tape: 1 }))).toMatch(
      /comes from the tape of height 1 in round 2, whose tape is that of height 2/,
    ));
  test("condemns a draw with another number", () =>
    expect(judged(randomnessIsLateAndFresh, drew({ index: 1 }))).toMatch(/has the number 1 in its round, the next is 0/));
  test("condemns a draw that was asked for in another round", () =>
    expect(judged(randomnessIsLateAndFresh, drew({ asked: 0 }))).toMatch(/asked for in round 1, but says 0/));
  test("condemns a question that is dated back", () =>
    expect(judged(randomnessIsLateAndFresh, edited(dice, "randomness-asked", 0, { asked: 0 }))).toMatch(
      /sent in round 1, and asks as of round 0/,
    ));
  test("condemns a draw of few bytes", () => expect(judged(randomnessIsLateAndFresh, drew({ bytes: "00" }))).toMatch(/has 1 bytes/));
  test("condemns a draw for somebody else", () =>
    expect(judged(randomnessIsLateAndFresh, drew({ callback: 1 }))).toMatch(/draw 0 is for call 1 of a/));
  test("condemns an answer without a draw", () =>
    expect(judged(randomnessIsLateAndFresh, observed(dice, 2, { draws: [] }))).toMatch(/no draw is told/));
  test("condemns a draw that nobody asked for", () =>
    expect(judged(randomnessIsLateAndFresh, observed(dice, 2, { draws: [draw, draw] }))).toMatch(/2 draws were made for 1 requests/));
  test("condemns the same bytes for two", () => {
    const twice = observed(repeated(dice, "randomness-answered"), 2, { draws: [draw, { ...draw, index: 1 }] });
    expect(judged(randomnessIsLateAndFresh, twice)).toMatch(/got the bytes of another draw/);
  });
});

describe("randomness-comes-from-the-tape", () => {
  test("accepts the draw of a tape of zeros", () => expect(judged(randomnessComesFromTheTape, dice)).toBe("holds"));
  test("passes over a world without dice", () => expect(judged(randomnessComesFromTheTape, greeting)).toBe("vacuous"));
  test("condemns other bytes", () =>
    expect(judged(randomnessComesFromTheTape, drew({ bytes: "00".repeat(32) }))).toBe(
      `draw 0 of round 2 is ${"00".repeat(32)}, but its tape gives ${firstDraw}`,
    ));
  test("condemns the bytes of another number", () =>
    expect(judged(randomnessComesFromTheTape, drew({ index: 1 }))).toMatch(/draw 1 of round 2/));
});

describe("tape-not-anticipated", () => {
  const other = hex("ff".repeat(32));
  const changed = (round: number): Case => ({ scenario: dice.scenario, relation: { kind: "tape-replaced", round, tape: other } });
  const isChanged = ({ inputs }: Scenario, step: number): boolean =>
    inputs.some((input, at) => at === step && input.kind === "round" && input.tape === other);
  const told = (trace: Trace, scenario: Scenario): Trace => ({ ...trace, scenario });
  /** What happens when the tape of the second round is another: other bytes, in the draw and in the answer. */
  const fell = edited(
    edited(observed(dice, 2, { draws: [{ ...draw, bytes: hex("ab".repeat(32)) }] }), "answered", 0, { result: replied("ab".repeat(32)) }),
    "ingress-answered",
    0,
    { result: replied("ab".repeat(32)) },
  );

  test("accepts other dice from another tape", () =>
    expect(compared(tapeNotAnticipated, changed(2), (scenario) => told(isChanged(scenario, 2) ? fell : dice, scenario))).toBe("holds"));
  test("passes over a tape from which nobody draws", () =>
    expect(compared(tapeNotAnticipated, changed(1), (scenario) => told(dice, scenario))).toBe("vacuous"));
  test("passes over a round that never comes", () =>
    expect(compared(tapeNotAnticipated, changed(9), (scenario) => told(dice, scenario))).toBe("vacuous"));
  test("passes over a single world", () => expect(judged(tapeNotAnticipated, dice)).toBe("vacuous"));
  test("condemns dice that do not heed their tape", () =>
    expect(compared(tapeNotAnticipated, changed(2), (scenario) => told(dice, scenario))).toMatch(
      /draw 0 is the same in two worlds in which the tape of this round is another/,
    ));
  test("condemns dice that heed the tape of the round in which they were thrown", () =>
    expect(compared(tapeNotAnticipated, changed(1), (scenario) => told(isChanged(scenario, 1) ? fell : dice, scenario))).toMatch(
      /only the tape of round 1 differs, from which nothing was drawn yet/,
    ));
  test("condemns a world that knows the tape before its round", () => {
    const knew = followed(dice, "randomness-asked", 0, { kind: "timer-due", canister: "a" });
    expect(compared(tapeNotAnticipated, changed(2), (scenario) => told(isChanged(scenario, 2) ? knew : dice, scenario))).toMatch(
      /nothing was drawn yet, but so does/,
    );
  });
});
