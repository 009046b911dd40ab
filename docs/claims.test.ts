/** The page of claims is true: a claim is cited by a property, or says why it is not; and never both. */
import { describe, expect, test } from "vitest";
import { suite } from "../conformance/index.ts";
import { citing, claims } from "./claims.ts";

describe("a claim of the fact sheets", () => {
  test.each(claims.map((claim) => [claim.id, claim] as const))("%s is stated by a property, or it is said why not", (_id, claim) => {
    const cited = citing(claim, suite).map(({ id }) => id);
    if (claim.instead === undefined) expect(cited, "no property cites it, and no reason is given").not.toEqual([]);
    else expect(cited, "it is cited: the reason is stale").toEqual([]);
  });
  test("is there once, and all are there", () => {
    const numbers = (sheet: string): readonly number[] =>
      claims.filter(({ id }) => id.startsWith(sheet)).map(({ id }) => Number(id.slice(sheet.length)));
    const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, at) => at + 1);
    expect(numbers("CYC-P")).toEqual(upTo(25));
    expect(numbers("SCH-P")).toEqual(upTo(23));
    expect(numbers("MSG-P")).toEqual(upTo(30));
  });
});
