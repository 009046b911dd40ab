/** What canisters pay for existing: `docs/machine.md`, section 14, clause by clause. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, drive, percent, type CanisterGenesis, type FeeTable, type Input, type Trace } from "../spec/index.ts";
import { createModel } from "./index.ts";
import { call, canister, eventsOf, eventsOfKind as find, ingress, literal, round, smallParameters, world } from "./testing.ts";

const second = 1_000_000_000n;

const after = (elapsed: bigint): Input => round(1, elapsed);

/** Memory has no price but the base fee, ten cycles a second; a percent costs seven cycles a second. */
const plain: FeeTable = {
  ...smallParameters.fees,
  execution: cycles(0n),
  tenInstructions: cycles(0n),
  ingress: cycles(0n),
  ingressByte: cycles(0n),
  call: cycles(0n),
  transmissionByte: cycles(0n),
  gibSecond: cycles(0n),
  baseSecond: cycles(10n),
  percentSecond: cycles(7n),
};

const led = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], fees: FeeTable = plain): Trace =>
  drive(createModel({ freeze: true }), { genesis: world(canisters, { fees }), inputs }) as Trace;

const balances = (trace: Trace): bigint => trace.steps.at(-1)!.observation.ledger.balances;

const holder = (balance: bigint, more: Partial<CanisterGenesis> = {}): CanisterGenesis =>
  canister(
    "a",
    {
      m0: [
        { op: "write", page: 0, value: literal("01") },
        { op: "reply", payload: literal("") },
      ],
    },
    { balance: cycles(balance), ...more },
  );

describe("a charge", () => {
  test("comes when the charge period has passed, and counts whole seconds", () => {
    const trace = led([holder(1_000n)], [ingress("x", "a", "m0"), after(9n * second), after(second + 999_999_999n), after(9n * second)]);
    expect(find(trace, "resources-charged")).toEqual([
      { kind: "resources-charged", canisters: 1, memory: 100n, messages: 0n, compute: 0n },
    ]);
    expect(balances(trace)).toBe(900n);
  });
  test("forgets the rest of a second", () => {
    const late = 10n * second + 999_999_999n;
    const trace = led([holder(1_000n)], [ingress("x", "a", "m0"), after(late), after(late)]);
    expect(find(trace, "resources-charged").map(({ memory }) => memory)).toEqual([100n, 100n]);
  });
  test("is of the compute allocation, too, and of nothing where there is nothing", () => {
    const trace = led([holder(1_000n, { computeAllocation: percent(2) }), canister("b", {})], [after(10n * second)]);
    expect(find(trace, "resources-charged")).toEqual([
      { kind: "resources-charged", canisters: 2, memory: 0n, messages: 0n, compute: 140n },
    ]);
  });
  test("is none on a free subnet, but its time passes", () => {
    const trace = led([holder(1_000n)], [ingress("x", "a", "m0"), after(10n * second)], { ...plain, schedule: "free" });
    expect(find(trace, "resources-charged")).toEqual([{ kind: "resources-charged", canisters: 1, memory: 0n, messages: 0n, compute: 0n }]);
  });
  test("is not lost by a restart", () => {
    const trace = led([holder(1_000n)], [ingress("x", "a", "m0"), after(9n * second), { kind: "restart" }, after(second)]);
    expect(find(trace, "resources-charged").map(({ memory }) => memory)).toEqual([100n]);
  });
});

describe("a canister that cannot pay", () => {
  const asking: CanisterGenesis = canister("b", {
    m0: [call("a", "m1", { attached: cycles(5n) }), { op: "reply", payload: literal("") }],
  });
  const slow: CanisterGenesis = holder(99n, {
    methods: [{ name: "m1", body: [{ op: "write", page: 0, value: literal("01") }, call("aaaaa-aa", "raw_rand")] }],
    computeAllocation: percent(1),
  });

  test("loses code and allocation, and what is left is burned; who waits for it is rejected with what it attached", () => {
    const trace = led([asking, slow], [ingress("x", "b", "m0"), after(10n * second), after(10n * second)]);
    expect(find(trace, "ran-dry")).toEqual([{ kind: "ran-dry", canister: "a", burned: 99n }]);
    const answered = find(trace, "answered").find(({ canister: id }) => id === canisterId("a"))!;
    expect(answered).toMatchObject({ refund: 5n, result: { kind: "reject", error: "IC0406" } });
    expect(find(trace, "resources-charged").map(({ compute }) => compute)).toEqual([0n, 0n]);
  });
  test("pays for memory first", () => {
    const trace = led([holder(150n, { computeAllocation: percent(10) })], [ingress("x", "a", "m0"), after(10n * second)]);
    expect(eventsOf(trace).filter(({ kind }) => kind === "resources-charged" || kind === "ran-dry")).toEqual([
      { kind: "resources-charged", canisters: 1, memory: 100n, messages: 0n, compute: 0n },
      { kind: "ran-dry", canister: "a", burned: 50n },
    ]);
  });
  test("keeps what comes in later", () => {
    const inputs: readonly Input[] = [
      ingress("x", "a", "m0"),
      after(10n * second),
      { kind: "top-up", canister: canisterId("a"), cycles: cycles(3n) },
      after(100n * second),
    ];
    expect(balances(led([holder(99n)], inputs))).toBe(3n);
  });
});
