/** Memory that canisters take whether they use it or not: what it costs, what is set aside for it, and what grows within it and beyond. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, instructions, seconds, type Event, type Executed, type Parameters } from "../spec/index.ts";
import { all, balances, charged, dry, pass, told } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { errorOf, of, ruled } from "./small-code.ts";
import { manager, order } from "./small-management.ts";
import { refused, said } from "./small-queries.ts";
import { burn, consume, ingress, only, reply, smallParameters, trap, uninstall, withModules, write } from "./small-world.ts";
import type { SmallCanister, SmallCode } from "./small-world.ts";

/** The first page costs 10, the next one 30, then 50, and so on: n of them ten times the square of n. Half a page costs 2, and one and a half 22. */
const scarce: Partial<Parameters> = { storage: { threshold: bytes(0), capacity: bytes(8 * 1024), period: seconds(160) } };
const plenty: Partial<Parameters> = { storage: { threshold: bytes(0), capacity: bytes(8 * 1024), period: seconds(0) } };

const pages = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => write(from + at, "01"));
const writing = (to: number) => [...pages(0, to), reply()];

/** `b` does what it is told by `boss`, and so does `c`, which writes a page when it is asked to. */
const started = (b: SmallCanister, parameters: Partial<Parameters> = scarce, modules: Record<string, SmallCode> = {}): EngineSession =>
  boot(
    withModules(
      charged(
        { b: { ...ruled, ...b }, boss: manager(), c: { ...ruled, go: writing(1) } },
        { cores: 1, maxPayload: bytes(200), heapPages: 8, ...parameters },
      ),
      modules,
    ),
  );

/** In every round. */
const first = { allocation: 90 };

const update = (session: EngineSession, words: string): readonly Event[] => order(session, "update_settings", words);
const allocate = (session: EngineSession, memory: number, more = ""): readonly Event[] =>
  update(session, `b memory_allocation=${memory}${more}`);

const asked = (session: EngineSession, ...names: readonly string[]): readonly Executed[] => {
  for (const name of names) session.apply(ingress(`i-${name}-${session.view().height}`, name));
  return only(session.apply(pass(0)).events, "executed");
};
const asides = (session: EngineSession, ...names: readonly string[]): readonly bigint[] =>
  asked(session, ...names).map(({ reserved }) => reserved);

describe("an allocation of memory", () => {
  test("is set aside for like memory in use, told behind the settings, and seen by others", () => {
    const session = started({ go: writing(4) });
    const events = allocate(session, 3072);
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.slice(kinds.indexOf("settings-updated")).slice(0, 3)).toEqual([
      "settings-updated",
      "memory-reserved",
      "management-answered",
    ]);
    expect(only(events, "settings-updated")).toMatchObject([{ memoryAllocation: 3072 }]);
    expect(only(events, "memory-reserved")).toEqual([{ kind: "memory-reserved", canister: "b", cycles: 90n, balance: 99_910n }]);
    expect(session.apply(pass(0)).ledger).toMatchObject({ reserved: 90n });
    expect(of(session)).toMatchObject({ memoryAllocation: 3072, reserved: 90n, balance: 99_910n, version: 1 });
    expect(asides(session, "c")).toEqual([70n]); // the fourth page of all
    expect(asides(session, "b")).toEqual([90n]); // three pages lie within it, and the other one is the fifth of all
  });

  test("ends where memory grows by what lies beyond", () => {
    const session = started({ ...first, go: writing(2) });
    expect(only(allocate(session, 1536), "memory-reserved")).toMatchObject([{ cycles: 22n }]);
    expect(asides(session, "b", "c")).toEqual([40n - 22n, 50n]);
  });

  test("is what a canister takes when it uses less, and what it uses is, when that is more", () => {
    const session = started({ go: writing(2) });
    expect(asides(session, "b")).toEqual([40n]);
    for (const memory of [1, 2047, 2048]) expect(only(allocate(session, memory), "memory-reserved")).toEqual([]);
    expect(only(allocate(session, 3072), "memory-reserved")).toMatchObject([{ cycles: 50n }]);
    session.apply(uninstall("b"));
    expect(of(session).memoryAllocation).toBe(3072);
    expect(asides(session, "c")).toEqual([70n]);
  });

  test("may be lowered, and what is set aside stays so", () => {
    const session = started({});
    allocate(session, 3072);
    const events = allocate(session, 1024);
    expect([errorOf(events), only(events, "memory-reserved"), of(session).reserved]).toEqual(["", [], 90n]);
    expect(asides(session, "c")).toEqual([30n]);
    expect(only(allocate(session, 2048), "memory-reserved")).toMatchObject([{ cycles: 50n }]);
  });

  test("is gone with its canister, and outlives a restart", () => {
    const session = started({});
    allocate(session, 3072);
    session.apply({ kind: "restart" });
    expect(of(session)).toMatchObject({ memoryAllocation: 3072, reserved: 90n });
    expect(asides(session, "c")).toEqual([70n]);
    session.apply({ kind: "delete-canister", canister: canisterId("b") });
    session.apply(uninstall("c"));
    order(session, "update_settings", "c memory_allocation=1024");
    expect(of(session, "c").reserved).toBe(70n + 10n);
  });
});

