/** The laws of fairness, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { percent, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { began, canister, ended, executed, fromUser, ingress, round, story, world, type Told } from "../testing/stories.ts";
import { quiet } from "../testing/tales.ts";
import { equalCanistersEqualRounds, windowGuarantee } from "./fairness.ts";

/** Two canisters on one core, with work for as many rounds as there are letters: each round is that of the one named. */
const contest = (order: string, share: Readonly<Record<string, number>>): Trace => {
  const rounds = [...order];
  const ids = ["a", "b"];
  const genesis = world(ids.map((id) => canister(id, {}, { computeAllocation: percent(share[id] ?? 0) })));
  const messages = ids.flatMap((id) =>
    [...rounds, "spare"].map((_, at): Told => ({
      input: ingress(`${id}${at}`, id, "m0"),
      events: [{ kind: "ingress-received", ingress: `${id}${at}` }],
    })),
  );
  const inducted = messages.map(({ input }) =>
    input.kind === "ingress" ? { kind: "ingress-inducted", ingress: input.id, canister: input.canister, fee: 0n, balance: 1_000n } : input,
  );
  const taken = new Map<string, number>();
  const turns = rounds.map((id, at): Told => {
    const next = taken.get(id) ?? 0;
    taken.set(id, next + 1);
    return {
      input: round(),
      events: [
        began(at + 1, BigInt(at + 1)),
        ...(at === 0 ? inducted : []),
        { kind: "turn-began", iteration: 1, core: 0, canister: id },
        executed(id, next, { cause: fromUser(`${id}${next}`) }),
        { kind: "turn-ended", iteration: 1, core: 0, canister: id, instructions: 102, drained: false },
        ended(at + 1, 1, 102),
      ],
    };
  });
  return story(genesis, [...messages, ...turns]);
};

describe("window-guarantee", () => {
  test("accepts a share that is given exactly", () =>
    expect(judged(windowGuarantee, contest("aaab".repeat(26), { a: 75, b: 25 }))).toBe("holds"));
  test("passes over a world that is too short", () =>
    expect(judged(windowGuarantee, contest("ab".repeat(40), { a: 50, b: 50 }))).toBe("vacuous"));
  test("passes over canisters without an allocation", () => expect(judged(windowGuarantee, contest("a".repeat(101), {}))).toBe("vacuous"));
  test("condemns a share that is one round short", () =>
    expect(judged(windowGuarantee, contest("aaab".repeat(26), { a: 75, b: 26 }))).toBe(
      "b has an allocation of 26, had work in each of the last 100 rounds, and got 25 full rounds",
    ));
  test("looks at every window, not only at the first", () =>
    expect(judged(windowGuarantee, contest(`${"ab".repeat(50)}aa`, { b: 50 }))).toMatch(/got 49 full rounds/));
});

describe("equal-canisters-equal-rounds", () => {
  test("accepts turn and turn about", () =>
    expect(judged(equalCanistersEqualRounds, contest("ab".repeat(10), { a: 20, b: 20 }))).toBe("holds"));
  test("accepts one and then the other", () => expect(judged(equalCanistersEqualRounds, contest("ab".repeat(10), {}))).toBe("holds"));
  test("passes over canisters that are not equal", () =>
    expect(judged(equalCanistersEqualRounds, contest("aaab".repeat(5), { a: 75, b: 25 }))).toBe("vacuous"));
  test("passes over a world without work", () => expect(judged(equalCanistersEqualRounds, quiet)).toBe("vacuous"));
  test("condemns two rounds more", () =>
    expect(judged(equalCanistersEqualRounds, contest("abaabb".repeat(3), {}))).toMatch(
      /a and b have the same allocation and had work in the last 4 rounds, but among these one got 2 full rounds more/,
    ));
});
