/** A second world that somebody reserved more in, or that has more cores: in words, at the border, and made smaller. */
import { describe, expect, test } from "vitest";
import { canisterId } from "../../spec/index.ts";
import { twinOf, type Case, type Relation } from "../../properties/index.ts";
import { simplerLeaves, withoutCanister } from "../edits.ts";
import { relationSchema } from "../schemas/scenario.ts";
import { conversation } from "../testing/worlds.ts";
import { relationInWords } from "./inputs.ts";

const raised: Relation = { kind: "allocation-raised", canister: canisterId("beta"), by: 40 };
const unsliced: Relation = { kind: "unsliced", cores: 3 };

describe("a relation of two worlds", () => {
  test.each([
    [raised, "the same, with 40 percent more reserved by beta"],
    [unsliced, "the same, with rounds in which nothing is sliced, on at least 3 cores"],
    [{ kind: "unsliced" } satisfies Relation, "the same, with rounds in which nothing is sliced"],
  ] as const)("is told in words", (relation, words) => expect(relationInWords(relation)).toBe(words));

  test.each([raised, unsliced, { kind: "unsliced" } satisfies Relation])("passes the border as it is", (relation) =>
    expect(relationSchema.parse(JSON.parse(JSON.stringify(relation)))).toEqual(relation),
  );
  test.each([
    { ...raised, by: 101 },
    { ...raised, by: -1 },
    { ...raised, canister: "No Name" },
    { kind: "allocation-raised", by: 1 },
    { ...unsliced, cores: 1.5 },
    { ...unsliced, cores: 100_000 },
    { ...unsliced, more: 1 },
  ])("is turned away at the border where it makes no sense: %j", (relation) =>
    expect(relationSchema.safeParse(relation).success).toBe(false),
  );

  test("is made smaller", () => {
    const tried: Case = { scenario: conversation, relation: raised };
    expect(simplerLeaves(tried).find(([path]) => path.join(".") === "relation.by")?.[1]).toEqual([0, 1, 20, 39]);
  });
  test("outlives the canister that it names: then the worlds are the same", () => {
    const at = conversation.genesis.canisters.findIndex(({ id }) => id === "beta");
    const smaller = withoutCanister({ scenario: conversation, relation: raised }, 0, at, true)!;
    expect(smaller.relation).toEqual(raised);
    expect(twinOf(smaller)).toEqual(smaller.scenario);
  });
});
