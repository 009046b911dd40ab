/** What canisters pay for existing, and when. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, instructions, nanoseconds, percent } from "../spec/index.ts";
import { all, balances, charged, pass, second, told } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { consume, ingress, only, reply, round, smallParameters, uninstall, write, type SmallCanister } from "./small-world.ts";

/** When canisters were last charged, by id. @unit tenths of a second since the genesis */
const chargedAt = (session: EngineSession): readonly bigint[] =>
  session.view().canisters.map(({ chargedAt: at }) => (at - 1000n) / (second / 10n));

describe("a canister is charged for what it occupies", () => {
  test("when a period has passed since it was last charged, and no sooner", () => {
    const session = boot(charged({ a: { allocation: 3 }, b: {} }));
    expect(told(session, pass(9.999))).toEqual([]);
    expect(told(session, pass(0.001))).toEqual([all(2, 0n, 30n)]);
    expect(told(session, pass(9))).toEqual([]);
    expect(told(session, pass(5))).toEqual([all(2, 0n, 42n)]);
    expect(balances(session)).toEqual([100_000n - 72n, 100_000n]);
  });

  test("for whole seconds: the rest of one is never paid", () => {
    const session = boot(charged({ a: { allocation: 3 } }));
    for (let times = 0; times < 10; times++) expect(told(session, pass(10.9))).toEqual([all(1, 0n, 30n)]);
    expect(chargedAt(session)).toEqual([1_090n]);
    expect(told(session, pass(10))).toEqual([all(1, 0n, 30n)]);
  });

  test("by its own clock, which begins when it does", () => {
    const session = boot(charged({ b: { allocation: 1 } }));
    session.apply(pass(4));
    session.apply({ kind: "create-canister", canister: charged({ a: { allocation: 5 } }).canisters[0]! });
    expect(chargedAt(session)).toEqual([40n, 0n]);
    expect(told(session, pass(6))).toEqual([all(1, 0n, 10n)]);
    expect(told(session, pass(4))).toEqual([all(1, 0n, 50n)]);
    expect(told(session, pass(7))).toEqual([all(1, 0n, 11n)]);
    expect(chargedAt(session)).toEqual([140n, 210n]);
    expect(told(session, pass(20))).toEqual([all(2, 0n, 5n * 27n + 20n)]); // from now on they are due together
    expect(told(session, pass(10))).toEqual([all(2, 0n, 60n)]);
  });

  test("not while it has an execution under way, but later for all the time, by the time of its own charge", () => {
    const slices = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(110), maxPausedExecutions: 1 };
    const session = boot(charged({ a: { allocation: 2, go: [consume(299), reply()] }, b: { allocation: 1 } }, { ...slices, cores: 3 }));
    session.apply(ingress("i", "a"));
    session.apply(pass(1));
    expect(session.view().canisters[0]!.execution).toMatchObject({ status: "paused" });
    expect(told(session, pass(10))).toEqual([all(1, 0n, 11n)]);
    expect(chargedAt(session)).toEqual([0n, 110n]);
    expect(told(session, pass(3))).toEqual([all(1, 0n, 2n * 14n)]);
    expect(session.view().canisters[0]!.execution).toBeNull();
    expect(chargedAt(session)).toEqual([140n, 110n]);
    expect(told(session, pass(9))).toEqual([all(1, 0n, 12n)]);
    expect(told(session, pass(1))).toEqual([all(1, 0n, 20n)]);
  });

  test("not while that is aborted either", () => {
    const slices = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(110), maxPausedExecutions: 0 };
    const session = boot(charged({ a: { allocation: 2, go: [consume(299), reply()] } }, slices));
    session.apply(ingress("i", "a"));
    for (let times = 0; times < 3; times++) expect(told(session, pass(10))).toEqual([]);
    expect(session.view().canisters[0]!.execution).toMatchObject({ status: "aborted" });
  });

  test("not in a round that was skipped, but in the next one", () => {
    const session = boot(charged({ a: { allocation: 1, go: [write(0, "01")] } }, { heapDeltaCapacity: bytes(1024) }));
    session.apply(ingress("i", "a"));
    session.apply(round());
    const { events } = session.apply({ ...pass(12), checkpoint: true });
    expect(only(events, "round-skipped")).toHaveLength(1);
    expect(only(events, "resources-charged")).toEqual([]);
    expect(told(session, pass(1))).toEqual([all(1, 13n, 13n)]);
  });

  test("whether or not it has code, and in every round when there is no period", () => {
    const session = boot(charged({ a: { allocation: 1 } }, { chargePeriod: nanoseconds(0n) }));
    session.apply(uninstall("a"));
    expect(told(session, round(0n))).toEqual([all(1, 0n, 0n)]);
    expect(told(session, pass(2))).toEqual([all(1, 0n, 2n)]);
    expect(told(session, pass(0.5))).toEqual([all(1, 0n, 0n)]);
    expect(told(session, pass(0.5))).toEqual([all(1, 0n, 0n)]);
  });

  test("and a restart changes nothing of it", () => {
    const worlds = [false, true].map((restarts) => {
      const session = boot(charged({ a: { allocation: 1, balance: 55n }, b: { allocation: 2, go: [write(0, "01"), reply()] } }));
      session.apply(ingress("i", "b"));
      return [3, 8, 9, 1, 10, 25].map((seconds) => {
        if (restarts) session.apply({ kind: "restart" });
        return [session.apply(pass(seconds)), session.view()];
      });
    });
    expect(worlds[1]).toEqual(worlds[0]);
  });
});

