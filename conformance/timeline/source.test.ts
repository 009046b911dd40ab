/** Scenarios from whatever files hold them. */
import { describe, expect, test } from "vitest";
import { asStored, failureId } from "../failure.ts";
import { encode } from "../json.ts";
import { conversation } from "../testing/worlds.ts";
import { vectorOf } from "../vector.ts";
import { scenarioFrom } from "./source.ts";

const small = { scenario: conversation, relation: { kind: "none" } } as const;
const failure = {
  id: failureId("cycles-conserved", "model", small),
  property: "cycles-conserved",
  seed: 1,
  path: "0",
  case: small,
  judgement: { outcome: "FAIL", at: 0, because: "it does not hold" },
  outcome: "FAIL",
  drawnInputs: 9,
  tries: 1,
} as const;

describe("a scenario", () => {
  test("may lie alone, in a case, in a stored failure or in a vector", () => {
    const vector = vectorOf({ rule: "top-up", kind: "then", clause: "mint" }, [], conversation, true);
    expect(scenarioFrom(encode(conversation), "file")).toEqual(conversation);
    expect(scenarioFrom(encode(small), "file")).toEqual(conversation);
    expect(scenarioFrom(encode(asStored(failure, { kind: "built-in" }, "impl", "00".repeat(32))), "file")).toEqual(conversation);
    expect(scenarioFrom(encode(vector), "file")).toEqual({ ...conversation, inputs: [] });
  });

  test("is refused with the field, what was expected and what came", () => {
    const refusal = (value: unknown): string => {
      try {
        scenarioFrom(encode(value), "file");
        return "";
      } catch (reason) {
        return (reason as Error).message;
      }
    };
    expect(refusal({ ...conversation, inputs: [{ kind: "dance" }] })).toMatch(/^file: inputs\[0\]/);
    expect(refusal({ format: "canon-dance/1" })).toContain("format: expected");
    expect(refusal([])).toContain("file: ");
    expect(refusal({ format: "canon-vector/1", rule: "r", kind: "when", clause: "c", sentence: "s", tells: true, session: [] })).toContain(
      "expected boot",
    );
  });
});
