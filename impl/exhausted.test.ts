/** Canisters that cannot pay for what they occupy: what becomes of them, and of those who wait for them. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, hex, percent, subnetId, type Input } from "../spec/index.ts";
import { all, balances, charged, dry, pass, second, told } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { accept, call, ingress, networked, only, reply, round, roundWith, setTimer, write } from "./small-world.ts";

describe("a canister that cannot pay", () => {
  /** With 1198 cycles, a page and 9 percent; the ingress fee of 50, the base fee of 100 and 2 instructions are gone. */
  const poor = (): EngineSession => {
    const session = boot(charged({ a: { allocation: 9, go: [write(0, "01"), reply()], balance: 1_350n } }));
    session.apply(ingress("i", "a"));
    session.apply(round());
    expect(balances(session)).toEqual([1_198n]);
    return session;
  };

  test("for its memory pays nothing, and what is left of its balance is burned", () => {
    const session = poor();
    expect(told(session, pass(119))).toEqual([all(1, 119n, 1_071n)]);
    const { events, ledger } = session.apply(pass(10));
    expect(events.slice(1, -1)).toEqual([all(1, 0n, 0n), dry("a", 8n)]);
    expect(ledger).toMatchObject({ balances: 0n, burned: ledger.minted });
  });

  test("for its allocation pays for its memory", () => {
    expect(told(poor(), pass(400))).toEqual([all(1, 400n, 0n), dry("a", 798n)]);
  });

  test("for a cycle more is still rich enough, and runs dry once", () => {
    const session = boot(charged({ a: { allocation: 9, balance: 180n } }));
    expect(told(session, pass(10))).toEqual([all(1, 0n, 90n)]);
    expect(told(session, pass(10))).toEqual([all(1, 0n, 90n)]);
    expect(told(session, pass(10))).toEqual([all(1, 0n, 0n), dry("a", 0n)]);
    expect(told(session, pass(10))).toEqual([all(1, 0n, 0n)]);
  });

  test("has no code, no pages, no timer and no allocation from then on", () => {
    const lowMemory = { limit: 4, threshold: 0, hook: [] };
    const go = [write(0, "01"), setTimer(30n * second), reply()];
    const session = boot(charged({ a: { allocation: 90, go, balance: 2_000n, onHeartbeat: [], lowMemory }, b: {} }, { cores: 1 }));
    session.apply(ingress("i", "a"));
    session.apply(pass(10));
    expect(session.view().canisters[0]).toMatchObject({ installed: true, timer: 30n * second + 10n * second + 1000n });
    expect(told(session, pass(10))).toMatchObject([all(2, 10n, 0n), dry("a", expect.any(BigInt) as unknown as bigint)]);
    expect(session.view().canisters[0]).toMatchObject({
      balance: 0n,
      computeAllocation: 0,
      installed: false,
      pages: [],
      timer: null,
      tasks: [],
    });
    expect(session.apply(ingress("j", "a")).events).toMatchObject([{ kind: "ingress-refused", error: "IC0537" }]);
    const { events, stateRoot } = session.apply(pass(30));
    expect(events.map(({ kind }) => kind)).toEqual(["round-began", "resources-charged", "round-ended"]);
    session.apply({ kind: "restart" });
    expect(session.apply({ kind: "restart" }).stateRoot).toBe(stateRoot);
    // What it had reserved is there for others.
    const allocate: Input = { kind: "set-compute-allocation", canister: canisterId("b"), computeAllocation: percent(99) };
    expect(session.apply(allocate).events).toMatchObject([{ kind: "allocation-set" }]);
  });

  test("counts without its allocation in the priorities of the next round", () => {
    const session = boot(charged({ a: { allocation: 50, balance: 499n }, b: {}, c: {} }, { cores: 1 }));
    session.apply(pass(10));
    const before = session.view().canisters.map(({ accumulatedPriority }) => accumulatedPriority);
    session.apply(pass(1));
    const gained = session.view().canisters.map(({ accumulatedPriority }, at) => accumulatedPriority - before[at]!);
    expect(before).toEqual([3n * 50n + 50n - 300n, 50n, 50n]); // a paid for the round in which it ran dry
    expect(gained).toEqual([100n, 100n - 300n, 100n]);
  });

  test("counts without it in the priorities of the current scheduler", () => {
    const session = boot(charged({ a: { allocation: 50, balance: 499n }, b: {} }, { scheduler: "current", cores: 2 }));
    const settled = [pass(10), pass(1)].map((input) => only(session.apply(input).events, "priorities-settled")[0]!.granted);
    expect(settled).toEqual([50_000_000n, 0n]);
  });

  test("goes with others by id, each followed by its contexts", () => {
    const wait = [call("far", { attached: 1n })];
    const waiting = { allocation: 10, go: wait, balance: 3_000n };
    const names = ["c", "b", "a", "d"];
    const session = boot(
      networked(charged({ ...Object.fromEntries(names.map((name) => [name, waiting])), d: { go: wait } }), "s0", { far: "s1" }),
    );
    for (const id of names) session.apply(ingress(`i-${id}`, id));
    session.apply(round());
    const { events } = session.apply(pass(1_000));
    expect(only(events, "resources-charged")).toEqual([all(4, 0n, 0n)]);
    const kinds = events.slice(
      events.findIndex(({ kind }) => kind === "ran-dry"),
      -1,
    );
    expect(kinds.map((event) => ("canister" in event ? `${event.kind} ${event.canister}` : event.kind))).toEqual(
      ["a", "b", "c"].flatMap((id) => [`ran-dry ${id}`, `answered ${id}`, "ingress-answered", `context-deleted ${id}`]),
    );
  });
});

