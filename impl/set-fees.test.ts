/** Prices that change while calls are open, executions are under way, and canisters owe for what they occupy. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, hex, instructions, subnetId, type FeeTable, type Input, type Parameters, type Slice } from "../spec/index.ts";
import { all, balances, charged, pass, told } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import {
  call,
  consume,
  ingress,
  message,
  networked,
  only,
  reply,
  round,
  roundWith,
  setTimer,
  smallParameters,
  smallWorld,
  uninstall,
  write,
  type SmallCanister,
} from "./small-world.ts";

const fees = (said: Partial<FeeTable>): Input => ({ kind: "set-fees", fees: { ...smallParameters.fees, name: "other", ...said } });
/** So many times what everything cost. */
const times = (factor: number): Input => fees({ name: `times ${factor}`, subnetSize: 13 * factor });
const topUp = (canister: string, count: bigint): Input => ({ kind: "top-up", canister: canisterId(canister), cycles: cycles(count) });

/** A canister that called one of another subnet, from which the reply comes now. */
const calling = (onReply: NonNullable<SmallCanister["go"]>, balance = 100_000n, said: Partial<Parameters> = {}): EngineSession => {
  const session = boot(networked(smallWorld({ a: { balance, go: [call("far", { onReply })] } }, said), "s0", { far: "s9" }));
  session.apply(ingress("i", "a"));
  session.apply(round());
  return session;
};
const replied = (payload = "07", refund = 0n): Input => roundWith([sliceOf(payload, refund)]);
const sliceOf = (payload: string, refund: bigint): Slice => ({
  from: subnetId("s9"),
  begin: 0,
  signals: 1,
  messages: [
    {
      kind: "response",
      caller: canisterId("a"),
      callback: 0,
      respondent: canisterId("far"),
      result: { kind: "reply", payload: hex(payload) },
      refund: cycles(refund),
      deadline: null,
    },
  ],
});

describe("a callback", () => {
  // 100,000 less the reception of 50, an execution of 101, the call for 30 and its reserve of 1164.
  const left = 98_655n;

  test("after prices doubled takes from the balance what its reserve lacks, before its script runs", () => {
    const session = calling([write(0, { kind: "balance" })]);
    expect(balances(session)).toEqual([left]);
    expect(session.apply(times(2)).events).toEqual([{ kind: "fees-set", name: "times 2" }]);
    const found = left + 62n - 1100n;
    expect(only(session.apply(replied()).events, "executed")).toMatchObject([
      {
        prepaid: 2200n,
        charged: 202n,
        transmissionReserve: 64n,
        transmissionFee: 2n,
        wrote: [[0, found.toString(16).padStart(32, "0")]],
        balance: found + 1998n,
      },
    ]);
  });

  test("after prices fell gives to the balance what its reserve has beyond", () => {
    const session = calling([write(0, { kind: "balance" })]);
    session.apply(fees({ tenInstructions: cycles(5n) }));
    const { events, ledger } = session.apply(replied());
    const found = left + 63n + 500n;
    expect(only(events, "executed")).toMatchObject([{ prepaid: 600n, charged: 101n, wrote: [[0, found.toString(16).padStart(32, "0")]] }]);
    expect([ledger.balances, ledger.callbacks]).toEqual([found + 499n, 0n]);
  });

  test("never pays more for the way of the response than was set aside for it", () => {
    const session = calling([]);
    session.apply(fees({ transmissionByte: cycles(100n) }));
    expect(only(session.apply(replied()).events, "executed")).toMatchObject([
      { transmissionReserve: 64n, transmissionFee: 64n, charged: 100n, balance: left + 1000n },
    ]);
  });

  test("that nobody can pay any more is not executed: it costs the base fee, and its call ends", () => {
    const session = calling([reply()], 2344n);
    expect(balances(session)).toEqual([999n]);
    session.apply(times(3));
    const before = session.apply({ kind: "restart" }).ledger;
    const { events, ledger } = session.apply(replied());
    expect(only(events, "executed")).toEqual([]);
    expect(
      events.slice(
        events.findIndex(({ kind }) => kind === "callback-refused"),
        -2,
      ),
    ).toMatchObject([
      { callback: 0, error: "IC0207", refunded: 0n, released: 861n, transmissionFee: 3n, charged: 300n, balance: 1860n },
      { kind: "answered", result: { error: "IC0207" } },
      { kind: "ingress-answered" },
      { kind: "context-removed" },
    ]);
    expect([ledger.burned - before.burned, ledger.callbacks]).toEqual([303n, 0n]);
    expect(only(events, "turn-ended")).toMatchObject([{ instructions: 10 }]);
  });

  test("is executed as soon as reserve and balance cover it to the cycle", () => {
    const outcomes = [2344n, 2345n].map((balance) => {
      const session = calling([reply()], balance);
      session.apply(fees({ execution: cycles(1163n) })); // 2163, of which 1100 and 63 were set aside
      return session.apply(replied()).events.filter(({ kind }) => kind === "executed" || kind === "callback-refused");
    });
    expect(outcomes).toMatchObject([
      [{ kind: "callback-refused", charged: 1100n, released: 63n, balance: 999n + 63n }],
      [{ kind: "executed", charged: 1164n, balance: 999n }],
    ]);
  });

  test("whose context is gone costs at most what was set aside for its way", () => {
    const session = calling([]);
    session.apply(uninstall("a"));
    session.apply(fees({ transmissionByte: cycles(100n), execution: cycles(9_999n) }));
    expect(only(session.apply(replied()).events, "response-discarded")).toMatchObject([
      { transmissionFee: 64n, released: 1100n, balance: left + 1100n },
    ]);
  });
});