describe("an allocation of memory is refused", () => {
  test("beyond what the subnet has for all, whoever takes it; but nobody gives back what is in use", () => {
    expect([8193, 8192].map((memory) => errorOf(allocate(started({}, plenty), memory)))).toEqual(["IC0101", ""]);
    const session = started({ go: writing(8) }, plenty);
    asked(session, "c");
    expect([7169, 7168].map((memory) => errorOf(allocate(session, memory)))).toEqual(["IC0101", ""]);
    asked(session, "b"); // nine pages: those of heaps have no limit
    expect([8192, 8193, 9_007_199_254_740_991].map((memory) => errorOf(allocate(session, memory)))).toEqual(["", "IC0101", "IC0101"]);
  });

  test("where more would be set aside than the limit, which may be a new one", () => {
    expect(errorOf(allocate(started({ reservedLimit: 89n }), 3072))).toBe("IC0533");
    expect(errorOf(allocate(started({ reservedLimit: 89n }), 3072, " reserved_cycles_limit=90"))).toBe("");
    expect(errorOf(allocate(started({ reservedLimit: 90n }), 3072, " reserved_cycles_limit=89"))).toBe("IC0533");
    const session = started({ reservedLimit: 90n });
    expect(errorOf(allocate(session, 2048))).toBe("");
    expect([4096, 3072].map((memory) => errorOf(allocate(session, memory)))).toEqual(["IC0533", ""]);
    expect(errorOf(allocate(started({ reservedLimit: 0n }, plenty), 8192))).toBe("");
  });

  test.each([
    [plenty, 10, "", 30n],
    [plenty, 10, " freezing_threshold=9", 27n],
    [scarce, 10, "", 90n], // what is set aside lasts for the 30
    [scarce, 100, "", 300n],
    [scarce, 100, " compute_allocation=1", 400n],
  ])("that could not be paid for: %j with a freezing period of %d and %s takes %d", (parameters, freezing, more, least) => {
    const answer = (balance: bigint) => errorOf(allocate(started({ balance, freezing }, parameters), 3072, more));
    expect([answer(least - 1n), answer(least)]).toEqual([more.includes("compute") ? "IC0530" : "IC0531", ""]);
  });

  test("for nothing but what it grows by: a canister that is frozen lowers it, and may leave it", () => {
    const session = started({ balance: 90n });
    allocate(session, 3072);
    expect(errorOf(allocate(session, 3072, " freezing_threshold=1000"))).toBe("");
    expect(errorOf(allocate(session, 2000))).toBe("");
    expect(errorOf(allocate(session, 2001))).toBe("IC0531");
    expect(of(session)).toMatchObject({ memoryAllocation: 2000, reserved: 90n, balance: 0n, version: 3 });
  });

  test("in the order of the rule", () => {
    const session = started({ reservedLimit: 50n, go: writing(1) });
    asked(session, "b");
    expect(errorOf(allocate(session, 9000, " reserved_cycles_limit=9"))).toBe("IC0540");
    expect(errorOf(allocate(session, 9000, " reserved_cycles_limit=10"))).toBe("IC0101");
    expect(errorOf(allocate(session, 8192, " freezing_threshold=1000000"))).toBe("IC0533");
    expect(errorOf(allocate(session, 2048, " freezing_threshold=1000000"))).toBe("IC0531");
    expect(of(session)).toMatchObject({ memoryAllocation: 0, reserved: 10n, version: 1 });
  });
});

