/** The laws of draws, each held to traces that are written by hand, or to a machine that is bent for it. */
import { describe, expect, test } from "vitest";
import {
  canisterId,
  height,
  hex,
  ingressId,
  nanoseconds,
  publishedParameters,
  type Draw,
  type Event,
  type Hex,
  type Input,
  type Scenario,
  type Trace,
} from "../../spec/index.ts";
import { alone, type Case } from "../case.ts";
import { finalised, final, idleRound, released, roundWith, traceOf, type Told } from "../testing/committee-traces.ts";
import { drawFrom, drawsAreAccounted, drawsIgnoreBystanders, exchangedRequestsExchangeBytes } from "./draws.ts";
import { nobodySmuggles } from "./smuggling.ts";

const tape = hex("5a".repeat(32));
const other = hex("ff".repeat(32));
const a = canisterId("a");
const draw = (callback: number, index: number, bytes: Hex, more: Partial<Draw> = {}): Draw => ({
  tape: height(2),
  index,
  purpose: "randomness",
  asked: height(1),
  canister: a,
  callback,
  bytes,
  ...more,
});
const answered = (callback: number): Event => ({ kind: "randomness-answered", canister: a, callback });
const inRound = (of: number, with_: Hex, draws: readonly Draw[]): Told => [
  roundWith(with_),
  idleRound(of, ...draws.map(({ callback }) => answered(callback))),
  draws,
];
const both = [draw(0, 0, drawFrom(tape, 0)), draw(1, 1, drawFrom(tape, 1))];

describe("the ledger of draws", () => {
  test("is accepted when every draw is one answer, in order", () => {
    expect(drawsAreAccounted.judge(traceOf([inRound(1, tape, both)]))).toEqual({ kind: "holds" });
  });

  test("says nothing where nothing is drawn", () => {
    expect(drawsAreAccounted.judge(traceOf([[final(1, 0), [finalised(1, 0), released(1, 1)]]])).kind).toBe("vacuous");
  });

  test("is condemned when a draw is lost, mixed up, used twice, or not what the tape gives", () => {
    const judged = (...steps: readonly Told[]) => drawsAreAccounted.judge(traceOf(steps));
    const because = (text: string) => ({ kind: "fails", because: expect.stringContaining(text) as string });
    expect(judged([roundWith(tape), idleRound(1, answered(0)), both])).toMatchObject(because("2 draws were made, and 1 requests answered"));
    expect(judged([roundWith(tape), idleRound(1, answered(1), answered(0)), both])).toMatchObject(because("is told to be for call 0 of a"));
    expect(judged(inRound(1, tape, [both[0]!, { ...both[1]!, index: 0 }]))).toMatchObject(because("has the number 0"));
    expect(judged(inRound(1, tape, [both[0]!, { ...both[1]!, bytes: both[0]!.bytes }]))).toMatchObject(because("but its tape gives"));
    expect(judged(inRound(1, tape, both), inRound(2, tape, both))).toMatchObject(because("was used before"));
  });
});

const ingress = (id: string, to: string): Input => ({
  kind: "ingress",
  id: ingressId(id),
  canister: canisterId(to),
  method: "go",
  payload: hex(""),
});
const asking: Scenario = {
  genesis: { parameters: publishedParameters, time: nanoseconds(0n), canisters: [] },
  inputs: [ingress("i", "a"), ingress("m", "m-bystander"), ingress("j", "a"), roundWith(hex("00".repeat(32))), roundWith(tape)],
};
const told = (answers: Readonly<Record<string, Hex>>): readonly Event[] =>
  idleRound(
    2,
    ...Object.entries(answers).map(
      ([id, payload]) => ({ kind: "ingress-answered", ingress: id, result: { kind: "reply", payload } }) as Event,
    ),
  );

/** What a machine that answers so does in the scenario that a law leads it through. */
const ledBy =
  (answers: (scenario: Scenario) => readonly Event[], draws: (scenario: Scenario) => readonly Draw[]) =>
  (scenario: Scenario): Trace =>
    traceOf(
      scenario.inputs.map((input, at): Told =>
        at === scenario.inputs.length - 1 ? [input, answers(scenario), draws(scenario)] : [input, []],
      ),
      scenario.genesis,
    );
const firstAsker = ({ inputs: [first] }: Scenario): string => (first?.kind === "ingress" ? first.id : "");
const tried = (scenario: Scenario): Case => alone(scenario);
const check = (law: typeof exchangedRequestsExchangeBytes, drive: (scenario: Scenario) => Trace, scenario = asking) =>
  law.check({ case: tried(scenario), drive, reference: drive });
const [zero, one] = [drawFrom(tape, 0), drawFrom(tape, 1)];