/** One slice of 100 instructions fits into a round. */
const oneSlice: Partial<Parameters> = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(110) };
const led = (canister: SmallCanister, said: Partial<Parameters> = {}): EngineSession => {
  const session = boot(smallWorld({ a: canister }, { ...oneSlice, ...said }));
  session.apply(ingress("i", "a"));
  session.apply(round());
  return session;
};

describe("a paused attempt", () => {
  test("keeps the prices of its start, for what it uses and for what it sends, also over a restart", () => {
    const sessions = [false, true].map((restarts) => {
      const session = led({ go: [consume(150), call("a", { payload: "01" })] });
      session.apply(times(4));
      if (restarts) session.apply({ kind: "restart" });
      expect(session.view()).toMatchObject({ prices: "times 4", canisters: [{ execution: { prices: "small", prepaid: 1100n } }] });
      const { events, ledger } = session.apply(round());
      expect(only(events, "executed")).toMatchObject([{ prepaid: 1100n, charged: 251n, calls: [{ fee: 31n, reserve: 1164n }] }]);
      expect([ledger.callbacks, ledger.executions]).toEqual([1164n, 0n]);
      return [events, ledger, session.view()];
    });
    expect(sessions[1]).toEqual(sessions[0]);
  });

  test("completes by the freezing threshold of its start", () => {
    // A page costs 1 in a second, so 500 are frozen. Of 3000 there are 1850 behind reception and prepayment.
    const session = led({ balance: 3_000n, freezing: 500, go: [write(0, "01"), consume(150), reply()] });
    session.apply(times(40));
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ trap: null, charged: 252n, balance: 1850n + 848n }]);
    expect(session.apply(ingress("j", "a")).events).toMatchObject([{ error: "IC0207" }]);
    session.apply(times(4));
    expect(session.apply(ingress("j", "a")).events).toMatchObject([{ kind: "ingress-received" }]);
  });

  test("lets fees wait that are those of now", () => {
    const session = led({ go: [consume(150), reply()] });
    session.apply(times(2));
    session.apply(ingress("j", "a"));
    const { events } = session.apply(round());
    expect(only(events, "ingress-inducted")).toMatchObject([{ ingress: "j", fee: 100n }]);
    expect(only(events, "execution-finished")).toMatchObject([{ postponed: 100n }]);
  });
});

