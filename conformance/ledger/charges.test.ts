/** Charges are told in sums: the books say who paid which part, and a sum that the parts do not come to is nobody's. */
import { describe, expect, test } from "vitest";
import { cycles } from "../../spec/index.ts";
import { ledgerOf } from "./books.ts";
import { charged, retold, traced } from "./testing.ts";
import { disagreementInWords } from "./words.ts";

const honest = traced(charged);
const { balanced, subnets } = ledgerOf(honest);
const paid = (flow: string) =>
  subnets[0]!.postings.filter((posting) => posting.flow === flow).map(({ step, canister: who, cycles: count }) => [step, who, count]);

describe("the parts of a charge", () => {
  test("are those of the canisters that are due, by the second", () => {
    expect(paid("memory")).toEqual([
      [2, "writer", 320n],
      [4, "writer", 352n],
      [6, "writer", 320n],
    ]);
    expect(paid("compute allocation")).toEqual([
      [2, "busy", 300n],
      [2, "poor", 30n],
      [4, "busy", 330n],
      [6, "busy", 300n],
    ]);
  });

  test("are not taken where they are not covered: what is left is burned, and comes to the sums that were told", () => {
    expect(paid("ran dry")).toEqual([[4, "poor", 20n]]);
    expect(balanced).toBe(true);
  });

  test.each(["memory", "compute"] as const)("that do not come to the sum for %s leave a rest that is nobody's", (field) => {
    const lying = retold(honest, "resources-charged", (event) => ({ [field]: cycles(event[field] + 1n) }));
    const told = ledgerOf(lying).subnets[0]!.disagreements.map(disagreementInWords);
    const flow = field === "memory" ? "memory" : "compute allocation";
    expect(told).toContainEqual(expect.stringMatching(/^input 3: burned: .* difference \+1; as large as /));
    expect(told).toContainEqual(
      expect.stringMatching(
        new RegExp(`^input 3: balance of nobody: the machine says 0, the postings come to -1: difference -1; as large as ${flow} of 1 `),
      ),
    );
  });
});
