/** Memory that is scarce: what is set aside for it, who pays from it, and what messages cost while they wait. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  canisterId,
  cycles,
  drive,
  feesOfSystem,
  instructions,
  seconds,
  type CanisterGenesis,
  type FeeTable,
  type Input,
  type Instruction,
  type Parameters,
  type Script,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { balanced, call, canister, eventsOfKind as find, ingress, literal, round, rounds, world } from "./testing.ts";

const second = 1_000_000_000n;

/** A byte costs a cycle a second, where there is no other price. */
const dear: FeeTable = { ...feesOfSystem, gibSecond: cycles(2n ** 30n) };

/** One core, pages of 32 bytes, 32 of 96 bytes without a reservation; the last byte is paid for 20 seconds ahead, halved. */
const scarce: Partial<Parameters> = {
  fees: dear,
  storage: { threshold: bytes(32), capacity: bytes(96), period: seconds(40) },
};

const write = (page: number): Instruction => ({ op: "write", page, value: literal("01") });
const reply: Instruction = { op: "reply", payload: literal("") };

const led = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], parameters: Partial<Parameters> = scarce): Trace => {
  const trace = drive(createModel({ freeze: true }), { genesis: world(canisters, parameters), inputs }) as Trace;
  expect(balanced(trace)).toBe(true);
  return trace;
};

const holder = (more: Partial<CanisterGenesis> = {}): CanisterGenesis =>
  canister("a", { one: [write(0), reply], two: [write(1), reply], three: [write(2), reply], wreck: [write(1), { op: "trap" }] }, more);

const asked = (...methods: readonly string[]): readonly Input[] => [
  ...methods.map((method, at) => ingress(`i${at}`, "a", method)),
  round(),
];

const outcomes = (trace: Trace) => find(trace, "executed").map(({ reserved, trap }) => trap ?? reserved);

describe("a page", () => {
  test("is free below the threshold, and dearer the less memory is left", () => {
    // 32 bytes above it: 40 s · 32 / 64, halved, is 10 s for 32 bytes; 64 bytes above it: 20 s for 64 bytes.
    expect(outcomes(led([holder()], asked("one", "two", "three")))).toEqual([0n, 320n, 960n]);
  });
  test("is set aside for once: who writes it again pays nothing", () => {
    expect(outcomes(led([holder()], asked("one", "two", "two")))).toEqual([0n, 320n, 0n]);
  });
  test("costs nothing when its execution traps", () => {
    const trace = led([holder()], asked("one", "wreck", "two"));
    expect(outcomes(trace)).toEqual([0n, "IC0503", 320n]);
    expect(trace.steps.at(-1)!.observation.ledger.reserved).toBe(320n);
  });
  test("is refused when the canister would set aside more than its limit, and not when nothing has to be", () => {
    expect(outcomes(led([holder({ reservedLimit: cycles(319n) })], asked("one", "two")))).toEqual([0n, "IC0534"]);
    expect(outcomes(led([holder({ reservedLimit: cycles(320n) })], asked("one", "two", "three")))).toEqual([0n, 320n, "IC0534"]);
  });
  test("is refused when the balance does not cover it", () => {
    expect(outcomes(led([holder({ balance: cycles(319n) })], asked("one", "two")))).toEqual([0n, "IC0532"]);
    expect(outcomes(led([holder({ balance: cycles(320n) })], asked("one", "two")))).toEqual([0n, 320n]);
  });
  test("is refused to an update that would be frozen with it, and what is set aside counts against the threshold", () => {
    // Two pages for 10 seconds are 640 cycles, less the 320 that are set aside: 320 have to be left of the balance.
    const frozen = (balance: bigint) =>
      outcomes(led([holder({ balance: cycles(balance), freezingThreshold: seconds(10) })], asked("one", "two")));
    expect(frozen(639n)).toEqual([0n, "IC0532"]);
    expect(frozen(640n)).toEqual([0n, 320n]);
  });
  test("is weighed by what its core sees: an even share of what was in use, and what grew on it since", () => {
    const two: Partial<Parameters> = { ...scarce, cores: 2, storage: { threshold: bytes(64), capacity: bytes(192), period: seconds(40) } };
    const inputs = [
      ingress("i", "a", "one"),
      ingress("j", "b", "one"),
      round(),
      ingress("k", "a", "two"),
      ingress("l", "b", "two"),
      round(),
    ];
    const trace = led([holder(), { ...holder(), id: canisterId("b") }], inputs, two);
    expect(outcomes(trace)).toEqual([0n, 0n, 320n, 320n]);
  });
});

