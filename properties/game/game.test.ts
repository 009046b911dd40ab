/** The prediction game: fair to a machine that is right, and lost by every machine that is weak, whatever the seed. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { drive, hex, type Scenario, type Trace } from "../../spec/index.ts";
import { committeeWorlds, fourNodes } from "../arbitraries/committees.ts";
import { dicedWorlds } from "../arbitraries/diced.ts";
import { alone, type Case } from "../case.ts";
import { drawFrom, drawsIgnoreBystanders, exchangedRequestsExchangeBytes } from "../laws/draws.ts";
import { effectOfGame, falseAlarmOfGame, nobodyPredicts } from "../laws/prediction.ts";
import { drawsLookRandom } from "../laws/statistics.ts";
import type { Property, Verdict } from "../property.ts";
import { binomialTail, ready } from "../statistics/special.ts";
import { answersOfRound, traceOf } from "../testing/committee-traces.ts";
import { led, weaknesses, type Weakness } from "../testing/weak-machines.ts";
import { everything } from "../vocabulary.ts";
import { adversaries } from "./adversaries.ts";
import { drawsOf } from "./knowledge.ts";
import { play, powerOf } from "./play.ts";

beforeAll(ready);

const options = { falseAlarm: falseAlarmOfGame, effect: effectOfGame };
const tapes = Array.from({ length: 6 }, (_, at) => hex(`0${at + 1}`.repeat(32)));
const judge = (property: Property, tried: Case, lead: (scenario: Scenario) => Trace): Promise<Verdict> =>
  Promise.resolve(property.check({ case: tried, drive: lead, reference: lead }));
/** A trace of rounds with one tape each, and so many draws, whose bytes somebody makes. */
const thrown = (bytes: (round: number, index: number) => ReturnType<typeof drawFrom>, draws = 4): Trace =>
  traceOf(
    tapes.map((tape, at) =>
      answersOfRound(
        at + 1,
        tape,
        Array.from({ length: draws }, (_, index) => bytes(at, index)),
      ),
    ),
  );

describe("the knowledge of an adversary", () => {
  test("has every earlier tape and draw, and not the tape of the round", () => {
    for (const [{ tapes: known, height, inRound, request }] of drawsOf(thrown((round, index) => drawFrom(tapes[round]!, index)))) {
      expect(known).toHaveLength(height - 1);
      expect(inRound).toHaveLength(request.index);
    }
  });
});

describe("the prediction game", () => {
  test("is lost by everybody when draws come from tapes that nobody knows", async () => {
    const honest = thrown((round, index) => drawFrom(tapes[round]!, index));
    expect(play(honest, options).winners).toEqual([]);
    expect(await judge(nobodyPredicts, alone(honest.scenario), () => honest)).toEqual({ kind: "holds" });
  });

  test("says nothing of a trace with too few draws", async () => {
    const short = thrown((round, index) => drawFrom(tapes[round]!, index), 0);
    expect(await judge(nobodyPredicts, alone(short.scenario), () => short)).toMatchObject({ kind: "vacuous" });
  });

  test("is won by somebody who knew a draw, who is named", async () => {
    const late = thrown((round, index) => drawFrom(tapes[Math.max(0, round - 1)]!, index));
    expect(await judge(nobodyPredicts, alone(late.scenario), () => late)).toMatchObject({
      kind: "fails",
      because: expect.stringContaining("knew 20 of 24 draws") as string,
    });
  });

  test("states its chances as they are", () => {
    const level = falseAlarmOfGame / (2 * adversaries.length);
    // The exact tail of a binomial distribution, added up by hand for a small one.
    expect(binomialTail(8, 10, 0.5)).toBeCloseTo((45 + 10 + 1) / 1024, 12);
    expect(powerOf(512, level, effectOfGame)).toBeGreaterThan(0.99);
    expect(powerOf(512, level, 0.02)).toBeLessThan(0.01);
    expect(powerOf(8 * 256 * 5, level, 0.06)).toBeGreaterThan(0.99);
    expect(
      play(
        thrown((round, index) => drawFrom(tapes[round]!, index)),
        options,
      ),
    ).toMatchObject({ draws: 24, effect: 0.25, falseAlarm: 1e-9 });
  });

  test("gives intervals that hold the truth, at a confidence that one can check", () => {
    const rounds = fc.sample(dicedWorlds(everything), { seed: 9, numRuns: 12 });
    const scores = rounds.flatMap((world) => play(led(model, world), { ...options, falseAlarm: 0.05 * adversaries.length }).scores);
    const held = scores.filter(({ interval: [low, high] }) => low <= 0 && high >= 0).length;
    // Each interval holds with a chance of at least 0.95; fewer than 0.85 of these would be a rare thing.
    expect(held / scores.length).toBeGreaterThan(0.85);
    for (const { advantage, interval } of scores)
      expect(advantage).toSatisfy((value: number) => interval[0] <= value && value <= interval[1]);
  });
});

const seeds = Array.from({ length: 30 }, (_, at) => at + 1);
const laws: Readonly<Record<string, Property>> = {
  [drawsIgnoreBystanders.id]: drawsIgnoreBystanders,
  [drawsLookRandom.id]: drawsLookRandom,
  [exchangedRequestsExchangeBytes.id]: exchangedRequestsExchangeBytes,
};

/** Whether a weakness is found within a few cases that a seed draws. */
const isFound = async ({ id, foundBy, weaken }: Weakness, seed: number): Promise<boolean> => {
  const weak = weaken(model);
  const lead = (scenario: Scenario): Trace => drive(weak, scenario) as Trace;
  if ("law" in foundBy) {
    for (const tried of fc.sample(laws[foundBy.law]!.cases(everything), { seed, numRuns: 12 }))
      if ((await judge(laws[foundBy.law]!, tried, lead)).kind === "fails") return true;
    return false;
  }
  const worlds = id === "threshold-of-f" ? committeeWorlds(everything, fourNodes) : dicedWorlds(everything);
  for (const world of fc.sample(worlds, { seed, numRuns: 12 }))
    if (play(lead(world), options).winners.some(({ adversary }) => adversary === foundBy.adversary)) return true;
  return false;
};

describe("a planted weakness", () => {
  test.each(weaknesses.map((weakness) => [weakness.id, weakness] as const))("%s is found from 30 of 30 seeds", async (_, weakness) => {
    const missed: number[] = [];
    for (const seed of seeds) if (!(await isFound(weakness, seed))) missed.push(seed);
    expect(missed).toEqual([]);
  });

  test("is looked for by an adversary or a law that exists", () => {
    for (const { foundBy } of weaknesses)
      expect("law" in foundBy ? laws[foundBy.law] : adversaries.find(({ id }) => id === foundBy.adversary)).toBeDefined();
    expect(new Set(adversaries.map(({ id }) => id)).size).toBe(adversaries.length);
  });
});
