/** Cycles from nothing, on networks that are there for trying things out: made for whoever asks, and counted as minted. */
import { describe, expect, test } from "vitest";
import { asciiOf, bytes, canisterId, cycles, feesOfSystem, seconds, type Genesis, type Instruction, type Trace } from "../spec/index.ts";
import { asks, balanced, canister, eventsOfKind as find, ingress, rounds, run, world } from "./testing.ts";

const told = (asked: readonly Instruction[], more: Partial<Genesis> = { provisional: cycles(700n) }): Trace => {
  const fees = { ...feesOfSystem, creation: cycles(40n), gibSecond: cycles(2n ** 30n) };
  const genesis = world([canister("chief", { go: asked })], {
    fees,
    storage: { threshold: bytes(32), capacity: bytes(96), period: seconds(40) },
    maxPayload: bytes(96),
    queueCapacity: 9,
  });
  const trace = run({ ...genesis, ...more }, [ingress("g", "chief", "go"), ...rounds(3)]);
  expect(balanced(trace)).toBe(true);
  return trace;
};
const minted = ({ steps }: Trace): bigint => steps.at(-1)!.observation.ledger.minted - steps[0]!.observation.ledger.minted;
const answers = (trace: Trace) =>
  find(trace, "management-answered").map(({ result, refund }) => [result.kind === "reply" ? result.payload : result.error, refund]);
const create = "provisional_create_canister_with_cycles";
const topUp = "provisional_top_up_canister";

describe("a canister that is made with cycles from nothing", () => {
  test("has as many as the genesis says, without a fee, and all that was attached comes back", () => {
    const trace = told([asks(create, { attached: cycles(9n) })]);
    expect(find(trace, "canister-created")).toMatchObject([{ canister: "canister-0", balance: 700n }]);
    expect(answers(trace)).toEqual([[asciiOf("canister-0"), 9n]]);
    expect(minted(trace)).toBe(700n);
    expect(trace.steps.at(-1)!.observation.ledger.burned).toBe(trace.steps.at(-3)!.observation.ledger.burned);
  });

  test("has as many as are asked for, and the settings that are said", () => {
    const trace = told([asks(`${create} 321 memory_allocation=64 freezing_threshold=0`)]);
    expect(find(trace, "canister-created")).toMatchObject([{ balance: 321n }]);
    expect(find(trace, "memory-reserved")).toMatchObject([{ canister: "canister-0", cycles: 320n, balance: 1n }]);
    expect(minted(trace)).toBe(321n);
  });

  test("sets aside of them, or is not made, and nothing is minted", () => {
    const trace = told([asks(`${create} 319 memory_allocation=64 freezing_threshold=0`)]);
    expect(answers(trace)).toEqual([["IC0531", 0n]]);
    expect(minted(trace)).toBe(0n);
  });
});

describe("a top-up from nothing", () => {
  test("is on the balance, whoever asks, and nothing that was attached is taken", () => {
    const trace = told([asks(`${topUp} chief 55`, { attached: cycles(7n) })]);
    expect(find(trace, "cycles-provided")).toMatchObject([{ canister: "chief", cycles: 55n }]);
    expect(answers(trace)).toEqual([["", 7n]]);
    expect(minted(trace)).toBe(55n);
  });

  test("needs a canister that is there", () => {
    expect(answers(told([asks(`${topUp} nobody 55`)]))).toEqual([["IC0301", 0n]]);
  });
});

test.each([create, `${create} 5`, `${topUp} chief 5`])("nobody is given anything by `%s` where the genesis does not say so", (said) => {
  const trace = told([asks(said)], {});
  expect(find(trace, "request-bounced")).toMatchObject([{ error: "IC0536" }]);
  expect(minted(trace)).toBe(0n);
});

test.each([`${create} 05`, `${create} 5 5`, topUp, `${topUp} chief`, `${topUp} chief x`, `${topUp} chief 5 6`])(
  "`%s` says nothing",
  (said) => {
    expect(find(told([asks(said)]), "request-bounced")).toMatchObject([{ error: "IC0408" }]);
  },
);

test("the id of a child is one that nobody had", () => {
  const trace = told([asks("create_canister", { attached: cycles(100n) }), asks(create)]);
  expect(find(trace, "canister-created").map(({ canister: id }) => id)).toEqual(["canister-0", "canister-1"].map(canisterId));
});