describe("memory and a compute allocation are paid for", () => {
  const writing = (pages: number): SmallCanister => ({ go: [...Array.from({ length: pages }, (_, page) => write(page, "01")), reply()] });

  test("by what there is at the time of the charge: pages written, pages gone, allocations set", () => {
    const session = boot(charged({ a: writing(3), b: writing(2) }));
    for (const id of ["a", "b"]) session.apply(ingress(`i-${id}`, id));
    expect(told(session, pass(10))).toEqual([all(2, 50n, 0n)]);
    session.apply(uninstall("b"));
    session.apply({ kind: "set-compute-allocation", canister: canisterId("b"), computeAllocation: percent(7) });
    expect(told(session, pass(10))).toEqual([all(2, 30n, 70n)]);
    session.apply({ kind: "set-compute-allocation", canister: canisterId("b"), computeAllocation: percent(1) });
    expect(told(session, pass(10))).toEqual([all(2, 30n, 10n)]);
  });

  test("and the price leaves the balance and is burned", () => {
    const session = boot(charged({ a: { ...writing(3), allocation: 2 } }));
    session.apply(ingress("i", "a"));
    const before = session.apply(pass(9)).ledger;
    const { ledger } = session.apply(pass(1));
    expect(ledger).toEqual({ ...before, balances: before.balances - 50n, burned: before.burned + 50n });
    expect(balances(session)).toEqual([ledger.balances]);
  });

  test("with each price floored by itself, from the price of a day", () => {
    const fees = { ...smallParameters.fees, gibSecond: cycles(2n ** 20n / 4n), percentSecond: cycles(1n), subnetSize: 3 };
    // Of a day: floor(21,600 · 3 / 13) = 4,984 for a page, floor(86,400 · 3 / 13) = 19,938 for a percent.
    const session = boot(charged({ a: { ...writing(1), allocation: 1 } }, { fees }));
    session.apply(ingress("i", "a"));
    expect(told(session, pass(10))).toEqual([all(1, 0n, 2n)]);
    expect(told(session, pass(18))).toEqual([all(1, 1n, 4n)]);
    expect(told(session, pass(86_400))).toEqual([all(1, 4_984n, 19_938n)]);
  });

  test("with a base price where there is memory at all", () => {
    const fees = { ...smallParameters.fees, baseSecond: cycles(7n) };
    const session = boot(charged({ a: writing(3), b: {} }, { fees }));
    session.apply(ingress("i", "a"));
    expect(told(session, pass(10))).toEqual([all(2, 100n, 0n)]);
  });

  test("below the freezing threshold, too", () => {
    const session = boot(charged({ a: { allocation: 2, balance: 50n, freezing: 1_000 } }));
    expect(session.apply(ingress("i", "a")).events).toMatchObject([{ kind: "ingress-refused", error: "IC0207" }]);
    expect(told(session, pass(10))).toEqual([all(1, 0n, 20n)]);
    expect(balances(session)).toEqual([30n]);
  });

  test("by an idle canister that is asked for its balance after many charges of different lengths", () => {
    const session = boot(charged({ a: { allocation: 1, balance: 10n ** 30n }, b: { allocation: 1 } }));
    let passed = 0;
    for (let times = 0; times < 200; times++) {
      const seconds = 10 + (times % 37);
      passed += seconds;
      session.apply(pass(seconds));
    }
    const { events } = session.apply({ kind: "top-up", canister: canisterId("a"), cycles: cycles(5n) });
    expect(events).toMatchObject([{ kind: "topped-up", balance: 10n ** 30n - BigInt(passed) + 5n }]);
    expect(balances(session)).toEqual([10n ** 30n - BigInt(passed) + 5n, 100_000n - BigInt(passed)]);
  });

  test("by nobody on a free subnet, where everybody is charged nothing", () => {
    const fees = { ...smallParameters.fees, schedule: "free" as const };
    const session = boot(charged({ a: { ...writing(3), allocation: 2, balance: 0n } }, { fees }));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(pass(10));
    expect(only(events, "executed")).toMatchObject([{ prepaid: 0n, charged: 0n, balance: 0n }]);
    expect(only(events, "resources-charged")).toEqual([all(1, 0n, 0n)]);
    expect(balances(session)).toEqual([0n]);
  });
});
