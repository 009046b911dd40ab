/** The laws of what consensus answers, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import type { Draw, Parameters, Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { counter, departure, lottery, notary, standstill } from "../testing/scenes-of-outcalls.ts";
import { edited, followed, rejected, repeated, replied, setIn, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { answersComeFromBlocks, consensusIsPaidFor, signaturesAreDrawnFor } from "./outcalls.ts";

const tales = {
  notary: led(model, notary),
  counter: led(model, counter),
  lottery: led(model, lottery),
  standstill: led(model, standstill),
  departure: led(model, departure),
};

/** The same tale in a network that is another. */
const elsewhere = (tale: Trace, more: Partial<Parameters>): Trace => {
  const { genesis } = tale.scenario;
  return setIn(tale, { ...genesis, parameters: { ...genesis.parameters, ...more } });
};

/** A tale in which one step draws something else. */
const redrawn = (tale: Trace, nth: number, change: (draws: readonly Draw[]) => readonly Draw[]): Trace => {
  const at = tale.steps.flatMap(({ observation }, step) => (observation.draws.length > 0 ? [step] : []))[nth];
  return {
    ...tale,
    steps: tale.steps.map((step, one) =>
      one === at ? { ...step, observation: { ...step.observation, draws: change(step.observation.draws) } } : step,
    ),
  };
};

describe.each([answersComeFromBlocks, signaturesAreDrawnFor, consensusIsPaidFor])("$id", (law) => {
  test.each(Object.entries(tales))("does not condemn the tale of %s", (_, tale) => expect(judged(law, tale)).not.toMatch(/ /));
  test("passes over worlds in which nobody asks consensus", () => expect(judged(law, payment)).toBe("vacuous"));
});

describe("answers-come-from-blocks", () => {
  const told = (trace: Trace): string => judged(answersComeFromBlocks, trace);

  test("accepts what blocks say", () => expect(Object.values(tales).map(told)).toEqual(Object.keys(tales).map(() => "holds")));

  test("condemns a number that does not come next", () => {
    expect(told(edited(tales.notary, "consensus-asked", 0, { request: 1 }))).toBe(
      "call 0 of chief left with the number 1, and 0 comes next",
    );
    expect(told(edited(tales.notary, "consensus-asked", 2, { request: 1 }))).toBe(
      "call 2 of chief left with the number 1, and 2 comes next",
    );
  });
  test("condemns an answer of nobody", () => {
    expect(told(followed(tales.notary, "consensus-refused", 2, { kind: "consensus-answered", request: 0 }))).toBe(
      "consensus-answered was told of 0, and the block says nothing more",
    );
    expect(told(repeated(tales.lottery, "consensus-answered"))).toMatch(/^management-answered was to be told/);
  });
  test("condemns another order", () =>
    expect(told(edited(tales.lottery, "consensus-answered", 0, { request: 1 }))).toBe(
      "consensus-answered was told of 1, and the answer to 0 is next",
    ));
  test("condemns an answer that comes too early, is too long, or finds nobody", () => {
    const early = edited(tales.notary, "consensus-refused", 0, { kind: "consensus-answered" });
    expect(told(early)).toBe("an answer to 0 was taken, in spite of CN0025");
    expect(told(edited(tales.notary, "consensus-refused", 3, { kind: "consensus-answered" }))).toMatch(
      /to 2 was taken, in spite of CN0026/,
    );
    expect(told(edited(tales.notary, "consensus-refused", 4, { kind: "consensus-answered" }))).toMatch(
      /to 3 was taken, in spite of CN0026/,
    );
    expect(told(edited(tales.notary, "consensus-refused", 1, { kind: "consensus-answered" }))).toMatch(
      /to 9 was taken, in spite of CN0024/,
    );
  });
  test("condemns a refusal for another reason, or for none", () => {
    expect(told(edited(tales.notary, "consensus-refused", 0, { error: "CN0024" }))).toBe(
      "an answer to 0 was refused with CN0024 instead of CN0025",
    );
    const refused = { kind: "consensus-refused", error: "CN0024" };
    expect(told(edited(tales.notary, "consensus-answered", 0, refused))).toBe(
      "an answer to 0 was refused with CN0024 instead of being taken",
    );
  });
  test("condemns what the block does not say, and other cycles", () => {
    const answered = (nth: number, change: Readonly<Record<string, unknown>>): string =>
      told(edited(tales.notary, "management-answered", nth, change));
    expect(answered(0, { result: replied("aa") })).toMatch(/^management-answered was to be told: .*result/);
    expect(answered(0, { refund: 500n })).toMatch(/^management-answered was to be told: .*refund/);
    expect(answered(0, { callback: 1 })).toMatch(/^management-answered was to be told: .*callback/);
    expect(answered(1, { result: rejected("IC0406") })).toMatch(/^management-answered was to be told: .*code/);
    expect(answered(1, { result: replied("") })).toMatch(/^management-answered was to be told/);
  });
  test("condemns silence", () => {
    expect(told(without(tales.notary, "consensus-refused", 0))).toBe("the block answers 0, and nothing was told of it");
    expect(told(without(tales.departure, "cycles-dropped", 0))).toBe(
      'cycles-dropped was to be told: kind: "round-ended" and "cycles-dropped"',
    );
    expect(told(without(tales.departure, "response-late", 0))).toMatch(/^response-late was to be told/);
    expect(told(without(tales.standstill, "consensus-answered", 0))).toBe("the block answers 0, and nothing was told of it");
  });
  test("condemns a round that is skipped before the answers are looked at", () => {
    const skipped = { kind: "round-skipped", height: 6, heapDelta: 64, limit: 32 };
    expect(told(followed(tales.standstill, "round-began", 5, skipped))).toBe("the block answers 0, and nothing was told of it");
  });
});

