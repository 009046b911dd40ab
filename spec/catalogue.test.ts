/** The catalogue holds to the style in which rules are said. */
import { describe, expect, test } from "vitest";
import { errorCodes, rejectCodeOf, type ErrorCode } from "./codes.ts";
import { clauseName, clausesOf, type Rule } from "./rule.ts";
import { callReply, catalogueText, clauses, rules } from "./rules/index.ts";

const all: readonly Rule[] = rules;
const sentences = all.flatMap(({ id, when, then }) => [
  ...Object.entries(when).map(([clause, [sentence]]) => ({ at: `${id}.${clause}`, sentence })),
  ...Object.entries(then).map(([clause, sentence]) => ({ at: `${id}.${clause}`, sentence })),
]);

describe("the catalogue of rules", () => {
  test("names every rule once, in kebab-case", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id } of all) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test("gives every rule a source, an intent and at least one clause", () => {
    for (const said of all) {
      expect(said.source, said.id).not.toBe("");
      expect(said.intent.endsWith("."), said.id).toBe(true);
      expect(clausesOf(said).length, said.id).toBeGreaterThan(0);
    }
  });

  test("says one fact a sentence, in the present tense", () => {
    for (const { at, sentence } of sentences) {
      expect(sentence, at).not.toMatch(/\bshould\b|\bmust\b|\bwill\b|\.$/);
      expect(sentence[0], at).toBe(sentence[0]?.toLowerCase());
    }
  });

  test("addresses every clause once", () => {
    const names = clauses.map(clauseName);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("call-reply.when.unanswered");
  });

  test("refuses only with codes of the registry", () => {
    for (const { when } of all)
      for (const [, [, error]] of Object.entries(when)) if (error !== null) expect(errorCodes).toHaveProperty(error);
  });

  test("has a text with every sentence in it", () => {
    expect(catalogueText()).toContain(callReply.when.unanswered[0]);
    expect(JSON.parse(catalogueText())).toHaveLength(all.length);
  });
});

describe("an error code", () => {
  test("has its first digit as its reject code", () => {
    expect(rejectCodeOf("IC0207")).toBe(2);
    expect(rejectCodeOf("IC0406")).toBe(4);
    for (const error of Object.keys(errorCodes) as ErrorCode[])
      if (error.startsWith("IC")) expect(rejectCodeOf(error)).toBe((Number(error.slice(2)) / 100) | 0);
  });

  test("of ours has none", () => {
    expect(rejectCodeOf("CN0001")).toBeNull();
  });
});
