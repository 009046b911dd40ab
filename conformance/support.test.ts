/** Patterns of rules, as machines say them. */
import { expect, test } from "vitest";
import { rules } from "../spec/index.ts";
import { exclusionsOf } from "./support.ts";

const left = (supports: readonly string[], excludes: readonly string[] = []) =>
  exclusionsOf(
    supports,
    excludes.map((rule) => ({ rule, reason: `no ${rule}` })),
  ).map(({ rule }) => rule);

test("who supports everything leaves nothing out", () => {
  expect(left(["*"])).toEqual([]);
});

test("a wildcard stands for any letters, at any place", () => {
  expect(left(["*"], ["timer-*"])).toEqual(["timer-set", "timer-begin"]);
  expect(left(["*"], ["*-ask"])).toEqual(["randomness-ask"]);
  expect(left(["*"], ["r*-*sk"])).toEqual(["randomness-ask"]);
  expect(left(["*"], ["top-up"])).toEqual(["top-up"]);
});

test("what is not supported is left out, too", () => {
  const supported = rules.filter(({ id }) => id === "round-begin" || id.startsWith("schedule-"));
  expect(left(["round-begin", "schedule-*"])).toHaveLength(rules.length - supported.length);
  expect(supported.length).toBeGreaterThan(2);
});

test("an exclusion has its own reason", () => {
  expect(exclusionsOf(["*"], [{ rule: "top-up", reason: "no mint" }])).toEqual([{ rule: "top-up", reason: "no mint" }]);
});

test("a pattern that names no rule is a mistake of the machine", () => {
  expect(() => left(["*"], ["timers-*"])).toThrow('excludes[0].rule: expected a rule id, or a pattern that matches one, got "timers-*"');
  expect(() => left(["*", "call-sends"])).toThrow("supports[1]");
});
