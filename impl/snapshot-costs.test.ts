/** What snapshots cost and take, and when they are refused for it. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, instructions, seconds, type Event, type Parameters } from "../spec/index.ts";
import { all, charged, dry, pass, told as toldOfCharges } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { errorOf, of, ruled } from "./small-code.ts";
import { manager, order, ordering, told } from "./small-management.ts";
import { burn, ingress, only, reply, round, smallWorld, uninstall, withModules, write, type SmallCanister } from "./small-world.ts";

const take = (session: EngineSession, words = "b", by?: string): readonly Event[] => order(session, "take_canister_snapshot", words, by);
const load = (session: EngineSession, words = "b b 0", by?: string): readonly Event[] =>
  order(session, "load_canister_snapshot", words, by);
const taken = (events: readonly Event[]) => only(events, "snapshot-taken")[0];

const pages = (count: number) => Array.from({ length: count }, (_, page) => write(page, "01"));
const filling = (count: number, others: SmallCanister = {}): SmallCanister => ({ ...ruled, go: [...pages(count), reply()], ...others });
const fill = (session: EngineSession, id = "b"): readonly Event[] => {
  session.apply(ingress(`f-${id}-${session.view().height}`, id));
  return session.apply(round(0n)).events;
};
const filled = (count: number, others: SmallCanister = {}, parameters: Partial<Parameters> = {}): EngineSession => {
  const session = boot(smallWorld({ b: filling(count, others), boss: manager() }, parameters));
  fill(session);
  return session;
};

/** A canister with two pages and exactly this balance, where a snapshot costs 5000. */
const poor = (balance: bigint): EngineSession => {
  const rest = 100_000n - (50n + 103n) - (50n + 102n) - balance;
  const methods = { spend: [burn(rest), reply()] };
  const session = filled(2, { freezing: 1, methods }, { snapshotInstructions: instructions(5000) });
  for (const input of [ingress("spend", "b", "spend"), round(0n)]) session.apply(input);
  return session;
};

/** The first page costs 10, the next one 30, then 50, and so on. */
const scarce = { cores: 1, storage: { threshold: bytes(0), capacity: bytes(12 * 1024), period: seconds(240) } };

describe("a snapshot is refused", () => {
  test("of a canister without code, in place of one that is not there, and beyond as many as there may be", () => {
    const session = filled(1, {}, { snapshotLimit: 1 });
    expect(errorOf(take(session, "b 0"))).toBe("IC0305");
    expect(errorOf(take(session))).toBe("30");
    expect(errorOf(take(session))).toBe("IC0406");
    expect(errorOf(take(session, "b 7"))).toBe("IC0305");
    expect(errorOf(take(session, "b 0"))).toBe("31");
    session.apply(uninstall("b"));
    expect(errorOf(take(session, "b 7"))).toBe("IC0406");
    expect(errorOf(load(session, "b b 1"))).toBe("");
  });

  test("to whoever does not control both canisters, and where there is none", () => {
    const session = boot(smallWorld({ a: {}, b: ruled, boss: manager(), other: manager() }));
    expect([take(session, "a"), take(session, "b", "other"), take(session, "gone")].map(errorOf)).toEqual(["IC0512", "IC0512", "IC0301"]);
    expect(["b gone 0", "b a 0", "b b 0", "gone b 0", "a b 0"].map((words) => errorOf(load(session, words)))).toEqual([
      "IC0301",
      "IC0512",
      "IC0305",
      "IC0301",
      "IC0512",
    ]);
  });

  test("as long as the canister wrote too much, which what is kept and brought back adds to", () => {
    const session = filled(3, {}, { heapDeltaRateLimit: bytes(1024) });
    const rest = (): void => {
      while (of(session).heapDebit > 0) session.apply(round(0n));
    };
    expect(of(session).heapDebit).toBe(2048);
    expect(errorOf(take(session))).toBe("IC0210");
    rest();
    const [first, second] = [ordering("take_canister_snapshot", "b"), ordering("take_canister_snapshot", "b")];
    for (const input of [first[0]!, second[0]!, round(0n)]) session.apply(input);
    const { heapDelta } = session.view();
    const events = session.apply(round(0n)).events;
    expect(told(events).map(([, answer]) => answer)).toEqual(["30", "IC0210"]);
    expect(only(events, "canister-suspended")).toMatchObject([{ canister: "b", heapDebit: 3072 }]);
    expect(session.view().heapDelta).toBe(heapDelta + 3072);
    expect(errorOf(load(session))).toBe("IC0210");
    rest();
    const back = load(session);
    expect(only(back, "snapshot-loaded")).toMatchObject([{ wrote: [], pages: 3 }]);
    expect(only(back, "canister-suspended")).toMatchObject([{ canister: "b", heapDebit: 3072 }]);
    expect(session.view().heapDelta).toBe(heapDelta + 6144);
  });

  test.each([
    [5004n, "30"],
    [5003n, "IC0207"],
  ])("that could not be paid for together with what it takes: out of %d", (balance, answer) => {
    const session = poor(balance);
    expect(of(session).balance).toBe(balance); // two pages, twice, for a second are 4
    expect(errorOf(take(session))).toBe(answer);
    expect(of(session)).toMatchObject({ balance: answer === "30" ? 4n : balance, snapshots: answer === "30" ? [0] : [] });
  });

  test.each([
    [5002n, ""],
    [5001n, "IC0207"],
  ])("to a canister that could not keep what comes back: with %d", (balance, answer) => {
    const session = boot(
      smallWorld({ b: filling(2), boss: manager(), c: { ...ruled, balance, freezing: 1 } }, { snapshotInstructions: instructions(5000) }),
    );
    session.apply(uninstall("c"));
    fill(session);
    take(session);
    expect(errorOf(load(session, "c b 0"))).toBe(answer);
    expect(of(session, "c")).toMatchObject({ balance: answer === "" ? 2n : balance, installed: answer === "" });
  });
});