describe("within an allocation", () => {
  test("a script that traps leaves what others see as it was", () => {
    const session = started({ ...first, go: [...pages(0, 4), trap] });
    allocate(session, 1024);
    expect(asides(session, "b", "c")).toEqual([0n, 30n]);
  });

  test("a long execution grows by what lies beyond, and so does what the core of its last slice sees", () => {
    const slices = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(229) };
    const session = started(
      { ...first, go: [consume(150), write(0, "01"), consume(80), write(1, "01"), reply()] },
      { ...scarce, ...slices },
    );
    allocate(session, 1536);
    expect(asides(session, "b")).toEqual([]);
    expect(of(session).execution).toMatchObject({ status: "paused" });
    session.apply({ kind: "restart" });
    expect(asides(session, "c")).toEqual([40n - 22n, 50n]);
  });

  test.each([
    [0, 50n + 70n + 90n],
    [2048, 50n],
    [5120, 0n],
  ])("of %d, an installation takes pages away and sets aside %d for three others", (memory, reserved) => {
    const session = started({ go: writing(2) }, scarce, { m: { onInit: pages(5, 8) } });
    asked(session, "b");
    allocate(session, memory);
    const before = asides(session, "c");
    expect(before).toEqual([memory === 5120 ? 110n : 50n]);
    session.apply(uninstall("c"));
    expect(only(order(session, "install_code", "b reinstall m"), "installation-ran")).toMatchObject([{ trap: null, reserved, pages: 3 }]);
    order(session, "update_settings", "c memory_allocation=1024");
    expect(of(session, "c").reserved).toBe(before[0]! + (memory === 5120 ? 110n : 70n));
  });

  test("snapshots and chunks come and go, and set aside for what lies beyond alone", () => {
    const session = started({ go: writing(1), methods: { more: [write(1, "02"), reply()] } });
    allocate(session, 2048);
    asked(session, "b");
    const take = () => only(order(session, "take_canister_snapshot", "b"), "snapshot-taken")[0]!.reserved;
    expect([take(), take()]).toEqual([0n, 50n]);
    order(session, "delete_canister_snapshot", "b 0");
    order(session, "delete_canister_snapshot", "b 1");
    expect(asides(session, "c")).toEqual([50n]); // the third page of all, for those two are still taken
    const keep = (chunk: string) => only(order(session, "upload_chunk", `b ${chunk}`), "chunk-kept")[0]!.reserved;
    expect([keep("m"), keep("n"), keep("o")]).toEqual([0n, 0n, 122n - 90n]);
    order(session, "clear_chunk_store", "b");
    order(session, "update_settings", "c memory_allocation=2048");
    expect(of(session, "c").reserved).toBe(50n + 70n);
  });
});

describe("a canister pays for the memory that it allocated", () => {
  test("from the next charge on, and for what it uses when that is more", () => {
    const session = started({ go: writing(2), methods: { more: [...pages(2, 4), reply()] } }, plenty);
    session.apply(pass(5));
    allocate(session, 3072);
    expect(told(session, pass(5))).toEqual([all(3, 30n, 0n)]);
    asked(session, "b");
    expect(told(session, pass(10))).toEqual([all(3, 30n, 0n)]);
    session.apply(ingress("more", "b", "more"));
    session.apply(pass(0));
    expect(told(session, pass(10))).toEqual([all(3, 40n, 0n)]);
    session.apply(uninstall("b"));
    expect(told(session, pass(10))).toEqual([all(3, 30n, 0n)]);
    allocate(session, 1024);
    expect(told(session, pass(10))).toEqual([all(3, 10n, 0n)]);
    allocate(session, 0);
    expect(told(session, pass(10))).toEqual([all(3, 0n, 0n)]);
  });

  test("with the price of having any, be it a byte", () => {
    const session = started({}, { ...plenty, fees: { ...smallParameters.fees, baseSecond: cycles(1n) } });
    expect(told(session, pass(10))).toEqual([all(3, 0n, 0n)]);
    allocate(session, 1);
    expect(told(session, pass(10))).toEqual([all(3, 10n, 0n)]);
  });

  test("until it runs dry, and then has none", () => {
    const session = started({ balance: 50n }, plenty);
    allocate(session, 3072);
    expect(told(session, pass(10))).toEqual([all(3, 30n, 0n)]);
    expect(told(session, pass(10))).toEqual([all(3, 0n, 0n), dry("b", 20n)]);
    expect(of(session).memoryAllocation).toBe(0);
    order(session, "update_settings", "c memory_allocation=8192");
    expect(of(session, "c").memoryAllocation).toBe(8192);
  });

  test("and is not frozen for what it had", () => {
    const session = started({ balance: 15n, allocation: 1, freezing: 1000 }, plenty, { m: {} });
    session.apply(pass(10));
    expect(session.apply(ingress("i", "b")).events).toMatchObject([{ kind: "ingress-refused", error: "IC0207" }]);
    expect(told(session, pass(10))).toEqual([all(3, 0n, 0n), dry("b", 5n)]);
    session.apply({ kind: "top-up", canister: canisterId("b"), cycles: cycles(2_100n) });
    expect(only(order(session, "install_code", "b install m"), "installation-ran")).toMatchObject([{ trap: null, balance: 2_000n }]);
  });

  test("and keeps what it costs for its freezing period", () => {
    const session = started({ freezing: 10, go: [write(0, "01"), burn(1_000_000n), reply()], queries: { ask: [reply("0a")] } }, plenty);
    allocate(session, 3072);
    expect(asked(session, "b")).toMatchObject([{ balance: 30n + 1_000n - 3n }]);
    expect(said(session, "b")).toBe("0a");
    update(session, "b freezing_threshold=1000");
    expect(refused(session, "b")).toBe("IC0207");
    allocate(session, 2048);
    expect(refused(session, "b")).toBe("IC0207");
    update(session, "b freezing_threshold=1000 memory_allocation=0");
    expect(balances(session)[0]! > 1000n).toBe(true);
    expect(said(session, "b")).toBe("0a");
  });
});