describe("what a canister that ran dry owes and is owed", () => {
  const scene = () => {
    const caller = { go: [call("b", { attached: 500n, onReject: [reply({ kind: "message" })] })] };
    const go = [accept(200n), call("far", { attached: 40n })];
    const session = boot(networked(charged({ a: caller, b: { go, allocation: 20, balance: 5_000n } }), "s0", { far: "s1" }));
    session.apply(ingress("i", "a"));
    session.apply(ingress("j", "b"));
    session.apply(round());
    return session;
  };

  test("is rejected in its name, with all cycles that it had not accepted", () => {
    const session = scene();
    expect(session.view().canisters[1]!.contexts).toMatchObject([{ available: 0n }, { available: 300n }]);
    const { events, ledger } = session.apply(pass(1_000));
    const rejected = { kind: "reject", code: 4, error: "IC0406" };
    expect(only(events, "answered")).toMatchObject([
      { canister: "b", origin: { kind: "ingress", ingress: "j" }, result: rejected, refund: 0n },
      { canister: "b", origin: { kind: "canister", canister: "a" }, result: rejected, refund: 300n },
    ]);
    expect(only(events, "context-deleted")).toHaveLength(2);
    expect(ledger.contexts).toBe(0n);
    const answered = only(session.apply(round()).events, "ingress-answered");
    expect(answered).toMatchObject([{ ingress: "i", result: { kind: "reply", payload: "04" } }]);
  });

  test("stays its own: callbacks live on, and what comes back on them is on its balance, for which it is charged no more", () => {
    const session = scene();
    session.apply(pass(1_000));
    const { callbacks, balance } = session.view().canisters[1]!;
    expect([callbacks.length, balance]).toEqual([2, 0n]);
    const [caller, respondent] = [canisterId("b"), canisterId("far")];
    const messages = callbacks.map(({ id }) => ({
      kind: "response" as const,
      caller,
      callback: id,
      respondent,
      result: { kind: "reply" as const, payload: hex("01") },
      refund: cycles(40n),
      deadline: null,
    }));
    const { events, ledger } = session.apply(roundWith([{ from: subnetId("s1"), begin: 0, messages, signals: 2 }], 10n * second));
    expect(only(events, "response-discarded")).toMatchObject([{ balance: 40n + 1_163n }, { balance: 2n * (40n + 1_163n) }]);
    expect(ledger.callbacks).toBe(0n);
    expect(told(session, pass(10_000))).toEqual([all(2, 0n, 0n)]);
    expect(balances(session)[1]).toBe(2n * (40n + 1_163n));
    expect(session.apply({ kind: "delete-canister", canister: caller }).events).toMatchObject([{ burned: 2n * (40n + 1_163n) }]);
  });
});
