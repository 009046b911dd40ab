/** Prices that change: who pays which, when a message is between its start and its end. */
import { describe, expect, test } from "vitest";
import {
  canisterId,
  cycles,
  drive,
  feesOfSystem,
  instructions,
  type CanisterGenesis,
  type FeeTable,
  type Input,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { balanced, call, canister, eventsOfKind as find, ingress, round, rounds, working, world } from "./testing.ts";

/** An execution costs 10, an instruction 1, a byte of a response 1. */
const cheap: FeeTable = {
  ...feesOfSystem,
  name: "cheap",
  execution: cycles(10n),
  tenInstructions: cycles(10n),
  transmissionByte: cycles(1n),
};
const dear: FeeTable = { ...cheap, name: "dear", subnetSize: 26 };
const set = (fees: FeeTable): Input => ({ kind: "set-fees", fees });

const led = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], parameters: Partial<Parameters> = {}): Trace => {
  const trace = drive(createModel({ freeze: true }), { genesis: world(canisters, { fees: cheap, ...parameters }), inputs }) as Trace;
  expect(balanced(trace)).toBe(true);
  return trace;
};

const balanceOf = (trace: Trace) => trace.steps.at(-1)!.observation.ledger.balances;

describe("a callback", () => {
  // P is 110 and dear 220; the way back of 32 bytes is 32.
  const caller = (balance: bigint) => canister("a", { go: [call("aaaaa-aa", "raw_rand")] }, { balance: cycles(balance) });
  const inputs = (after: FeeTable): readonly Input[] => [ingress("i", "a", "go"), round(1), set(after), ...rounds(2)];

  test("is executed at the prices of now, and its reserve is made up from the balance", () => {
    const trace = led([caller(1_000n)], inputs(dear));
    expect(
      find(trace, "executed").map(({ prepaid, charged, transmissionReserve, transmissionFee }) => [
        prepaid,
        charged,
        transmissionReserve,
        transmissionFee,
      ]),
    ).toEqual([
      [110n, 11n, 0n, 0n],
      [220n, 20n, 32n, 32n],
    ]);
    expect(balanceOf(trace)).toBe(1_000n - 11n - 20n - 32n);
  });
  test("gets back what its reserve has beyond the prices of now", () => {
    const trace = led([caller(1_000n)], inputs({ ...cheap, schedule: "free" }));
    expect(find(trace, "executed").at(-1)).toMatchObject({ prepaid: 0n, charged: 0n, transmissionFee: 0n });
    expect(balanceOf(trace)).toBe(989n);
  });
  test("is not executed when nobody can pay for it, and costs the base fee", () => {
    // 110 for the update, 142 for the call: 153 are the least. 99 come back.
    const outcome = (balance: bigint) => led([caller(balance)], inputs(dear));
    const refused = outcome(262n);
    expect(find(refused, "callback-refused")).toMatchObject([{ error: "IC0207", released: 90n, transmissionFee: 32n, charged: 20n }]);
    expect(balanceOf(refused)).toBe(262n - 11n - 32n - 20n);
    expect(find(refused, "ingress-answered").map(({ result }) => result)).toMatchObject([{ error: "IC0207" }]);
    expect(find(outcome(263n), "callback-refused")).toEqual([]);
  });
});

describe("a long execution", () => {
  const sliced: Partial<Parameters> = {
    roundInstructionLimit: instructions(102),
    messageInstructionLimit: instructions(1_000),
    sliceInstructionLimit: instructions(100),
  };
  // P is 1,010; dear, it is 2,020.
  const long = (balance: bigint) => canister("a", { go: working(250) }, { balance: cycles(balance) });
  const abort = round(1, 1n, { checkpoint: true });

  test("goes by the prices of its attempt, whatever happens meanwhile", () => {
    const trace = led([long(5_000n)], [ingress("i", "a", "go"), round(1), set(dear), ...rounds(2)], sliced);
    expect(find(trace, "executed")).toMatchObject([{ prepaid: 1_010n, charged: 260n }]);
  });
  test("pays the prices of now when it starts again", () => {
    const trace = led([long(5_000n)], [ingress("i", "a", "go"), abort, set(dear), ...rounds(3)], sliced);
    expect(find(trace, "prepayment-adjusted")).toEqual([
      { kind: "prepayment-adjusted", canister: "a", taken: 1_010n, returned: 0n, balance: 2_980n },
    ]);
    expect(find(trace, "executed")).toMatchObject([{ prepaid: 2_020n, charged: 520n, balance: 4_480n }]);
  });
  test("gets back what it prepaid too much", () => {
    const trace = led([long(5_000n)], [ingress("i", "a", "go"), abort, set({ ...cheap, schedule: "free" }), ...rounds(3)], sliced);
    expect(find(trace, "prepayment-adjusted")).toMatchObject([{ taken: 0n, returned: 1_010n }]);
    expect(balanceOf(trace)).toBe(5_000n);
  });
  test("is over, and free, when it cannot pay them", () => {
    const trace = led([long(2_019n)], [ingress("i", "a", "go"), abort, set(dear), ...rounds(3)], sliced);
    expect(find(trace, "not-executed")).toMatchObject([{ error: "IC0207", charged: 0n, balance: 2_019n }]);
    expect(find(trace, "ingress-answered").map(({ result }) => result)).toMatchObject([{ error: "IC0207" }]);
    expect(find(led([long(2_020n)], [ingress("i", "a", "go"), abort, set(dear), ...rounds(3)], sliced), "not-executed")).toEqual([]);
  });
});

describe("a creation", () => {
  const free = { ...cheap, creation: cycles(7n) };
  const create = (balance: bigint): Input => ({ kind: "create-canister", canister: canister("n", {}, { balance: cycles(balance) }) });
  test("costs its fee", () => {
    const trace = led([], [create(10n)], { fees: free });
    expect(find(trace, "canister-created")).toMatchObject([{ canister: canisterId("n"), balance: 3n }]);
    expect(trace.steps.at(-1)!.observation.ledger).toMatchObject({ balances: 3n, burned: 7n, minted: 10n });
  });
  test("is refused when what comes with it does not cover the fee", () => {
    const trace = led([], [create(6n)], { fees: free });
    expect(find(trace, "canister-create-refused")).toMatchObject([{ error: "IC0403" }]);
    expect(trace.steps.at(-1)!.observation.ledger.minted).toBe(0n);
  });
});
