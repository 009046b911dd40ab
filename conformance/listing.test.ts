/** Filters choose properties by name or by rule, and say what a mistyped one may have meant. */
import { describe, expect, test } from "vitest";
import { clauses, rules } from "../spec/index.ts";
import { listing, nearestOf, select } from "./listing.ts";
import { agrees, ledgerAdds, rerunsAgree } from "./testing/properties.ts";

const suite = [ledgerAdds, agrees, rerunsAgree];
const chosen = (...words: string[]) => {
  const selection = select(suite, words);
  return selection.kind === "chosen" ? selection.properties.map(({ id }) => id) : selection;
};

describe("a filter", () => {
  test("chooses everything when it is empty, else by property or by rule", () => {
    expect(chosen()).toEqual(["ledger-adds", "agrees", "reruns-agree"]);
    expect(chosen("agrees")).toEqual(["agrees"]);
    expect(chosen("restart")).toEqual(["ledger-adds", "reruns-agree"]);
    expect(chosen("agrees", "ledger-adds")).toEqual(["ledger-adds", "agrees"]);
  });

  test("that names nothing is told what it may have meant", () => {
    expect(chosen("ledger-add")).toEqual({ kind: "unknown", word: "ledger-add", nearest: "ledger-adds" });
    expect(chosen("restrat")).toMatchObject({ nearest: "restart" });
    expect(chosen("reruns")).toMatchObject({ nearest: "reruns-agree" });
    expect(chosen("xyzzy")).toMatchObject({ nearest: null });
  });

  test("by a rule that no property checks is not silently empty", () => {
    expect(chosen("timer-begin")).toEqual({ kind: "unknown", word: "timer-begin", nearest: null });
  });
});

test("the nearest name is one that is near, or that contains the word", () => {
  expect(nearestOf("cal-send", ["call-send", "call-reply"])).toBe("call-send");
  expect(nearestOf("zzzzzzzz", ["call-send"])).toBeNull();
});

test("the listing has every rule with its clauses, and every property with what it cites", () => {
  const listed = listing(suite);
  expect(listed.rules).toHaveLength(rules.length);
  expect(listed.rules.flatMap((rule) => rule.clauses)).toHaveLength(clauses.length);
  expect(listed.properties[0]).toEqual({ id: "ledger-adds", kind: "law", statement: "ledger-adds is true", cites: ["top-up", "restart"] });
});