describe("exchanged requests", () => {
  test("exchange their bytes, when the place decides", () => {
    const byPlace = ledBy(
      (scenario) => told(firstAsker(scenario) === "i" ? { i: zero, j: one } : { i: one, j: zero }),
      () => [],
    );
    expect(check(exchangedRequestsExchangeBytes, byPlace)).toEqual({ kind: "holds" });
  });

  test("say nothing where only one asks", () => {
    const lonely = { ...asking, inputs: asking.inputs.slice(2) };
    expect(
      check(
        exchangedRequestsExchangeBytes,
        ledBy(
          () => told({ j: zero }),
          () => [],
        ),
        lonely,
      ),
    ).toMatchObject({ kind: "vacuous" });
  });

  test("are condemned when the name decides, and when both get the same", () => {
    expect(
      check(
        exchangedRequestsExchangeBytes,
        ledBy(
          () => told({ i: zero, j: one }),
          () => [],
        ),
      ),
    ).toMatchObject({ kind: "fails" });
    expect(
      check(
        exchangedRequestsExchangeBytes,
        ledBy(
          () => told({ i: zero, j: zero }),
          () => [],
        ),
      ),
    ).toMatchObject({ kind: "fails", because: "i and j got the same bytes" });
  });
});

describe("bystanders", () => {
  test("change no draw", () => {
    expect(
      check(
        drawsIgnoreBystanders,
        ledBy(
          () => [],
          () => both,
        ),
      ),
    ).toEqual({ kind: "holds" });
  });

  test("say nothing where there are none, or nothing is drawn", () => {
    expect(
      check(
        drawsIgnoreBystanders,
        ledBy(
          () => [],
          () => both,
        ),
        { ...asking, inputs: asking.inputs.slice(2) },
      ),
    ).toMatchObject({ kind: "vacuous" });
    expect(
      check(
        drawsIgnoreBystanders,
        ledBy(
          () => [],
          () => [],
        ),
      ),
    ).toMatchObject({ kind: "vacuous" });
  });

  test("are condemned when they shift the draws", () => {
    const shifted = ledBy(
      () => [],
      ({ inputs }) => both.map((each) => ({ ...each, bytes: drawFrom(tape, each.index + inputs.length) })),
    );
    expect(check(drawsIgnoreBystanders, shifted)).toMatchObject({
      kind: "fails",
      because: "without the messages of bystanders, draw 0 of all is another",
    });
  });
});

describe("smugglers", () => {
  const replaced: Case = { scenario: asking, relation: { kind: "tape-replaced", round: 2, tape: other } };
  const tapeOfLast = ({ inputs }: Scenario): Hex => (inputs.at(-1) as { tape: Hex }).tape;
  const led = (first: (scenario: Scenario) => readonly Event[], draws: (scenario: Scenario) => readonly Draw[]) => (scenario: Scenario) =>
    traceOf(
      scenario.inputs.map((input, at): Told =>
        at === 4 ? [input, idleRound(2), draws(scenario)] : [input, at === 3 ? first(scenario) : []],
      ),
      scenario.genesis,
    );
  const smuggle = (drive: (scenario: Scenario) => Trace, over = replaced) => nobodySmuggles.check({ case: over, drive, reference: drive });
  const honest = (scenario: Scenario): readonly Draw[] =>
    both.map((each) => ({ ...each, bytes: drawFrom(tapeOfLast(scenario), each.index) }));

  test("get nothing of an honest machine", () => {
    expect(smuggle(led(() => idleRound(1), honest))).toEqual({ kind: "holds" });
  });

  test("say nothing where nobody draws from the tape that differs", () => {
    expect(
      smuggle(
        led(
          () => idleRound(1),
          () => [],
        ),
      ),
    ).toMatchObject({ kind: "vacuous" });
    expect(
      smuggle(
        led(() => idleRound(1), honest),
        alone(asking),
      ),
    ).toMatchObject({ kind: "vacuous" });
  });

  test("are found when a bit comes before its time, and when another tape gives the same bytes or answers others", () => {
    const early = led(
      (scenario) =>
        idleRound(1, {
          kind: "ingress-answered",
          ingress: "i",
          result: { kind: "reply", payload: drawFrom(tapeOfLast(scenario), 0) },
        } as Event),
      honest,
    );
    expect(smuggle(early)).toMatchObject({ kind: "fails", at: 3 });
    expect(
      smuggle(
        led(
          () => idleRound(1),
          () => both,
        ),
      ),
    ).toMatchObject({ kind: "fails", at: 4, because: expect.stringContaining("same bytes by two tapes") as string });
    const picky = led(
      () => idleRound(1),
      (scenario) => honest(scenario).slice(0, tapeOfLast(scenario) === tape ? 2 : 1),
    );
    expect(smuggle(picky)).toMatchObject({
      kind: "fails",
      at: 4,
      because: expect.stringContaining("2 requests are answered with one tape, and 1 with the other") as string,
    });
  });
});