describe("signatures-are-drawn-for", () => {
  const told = (nth: number, change: (draws: readonly Draw[]) => readonly Draw[]): string =>
    judged(signaturesAreDrawnFor, redrawn(tales.lottery, nth, change));
  const each = (change: Partial<Draw>) => (draws: readonly Draw[]) => draws.map((draw) => ({ ...draw, ...change }));

  test("accepts what is drawn for signatures and keys", () =>
    expect([tales.notary, tales.counter, tales.lottery, tales.standstill].map((tale) => judged(signaturesAreDrawnFor, tale))).toEqual(
      Array.from({ length: 4 }, () => "holds"),
    ));
  test("passes over outcalls", () => expect(judged(signaturesAreDrawnFor, tales.departure)).toBe("vacuous"));

  test("condemns an id, or a nonce, that was not drawn", () => {
    expect(told(0, (draws) => draws.slice(0, 1))).toBe("an id for call 0 of chief was to be drawn, and was not");
    expect(told(1, (draws) => draws.slice(0, 1))).toBe("a nonce for call 0 of chief was to be drawn, and was not");
    expect(told(2, () => [])).toBe("a nonce for call 0 of c was to be drawn, and was not");
  });
  test("condemns what is drawn too early, or twice", () => {
    const [nonce] = tales.lottery.steps.flatMap(({ observation }) => observation.draws).slice(-1);
    expect(told(1, (draws) => [...draws, nonce!])).toBe("a nonce for call 0 of c was drawn, and nobody needs it");
    expect(told(2, (draws) => [...draws, ...draws])).toBe("a nonce for call 0 of c was drawn, and nobody needs it");
  });
  test("condemns another order, and another count", () => {
    expect(told(1, (draws) => [...draws].reverse())).toMatch(/^an id for call 0 of c was to be draw 0/);
    expect(told(2, each({ index: 1 }))).toMatch(/^a nonce for call 0 of c was to be draw 0: .*index/);
  });
  test("condemns a draw of another tape, for another purpose, for somebody else, or as of another round", () => {
    expect(told(2, each({ tape: 9 as Draw["tape"] }))).toMatch(/was to be draw 0: .*tape/);
    expect(told(2, each({ purpose: "id" }))).toMatch(/was to be draw 0: .*purpose/);
    expect(told(2, each({ callback: 7 }))).toMatch(/was to be draw 0: .*callback/);
    expect(told(2, each({ asked: 3 as Draw["asked"] }))).toMatch(/was to be draw 0: .*asked/);
  });
});

describe("consensus-is-paid-for", () => {
  const told = (trace: Trace): string => judged(consensusIsPaidFor, trace);
  const asked = (nth: number, change: Readonly<Record<string, unknown>>): string =>
    told(edited(tales.notary, "consensus-asked", nth, change));

  test("accepts what is paid for", () => expect(Object.values(tales).map(told)).toEqual(Object.keys(tales).map(() => "holds")));

  test("condemns another price", () => {
    expect(asked(0, { fee: 25n })).toBe("call 0 of chief costs 26, and paid 25");
    expect(asked(2, { fee: 402n })).toBe("call 2 of chief costs 403, and paid 402");
  });
  test("condemns whoever keeps more, or less", () => {
    expect(asked(0, { kept: 475n })).toBe("call 0 of chief paid 26 of 500, and kept 475");
    expect(asked(0, { kept: -1n })).toBe("call 0 of chief costs 26, and had 500");
  });
  test("condemns a key that the subnet does not have", () =>
    expect(told(elsewhere(tales.notary, { keys: [] }))).toBe("call 0 of chief left the layer for a key that the subnet does not have"));
  test("condemns one too many", () => {
    expect(told(elsewhere(tales.notary, { signatureQueue: 0 }))).toBe("call 0 of chief left the layer, where as many wait as may");
    expect(told(elsewhere(tales.departure, { outcallLimit: 0 }))).toBe("call 0 of d left the layer, where as many wait as may");
  });
  test("condemns a refusal without a reason", () => {
    expect(told(elsewhere(tales.counter, { signatureQueue: 2 }))).toBe("call 0 of c was answered at once, and may leave the layer");
    expect(told(elsewhere(tales.counter, { outcallLimit: 2 }))).toBe("call 2 of c was answered at once, and may leave the layer");
  });
  test("condemns a refusal with another error, or with other cycles", () => {
    const refused = (change: Readonly<Record<string, unknown>>): string => told(edited(tales.counter, "management-answered", 0, change));
    expect(refused({ result: rejected("IC0504") })).toMatch(/^call 0 of chief does not leave the layer: .*code/);
    expect(refused({ refund: 474n })).toMatch(/^call 0 of chief does not leave the layer: .*refund/);
  });
  test("condemns whoever left without having asked", () =>
    expect(asked(0, { callback: 3 })).toBe("call 3 of chief left the layer, and did not ask for it"));
  test("condemns a price that is not burned", () => {
    const steps = tales.departure.steps.map((step) => ({
      ...step,
      observation: { ...step.observation, ledger: { ...step.observation.ledger, burned: 0n } },
    })) as unknown as Trace["steps"];
    expect(told({ ...tales.departure, steps })).toBe("403 cycles were paid for what left the layer, and 0 burned");
  });
});
