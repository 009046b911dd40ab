/** The tests of randomness: right by the standard's worked examples, fair to fair bits, and sharp for bits that are not. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { hex } from "../../spec/index.ts";
import type { Hex, Scenario, Trace } from "../../spec/index.ts";
import { alone } from "../case.ts";
import { drawsLookRandom, falseAlarmOfBattery } from "../laws/statistics.ts";
import { answersOfRound, traceOf } from "../testing/committee-traces.ts";
import { led } from "../testing/weak-machines.ts";
import { everything } from "../vocabulary.ts";
import { battery, leastBits, tryBits } from "./battery.ts";
import { binomialInterval, binomialTail, chiSquaredTail, erfc, ready } from "./special.ts";
import {
  approximateEntropy,
  bitsOf,
  blockFrequency,
  cumulativeSums,
  evenBytes,
  longestRun,
  monobit,
  runs,
  serial,
  type Bits,
} from "./tests.ts";

beforeAll(ready);

const bits = (text: string): Bits => Uint8Array.from(text, Number);

/** Numbers that look random and are the same on every run. @source Marsaglia, Xorshift RNGs, with 32 bits, stirred once more */
const coins = (seed: number): (() => number) => {
  let state = (seed * 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    return ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 32;
  };
};
const fair = (seed: number, count: number): Bits => {
  const next = coins(seed);
  return Uint8Array.from({ length: count }, () => (next() < 0.5 ? 1 : 0));
};

describe("the special functions", () => {
  test("have the values of the tables", () => {
    expect(erfc(0.5)).toBeCloseTo(0.4795001222, 9);
    expect(chiSquaredTail(1, 3.841458820694124)).toBeCloseTo(0.05, 12);
    expect(chiSquaredTail(10, 18.307038053275146)).toBeCloseTo(0.05, 12);
    // Nothing in ten trials: the upper end is 1 - (0.025)^(1/10).
    expect(binomialInterval(0, 10, 0.95)).toEqual([0, expect.closeTo(1 - 0.025 ** 0.1, 10) as number]);
  });
});

describe("a tail", () => {
  test("that is too small for a number is nothing", () => {
    expect(chiSquaredTail(255, 100_000)).toBe(0);
    expect(binomialTail(100_000, 100_000, 0.5)).toBe(0);
    expect(evenBytes(new Uint8Array(24_576))).toBe(0);
    for (const { id, chance } of battery) expect(chance(new Uint8Array(24_576)), id).toBeGreaterThanOrEqual(0);
    expect(tryBits(new Uint8Array(24_576).fill(1), falseAlarmOfBattery).alarms.length).toBeGreaterThan(4);
  });
});