describe("what is set aside", () => {
  const period = { chargePeriod: second as Parameters["chargePeriod"] };
  test("pays for memory before the balance does, and is never given back", () => {
    const trace = led([holder({ balance: cycles(1_000n) })], [...asked("one", "two"), round(1, second), round(1, 9n * second)], {
      ...scarce,
      ...period,
    });
    const ledgers = trace.steps.map(({ observation: { ledger } }) => [ledger.reserved, ledger.balances]);
    expect(ledgers.slice(-3)).toEqual([
      [320n, 680n],
      [256n, 680n],
      [0n, 360n],
    ]);
  });
  test("is burned with the rest of a canister that runs dry", () => {
    const trace = led([holder({ balance: cycles(400n) })], [...asked("one", "two"), round(1, 7n * second)], { ...scarce, ...period });
    expect(find(trace, "ran-dry")).toEqual([{ kind: "ran-dry", canister: "a", burned: 400n }]);
    expect(trace.steps.at(-1)!.observation.ledger).toMatchObject({ reserved: 0n, balances: 0n, burned: 400n });
  });
  test("goes with a canister that is deleted", () => {
    const trace = led(
      [holder({ balance: cycles(400n) })],
      [...asked("one", "two"), { kind: "delete-canister", canister: canisterId("a") }],
    );
    expect(find(trace, "canister-deleted")).toEqual([{ kind: "canister-deleted", canister: "a", burned: 400n }]);
  });
});

describe("memory for messages", () => {
  const billed: Partial<Parameters> = {
    fees: { ...feesOfSystem, messageGibSecond: cycles(2n ** 30n) },
    chargePeriod: second as Parameters["chargePeriod"],
  };
  const caller = (more: Partial<CanisterGenesis> = {}) =>
    canister("a", { go: [call("aaaaa-aa", "raw_rand")], best: [call("aaaaa-aa", "raw_rand", { timeout: second as never })] }, more);

  test("is paid for by whoever waits for a guaranteed response", () => {
    const trace = led([caller()], [ingress("i", "a", "go"), round(1, second), round(2, second)], billed);
    expect(find(trace, "resources-charged").map(({ messages }) => messages)).toEqual([32n, 0n]);
  });
  test("costs nothing where the response is a best-effort one", () => {
    const trace = led([caller()], [ingress("i", "a", "best"), round(1, second)], billed);
    expect(find(trace, "resources-charged").map(({ messages }) => messages)).toEqual([0n]);
  });
  test("keeps a canister from a call that would freeze it", () => {
    const outcome = (balance: bigint) =>
      find(
        led([caller({ balance: cycles(balance), freezingThreshold: seconds(10) })], [ingress("i", "a", "go"), round()], billed),
        "executed",
      ).map(({ refusedCalls }) => refusedCalls.map(({ error }) => error));
    expect(outcome(319n)).toEqual([["IC0535"]]);
    expect(outcome(320n)).toEqual([[]]);
  });
  test("is that of the start of an attempt, whatever comes in while it is paused", () => {
    // The call is refused when the attempt begins, as the response that is awaited has its place; it comes in meanwhile.
    const body: Script = [
      { op: "consume", instructions: instructions(90) },
      call("aaaaa-aa", "raw_rand", { onRefused: [{ op: "consume", instructions: instructions(150) }] }),
      reply,
    ];
    const trace = led(
      [
        canister("a", { go: [call("b", "answer")], long: body }, { balance: cycles(639n), freezingThreshold: seconds(10) }),
        canister("b", { answer: [{ op: "consume", instructions: instructions(150) }, reply] }),
      ],
      [ingress("i", "a", "go"), ingress("j", "a", "long"), ...rounds(10)],
      {
        ...billed,
        roundInstructionLimit: instructions(102),
        messageInstructionLimit: instructions(1_000),
        sliceInstructionLimit: instructions(100),
      },
    );
    const long = find(trace, "executed").find(({ cause }) => cause.kind === "update" && cause.method === "long")!;
    expect(long).toMatchObject({ refusedCalls: [{ error: "IC0535" }], instructions: 242, trap: null });
  });
});
