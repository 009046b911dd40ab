/** Memory that is allocated: it is paid for and set aside as if it were used, and using it costs no more. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  canisterId,
  cycles,
  feesOfSystem,
  nanoseconds,
  seconds,
  type CanisterGenesis,
  type FeeTable,
  type Input,
  type Parameters,
  type Session,
  type StateView,
  type Trace,
} from "../spec/index.ts";
import {
  asks,
  balanced,
  canister,
  eventsOfKind as find,
  frozen,
  ingress,
  literal,
  replyWith,
  round,
  rounds,
  run,
  world,
} from "./testing.ts";

const second = 1_000_000_000n;

/** A byte costs a cycle a second, where there is no other price. */
const dear: FeeTable = { ...feesOfSystem, gibSecond: cycles(2n ** 30n) };

/** One core, pages of 32 bytes: 32 bytes without a reservation, for 64 of them 320 cycles are set aside, for 96, which is all, 1280. */
const scarce: Partial<Parameters> = {
  fees: dear,
  storage: { threshold: bytes(32), capacity: bytes(96), period: seconds(40) },
  maxPayload: bytes(96),
  queueCapacity: 9,
};

const chief = (...asked: readonly (string | readonly [said: string, attached: bigint])[]): CanisterGenesis =>
  canister("chief", {
    go: asked.map((one) => (typeof one === "string" ? asks(one) : asks(one[0], { attached: cycles(one[1]) }))),
  });

const holder = (more: Partial<CanisterGenesis> = {}): CanisterGenesis =>
  canister(
    "a",
    Object.fromEntries([0, 1, 2].map((page) => [`w${page}`, [{ op: "write", page, value: literal("01") }, replyWith(literal(""))]])),
    { controllers: [canisterId("chief")], ...more },
  );

const told = (canisters: readonly CanisterGenesis[], inputs: readonly Input[] = [], parameters: Partial<Parameters> = {}): Trace => {
  const trace = run(world(canisters, { ...scarce, ...parameters }), [ingress("g", "chief", "go"), ...rounds(3), ...inputs]);
  expect(balanced(trace)).toBe(true);
  return trace;
};

const answers = (trace: Trace) => find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? "" : result.error));
const reservedBy = (trace: Trace) => find(trace, "memory-reserved").map(({ canister: id, cycles: count }) => [id, count]);

describe("an allocation", () => {
  test("is set aside for at once, and pages within it cost nothing more", () => {
    const trace = told(
      [chief("update_settings a memory_allocation=64"), holder()],
      [0, 1, 2].flatMap((page) => [ingress(`w${page}`, "a", `w${page}`), round(9)]),
    );
    expect(find(trace, "settings-updated")).toMatchObject([{ memoryAllocation: 64 }]);
    expect(reservedBy(trace)).toEqual([["a", 320n]]);
    const wrote = find(trace, "executed").filter(({ wrote: pages }) => pages.length > 0);
    expect(wrote.map(({ reserved }) => reserved)).toEqual([0n, 0n, 960n]);
  });

  test("is paid for, used or not", () => {
    const trace = told([chief("update_settings a memory_allocation=64"), holder()], [round(9, 10n * second)], {
      chargePeriod: nanoseconds(10n * second),
    });
    expect(find(trace, "resources-charged")).toMatchObject([{ memory: 640n }]);
  });

  test("that falls gives nothing back", () => {
    const trace = told([chief("update_settings a memory_allocation=64", "update_settings a memory_allocation=0"), holder()]);
    expect(reservedBy(trace)).toEqual([["a", 320n]]);
    expect(find(trace, "settings-updated").map(({ memoryAllocation }) => memoryAllocation)).toEqual([64, 0]);
  });

  test.each([
    ["more than the subnet has", "update_settings a memory_allocation=97", {}, "IC0101"],
    ["more set aside than the new limit", "update_settings a memory_allocation=64 reserved_cycles_limit=319", {}, "IC0533"],
    ["as much set aside as the new limit", "update_settings a memory_allocation=64 reserved_cycles_limit=320", {}, ""],
    [
      "a balance below the new threshold",
      "update_settings a memory_allocation=64",
      { balance: cycles(639n), freezingThreshold: seconds(10) },
      "IC0531",
    ],
    [
      "a balance at the new threshold",
      "update_settings a memory_allocation=64",
      { balance: cycles(640n), freezingThreshold: seconds(10) },
      "",
    ],
  ])("with %s", (_what, said, more, error) => {
    expect(answers(told([chief(said), holder(more)]))).toEqual([error]);
  });

  test("counts as memory of the subnet for everybody else", () => {
    const trace = told([
      chief("update_settings a memory_allocation=64", "update_settings b memory_allocation=33"),
      holder(),
      canister("b", {}, { controllers: [canisterId("chief")] }),
    ]);
    expect(answers(trace)).toEqual(["", "IC0101"]);
  });

  test("is gone when the canister runs dry", () => {
    const poor = holder({ balance: cycles(400n) });
    const trace = told([chief("update_settings a memory_allocation=64"), poor], [round(9, 100n * second)], {
      chargePeriod: nanoseconds(10n * second),
    });
    expect(find(trace, "ran-dry")).toMatchObject([{ canister: "a", burned: 400n }]);
  });

  test("outlives a restart", () => {
    const genesis = world([chief("update_settings a memory_allocation=64"), holder()], scarce);
    const session = frozen.boot(genesis) as Session;
    for (const input of [ingress("g", "chief", "go"), ...rounds(3), { kind: "restart" } as const]) void session.apply(input);
    expect((session.view!() as StateView).canisters[0]).toMatchObject({ id: "a", memoryAllocation: 64, reserved: 320n });
  });
});

describe("a canister that is made with an allocation", () => {
  const child = "create_canister freezing_threshold=0 memory_allocation=64";

  test("sets aside of what came with it", () => {
    const trace = told([chief([child, 320n])]);
    expect(find(trace, "canister-created")).toMatchObject([{ canister: "canister-0", balance: 320n }]);
    expect(find(trace, "memory-reserved")).toEqual([{ kind: "memory-reserved", canister: "canister-0", cycles: 320n, balance: 0n }]);
  });

  test.each([
    ["too little", child, 319n, "IC0531"],
    ["too low a limit", `${child} reserved_cycles_limit=319`, 320n, "IC0533"],
    ["too much memory", "create_canister memory_allocation=97", 320n, "IC0101"],
  ])("is refused with %s", (_what, said, attached, error) => {
    expect(answers(told([chief([said, attached])]))).toEqual([error]);
  });
});
