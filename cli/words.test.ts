/** The words of the command line are read strictly, and shares are never rounded to all or to nothing. */
import { describe, expect, test } from "vitest";
import { duration, seed, shard, shareInWords, timeInWords, wholeNumber } from "./words.ts";

describe("a time", () => {
  test.each([
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["500ms", 500],
    ["1.5s", 1_500],
    ["7", 7_000],
  ] as const)("%s is %d ms", (text, time) => {
    expect(duration(text)).toBe(time);
  });

  test.each(["", "s", "-5s", "5 s", "1e9h", "0s", "99999h", "soon"])("is not %j", (text) => {
    expect(() => duration(text)).toThrow(`expected a time as 30s, 5m or 1h, up to 30 days, got "${text}"`);
  });
});

test("a seed is a whole number of 32 bits", () => {
  expect([seed("0"), seed("-2147483648"), seed("2147483647")]).toEqual([0, -(2 ** 31), 2 ** 31 - 1]);
  for (const text of ["2147483648", "1.5", "0x10", "", "abc"]) expect(() => seed(text)).toThrow(`got "${text}"`);
});

test("a number of runs is a whole number of at least 1", () => {
  expect(wholeNumber("200")).toBe(200);
  for (const text of ["0", "-1", "1e3", "many", ""]) expect(() => wholeNumber(text)).toThrow(`got "${text}"`);
});

test("a share says all or nothing only when it is", () => {
  expect([
    shareInWords(0, 10),
    shareInWords(10, 10),
    shareInWords(1, 100_000),
    shareInWords(99_999, 100_000),
    shareInWords(1, 3),
    shareInWords(0, 0),
  ]).toEqual(["0 %", "100 %", "0.1 %", "99.9 %", "33.3 %", "-"]);
});

test("a time is told in the unit that a person would use", () => {
  expect([timeInWords(12), timeInWords(2_345), timeInWords(600_000)]).toEqual(["12 ms", "2.3 s", "10.0 min"]);
});

test("a share of work is one of several", () => {
  expect(shard("1/2")).toEqual({ index: 1, count: 2 });
  for (const text of ["2/2", "0/0", "1", "0/65", "-1/2", ""]) expect(() => shard(text)).toThrow(`got "${text}"`);
});