describe("where memory is scarce", () => {
  test.each([
    [159n, "IC0534", 40n],
    [160n, "30", 160n],
  ])("cycles are set aside for its pages, of %d at most", (reservedLimit, answer, reserved) => {
    const session = filled(2, { reservedLimit }, scarce);
    const { balance } = of(session);
    const events = take(session);
    expect(errorOf(events)).toBe(answer);
    if (answer === "30") expect(taken(events)).toMatchObject({ reserved: 120n, charged: 500n, balance: balance - 620n });
    expect(of(session)).toMatchObject({ reserved, balance: answer === "30" ? balance - 620n : balance });
  });

  test("only what is more than what it replaces needs any, and what is set aside stays when it is gone", () => {
    const session = filled(2, { reservedLimit: 160n, methods: { more: [write(2, "01"), reply()] } }, scarce);
    take(session);
    expect(taken(take(session, "b 0"))).toMatchObject({ reserved: 0n });
    expect(of(session).reserved).toBe(160n);
    order(session, "update_settings", "b reserved_cycles_limit=1000000");
    order(session, "delete_canister_snapshot", "b 1");
    expect(of(session).reserved).toBe(160n);
    session.apply(ingress("m", "b", "more"));
    expect(only(session.apply(round(0n)).events, "executed")).toMatchObject([{ reserved: 50n }]);
    expect(taken(take(session))).toMatchObject({ pages: 3, reserved: 70n + 90n + 110n });
  });

  test("other canisters' pages come behind it, and nothing is set aside for pages that come back", () => {
    const session = boot(smallWorld({ b: filling(2), boss: manager(), c: filling(1) }, scarce));
    fill(session);
    take(session);
    expect(only(fill(session, "c"), "executed")).toMatchObject([{ reserved: 90n }]);
    load(session, "c b 0");
    expect(of(session, "c")).toMatchObject({
      reserved: 90n,
      pages: [
        [0, "01"],
        [1, "01"],
      ],
    });
  });
});

describe("what is kept", () => {
  test("is charged for until it is deleted, and is not what a canister looks at when its memory runs low", () => {
    const lowMemory = { limit: 2, threshold: 1, hook: [] };
    const session = boot(charged({ b: filling(1, { lowMemory }), boss: manager() }));
    fill(session);
    take(session);
    take(session);
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 30n, 0n)]);
    expect(only(fill(session), "hook-ready")).toEqual([]);
    order(session, "delete_canister_snapshot", "b 0");
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 20n, 0n)]);
    session.apply(uninstall("b"));
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 10n, 0n)]);
  });

  test("counts in the freezing threshold of the canister's own executions, and of its settings", () => {
    const session = filled(1, { freezing: 1000, methods: { spend: [burn(10n ** 9n), reply()] } });
    take(session);
    session.apply(ingress("s", "b", "spend"));
    const [executed] = only(session.apply(round(0n)).events, "executed");
    expect(executed!.balance - 998n).toBe(2000n);
    expect(errorOf(order(session, "update_settings", "b compute_allocation=1"))).toBe("IC0530");
    order(session, "delete_canister_snapshot", "b 0");
    expect(errorOf(order(session, "update_settings", "b compute_allocation=1"))).toBe("");
  });

  test("is gone when its canister runs dry, but not its number", () => {
    const session = boot(withModules(charged({ b: filling(2), boss: manager() }, { snapshotInstructions: instructions(0) }), { m: {} }));
    fill(session);
    take(session);
    const { balance } = of(session);
    expect(toldOfCharges(session, pass(30_000))).toMatchObject([{ memory: 0n }, dry("b", balance)]);
    expect(of(session)).toMatchObject({ snapshots: [], pages: [] });
    session.apply({ kind: "top-up", canister: canisterId("b"), cycles: cycles(10_000n) });
    expect(errorOf(load(session))).toBe("IC0305");
    session.apply({ kind: "restart" });
    order(session, "install_code", "b install m");
    expect(errorOf(take(session))).toBe("31");
  });

  test("of a canister that is deleted takes nothing any more", () => {
    const session = boot(smallWorld({ b: filling(2), boss: manager(), c: filling(1) }, scarce));
    fill(session);
    take(session);
    order(session, "stop_canister", "b");
    expect(only(order(session, "delete_canister", "b"), "canister-deleted")).toHaveLength(1);
    expect(only(fill(session, "c"), "executed")).toMatchObject([{ reserved: 10n }]);
  });
});