describe("a test of bits", () => {
  test("gives the p-value of the standard's worked example", () => {
    expect(monobit(bits("1011010101"))).toBeCloseTo(0.527089, 6);
    expect(blockFrequency(bits("0110011010"), 3)).toBeCloseTo(0.801252, 6);
    expect(runs(bits("1001101011"))).toBeCloseTo(0.147232, 6);
    expect(cumulativeSums(bits("1011010111"))).toBeCloseTo(0.4116588, 6);
    expect(serial(bits("0011011101"), 3)).toEqual([expect.closeTo(0.808792, 6), expect.closeTo(0.67032, 6)]);
    expect(approximateEntropy(bits("0100110101"), 3)).toBeCloseTo(0.261961, 6);
    // The standard rounds the chances of the classes to four digits.
    const example =
      "11001100000101010110110001001100111000000000001001001101010100010001001111010110100000001101011111001100111001101101100010110010";
    expect(longestRun(bits(example))).toBeCloseTo(0.180609, 3);
  });

  test("reads bytes from their highest bit", () => {
    expect([...bitsOf("a1")]).toEqual([1, 0, 1, 0, 0, 0, 0, 1]);
    expect(evenBytes(bitsOf(Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0")).join("")))).toBe(1);
  });

  test("calls fair bits odd about as often as it says", () => {
    const samples = Array.from({ length: 1_000 }, (_, seed) => fair(seed + 1, 13_312));
    for (const { id, chance } of battery) {
      const chances = samples.map(chance);
      for (const level of [0.05, 0.01]) {
        const share = chances.filter((p) => p < level).length / samples.length;
        // Five standard deviations of such a share, and what the approximations may add.
        expect(share, `${id} at ${level}`).toBeLessThan(1.15 * level + 5 * Math.sqrt(level / samples.length));
      }
    }
  });
});

const found = (make: (next: () => number) => Bits): number => {
  const times = 200;
  let alarms = 0;
  for (let seed = 1; seed <= times; seed++) if (tryBits(make(coins(seed)), falseAlarmOfBattery).alarms.length > 0) alarms++;
  return alarms / times;
};
const length = 96 * 256;

describe("the battery", () => {
  test("raises no alarm over fair bits", () => {
    expect(found((next) => Uint8Array.from({ length }, () => (next() < 0.5 ? 1 : 0)))).toBe(0);
    expect(tryBits(fair(1, leastBits), falseAlarmOfBattery)).toMatchObject({ bits: leastBits, level: expect.closeTo(1e-5, 8) as number });
  });

  test("finds bits that lean to one side, with a power of at least 0.99", () => {
    expect(found((next) => Uint8Array.from({ length }, () => (next() < 0.54 ? 1 : 0)))).toBeGreaterThanOrEqual(0.99);
  });

  test("finds bits that follow the one before, with a power of at least 0.99", () => {
    const sticky = (next: () => number): Bits => {
      let last = 0;
      return Uint8Array.from({ length }, () => (last = next() < 0.54 ? last : 1 - last));
    };
    expect(found(sticky)).toBeGreaterThanOrEqual(0.99);
  });

  test("finds one byte in thirty-two that is never written, with a power of at least 0.99", () => {
    expect(found((next) => Uint8Array.from({ length }, (_, at) => (at % 256 < 8 ? 0 : next() < 0.5 ? 1 : 0)))).toBeGreaterThanOrEqual(0.99);
  });

  test("does not find what is too small for so few bits", () => {
    expect(found((next) => Uint8Array.from({ length }, () => (next() < 0.505 ? 1 : 0)))).toBeLessThan(0.05);
  });
});

const drawnFrom = (make: (at: number, next: () => number) => number): Trace => {
  const next = coins(77);
  const draw = (): Hex => hex(Array.from({ length: 32 }, (_, at) => make(at, next).toString(16).padStart(2, "0")).join(""));
  return traceOf([answersOfRound(1, draw(), Array.from({ length: 96 }, draw))]);
};
const judge = (trace: Trace) => drawsLookRandom.check({ case: alone(trace.scenario), drive: () => trace, reference: () => trace });

describe("the draws of a machine", () => {
  test("look random when they are", async () => {
    expect(await judge(drawnFrom((_, next) => Math.floor(next() * 256)))).toEqual({ kind: "holds" });
    for (const { scenario } of fc.sample(drawsLookRandom.cases(everything), { seed: 2, numRuns: 5 })) {
      const lead = (world: Scenario): Trace => led(model, world);
      expect(await drawsLookRandom.check({ case: alone(scenario), drive: lead, reference: lead })).toEqual({ kind: "holds" });
    }
  });

  test("say nothing when they are few", async () => {
    expect(await judge(traceOf([]))).toMatchObject({ kind: "vacuous", because: `0 bits were drawn, and ${leastBits} are needed` });
  });

  test("are condemned when one byte of each is never written", async () => {
    expect(await judge(drawnFrom((at, next) => (at === 0 ? 0 : Math.floor(next() * 256))))).toMatchObject({
      kind: "fails",
      because: expect.stringContaining("finds both halves odd") as string,
    });
  });
});