describe("an execution that was aborted", () => {
  const aborting: Partial<Parameters> = { maxPausedExecutions: 0 };

  test("pays when it starts again what its prepayment lacks of the prices of now", () => {
    const session = led({ balance: 5_000n, go: [consume(50), consume(60), reply()] }, aborting);
    expect(session.view().canisters[0]).toMatchObject({ balance: 3_850n, execution: { status: "aborted", prepaid: 1100n, prices: null } });
    session.apply(times(2));
    const { events, ledger } = session.apply(round());
    expect(events.slice(events.findIndex(({ kind }) => kind === "execution-resumed")).slice(0, 2)).toMatchObject([
      { kind: "execution-resumed", afresh: true },
      { kind: "prepayment-adjusted", taken: 1100n, returned: 0n, balance: 2_750n },
    ]);
    expect(ledger.executions).toBe(2200n);
  });

  test("gets back what it held beyond them, even where the canister is frozen", () => {
    const session = led({ balance: 1_200n, freezing: 0, go: [consume(50), consume(60), reply()] }, aborting);
    session.apply(fees({ tenInstructions: cycles(1n) }));
    const { events, ledger } = session.apply(round());
    expect(only(events, "prepayment-adjusted")).toMatchObject([{ taken: 0n, returned: 900n, balance: 950n }]);
    expect(ledger.executions).toBe(200n);
    expect(only(session.apply(round()).events, "prepayment-adjusted")).toEqual([]);
  });

  test("that cannot pay them is over: its call is rejected, its prepayment comes back, nothing is charged, and the canister rests", () => {
    const session = led({ balance: 3_349n, go: [consume(150), reply()] }, aborting);
    session.apply(ingress("j", "a"));
    session.apply(times(3)); // 2200 are lacking, and 2199 there
    const before = session.apply(topUp("a", 0n)).ledger;
    const { events, ledger } = session.apply(round());
    const fee = 150n;
    expect(events.slice(events.findIndex(({ kind }) => kind === "execution-resumed"))).toMatchObject([
      { afresh: true },
      { kind: "not-executed", error: "IC0207", charged: 0n, balance: 3_299n - fee },
      { kind: "answered", context: null, result: { error: "IC0207" }, refund: 0n },
      { kind: "ingress-answered", ingress: "i" },
      { kind: "turn-ended", instructions: 10, drained: false },
      { kind: "round-ended" },
    ]);
    expect([ledger.executions, ledger.burned - before.burned]).toEqual([0n, fee]);
  });

  test("pays them when they are there to the cycle", () => {
    const session = led({ balance: 3_350n, go: [consume(150), reply()] }, aborting);
    session.apply(times(3));
    expect(only(session.apply(round()).events, "prepayment-adjusted")).toMatchObject([{ taken: 2200n, balance: 0n }]);
  });

  test("and was a timer task leaves its timer set when it cannot pay, and comes again", () => {
    const session = boot(smallWorld({ a: { balance: 3_000n, go: [setTimer(1n)], onTimer: [consume(150)] } }, { ...oneSlice, ...aborting }));
    session.apply(ingress("i", "a"));
    session.apply(round());
    expect(only(session.apply(round()).events, "execution-aborted")).toHaveLength(1);
    session.apply(times(3));
    const { events } = session.apply(round());
    expect(only(events, "not-executed")).toMatchObject([{ cause: { kind: "timer" }, error: "IC0207", charged: 0n }]);
    expect(session.view().canisters[0]).toMatchObject({ timer: 1002n, execution: null });
    session.apply(times(1));
    expect(only(session.apply(round()).events, "execution-paused")).toMatchObject([{ cause: { kind: "timer" } }]);
  });

  test("and was a callback is refused like any other when it cannot be paid, which is all of its attempt", () => {
    const session = calling([write(0, message), consume(150)], 2_344n, { ...oneSlice, ...aborting });
    expect(only(session.apply(replied()).events, "execution-aborted")).toHaveLength(1);
    expect(session.view().canisters[0]!.execution).toMatchObject({ prepaid: 0n });
    session.apply(times(3));
    const { events } = session.apply(round());
    expect(
      events.slice(
        events.findIndex(({ kind }) => kind === "execution-resumed"),
        -2,
      ),
    ).toMatchObject([
      { afresh: true },
      { kind: "callback-refused", charged: 300n, transmissionFee: 3n, balance: 1860n },
      { kind: "execution-finished", slices: 1, since: 2, postponed: 0n },
      { kind: "answered", context: 0 },
      { kind: "ingress-answered" },
      { kind: "context-removed" },
    ]);
  });
});

describe("what is due when prices change", () => {
  test("is not charged then, but with the next charge, by the new prices, for all the time", () => {
    const session = boot(charged({ a: { allocation: 3 }, b: { allocation: 1 } }));
    session.apply(pass(9));
    expect(session.apply(times(2)).ledger.burned).toBe(0n);
    expect(told(session, pass(1))).toEqual([all(2, 0n, 80n)]);
    expect(balances(session)).toEqual([100_000n - 60n, 100_000n - 20n]);
  });

  test("was paid by the old ones before, though nobody looked at the balance since", () => {
    const session = boot(charged({ a: { allocation: 3 }, b: { allocation: 1 } }));
    for (let charges = 0; charges < 5; charges++) session.apply(pass(10));
    session.apply(times(2));
    session.apply(pass(4));
    session.apply(fees({ percentSecond: cycles(7n) }));
    for (let charges = 0; charges < 3; charges++) session.apply(pass(10));
    expect(balances(session)).toEqual([100_000n - 150n - 3n * 7n * 34n, 100_000n - 50n - 7n * 34n]);
  });

  test("makes a canister run dry as soon as it cannot pay the new ones", () => {
    const session = boot(charged({ a: { allocation: 1, balance: 1_000n } }));
    session.apply(pass(10));
    session.apply(times(100));
    expect(told(session, pass(10))).toMatchObject([{ kind: "resources-charged" }, { kind: "ran-dry", burned: 990n }]);
  });
});
