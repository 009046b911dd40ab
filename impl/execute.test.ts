/** Single executions in worlds computed by hand: what they cost, what they leave, and what a trap takes back. */
import { describe, expect, test } from "vitest";
import type { Script } from "../spec/index.ts";
import { boot } from "./engine.ts";
import {
  accept,
  burn,
  bytesOf,
  call,
  consume,
  ingress,
  message,
  only,
  pageOf,
  reject,
  reply,
  round,
  setTimer,
  smallWorld,
  trap,
  write,
} from "./small-world.ts";

describe("an update", () => {
  test("that replies gives exactly these events, in this order, with these cycles", () => {
    const session = boot(smallWorld({ a: { balance: 10_000n, go: [consume(20), reply(message)] } }));
    expect(session.apply(ingress("i", "a", "go", "abcd")).events).toEqual([{ kind: "ingress-received", ingress: "i" }]);
    const { events, ledger, draws } = session.apply(round());
    const origin = { kind: "ingress", ingress: "i" };
    const result = { kind: "reply", payload: "abcd" };
    expect(events).toEqual([
      { kind: "round-began", height: 1, time: 1001n },
      { kind: "ingress-inducted", ingress: "i", canister: "a", fee: 54n, balance: 9946n },
      { kind: "turn-began", iteration: 1, core: 0, canister: "a" },
      {
        kind: "executed",
        canister: "a",
        cause: { kind: "update", origin, method: "go", attached: 0n },
        context: 0,
        trap: null,
        cleanup: "none",
        instructions: 21,
        prepaid: 1100n,
        charged: 121n,
        refunded: 0n,
        transmissionReserve: 0n,
        transmissionFee: 0n,
        accepted: 0n,
        burned: 0n,
        reserved: 0n,
        calls: [],
        refusedCalls: [],
        wrote: [],
        timer: null,
        balance: 9825n,
      },
      { kind: "answered", canister: "a", context: 0, origin, result, refund: 0n },
      { kind: "ingress-answered", ingress: "i", result },
      { kind: "context-removed", canister: "a", context: 0, remaining: 0 },
      { kind: "turn-ended", iteration: 1, core: 0, canister: "a", instructions: 31, drained: true },
      { kind: "round-ended", height: 1, iterations: 1, instructions: 31 },
    ]);
    const nowhere = {
      messages: 0n,
      contexts: 0n,
      callbacks: 0n,
      executions: 0n,
      float: 0n,
      reserved: 0n,
      lost: 0n,
      sent: 0n,
      received: 0n,
    };
    expect(ledger).toEqual({ ...nowhere, balances: 9825n, burned: 175n, minted: 10_000n });
    expect(draws).toEqual([]);
  });

  test("that the canister cannot pay for is refused and costs nothing", () => {
    const session = boot(smallWorld({ a: { balance: 1149n } })); // one short of the reception fee and the prepayment
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(events.slice(3, 6)).toMatchObject([
      { kind: "not-executed", error: "IC0207", charged: 0n, balance: 1099n },
      { kind: "answered", context: null, result: { kind: "reject", code: 2, error: "IC0207" }, refund: 0n },
      { kind: "ingress-answered", ingress: "i" },
    ]);
    expect(only(events, "turn-ended")).toMatchObject([{ instructions: 10 }]);
  });

  test("of a method that is not exported costs the base fee", () => {
    const session = boot(smallWorld({ a: { balance: 1150n } }));
    session.apply(ingress("i", "a", "gone"));
    const { events, ledger } = session.apply(round());
    expect(only(events, "not-executed")).toMatchObject([{ error: "IC0536", charged: 100n, balance: 1000n }]);
    expect(only(events, "ingress-answered")).toMatchObject([{ result: { code: 5, error: "IC0536" } }]);
    expect(ledger.burned).toBe(150n);
  });

  test("that traps leaves nothing but its cost", () => {
    const go = [write(0, "aa"), burn(7n), setTimer(5n), call("b", { attached: 9n }), reply(), trap];
    const session = boot(smallWorld({ a: { go, balance: 10_000n }, b: {} }));
    session.apply(ingress("i", "a"));
    const { events, ledger } = session.apply(round());
    expect(only(events, "executed")).toMatchObject([
      { trap: "IC0503", instructions: 6, charged: 106n, calls: [], wrote: [], burned: 0n, timer: null },
    ]);
    expect(only(events, "answered")).toMatchObject([{ context: 0, result: { kind: "reject", code: 5, error: "IC0503" } }]);
    expect(only(events, "request-inducted")).toEqual([]);
    expect(session.view().canisters[0]).toMatchObject({ balance: 9844n, pages: [], timer: null, outputs: 0, contexts: [], callbacks: [] });
    expect(ledger).toMatchObject({ balances: 109_844n, messages: 0n, contexts: 0n, callbacks: 0n, burned: 156n });
  });

  test("that passes its limit has used exactly its limit", () => {
    const session = boot(smallWorld({ a: { go: [consume(999), consume(2)] } }));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ trap: "IC0522", instructions: 1000, charged: 1100n }]);
  });

  test("that uses its whole limit completes", () => {
    const session = boot(smallWorld({ a: { go: [consume(999), reply()] } }));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ trap: null, instructions: 1000, charged: 1100n }]);
  });

  test("that grows beyond what the canister can keep alive traps there", () => {
    // One page for 5000 seconds costs 5000, and 5000 is not left while 1100 are held.
    const world = (balance: bigint) => smallWorld({ a: { balance, freezing: 5000, go: [write(3, "01"), reply()] } });
    for (const [balance, error] of [
      [6149n, "IC0532"],
      [6150n, null],
    ] as const) {
      const session = boot(world(balance));
      session.apply(ingress("i", "a"));
      expect(only(session.apply(round()).events, "executed")).toMatchObject([{ trap: error }]);
    }
  });

  test("that gives no answer and waits for none is answered by the platform", () => {
    const session = boot(smallWorld({ a: { go: [] } }));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(only(events, "ingress-answered")).toMatchObject([{ result: { kind: "reject", code: 5, error: "IC0506" } }]);
    expect(events.map(({ kind }) => kind).slice(3, 7)).toEqual(["executed", "answered", "ingress-answered", "context-removed"]);
  });

  test("names the pages that differ, in their order, and no page that it wrote back", () => {
    const go = [write(5, "05"), write(1, message), write(2, "22"), write(2, pageOf(7)), reply(pageOf(5))];
    const session = boot(smallWorld({ a: { go, stablePages: 4 } }));
    session.apply(ingress("i", "a", "go", "01"));
    expect(only(session.apply(round()).events, "executed")).toMatchObject([
      {
        wrote: [
          [1, "01"],
          [2, ""],
          [5, "05"],
        ],
      },
    ]);
    session.apply(ingress("j", "a", "go", "02"));
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ wrote: [[1, "02"]] }]);
  });

  test.each([
    ["a page past the last", [write(8, "")], "IC0502"],
    ["a page before the first", [write(-1, "")], "IC0502"],
    ["more than a page", [write(0, "00".repeat(1025))], "IC0502"],
    ["a payload too large for a call", [call("b", { payload: "00".repeat(65) })], "IC0504"],
    ["a payload too large for a reply", [reply("00".repeat(65))], "IC0504"],
    ["a second answer", [reply(), reject], "IC0504"],
    ["more cycles than it has", [call("b", { attached: 98_851n })], "IC0520"],
  ])("traps on %s", (_, go, error) => {
    const session = boot(smallWorld({ a: { go } }));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ trap: error }]);
  });
});

test("an answer of the canister's own making is a reject with code 4", () => {
  const session = boot(smallWorld({ a: { go: [reject] } }));
  session.apply(ingress("i", "a"));
  expect(only(session.apply(round()).events, "ingress-answered")).toMatchObject([{ result: { kind: "reject", code: 4, error: "IC0406" } }]);
});

test("values are what the execution sees at that moment", () => {
  const seen = (go: Script) => {
    const session = boot(
      smallWorld({
        a: { balance: 10_000n, go: [call("b", { attached: 300n, onReply: [write(0, { kind: "refunded" })] })] },
        b: { balance: 5000n, stablePages: 3, go },
      }),
    );
    session.apply(ingress("i", "a"));
    session.apply(round());
    return session.view().canisters.map(({ pages }) => pages);
  };
  const [a, b] = seen([
    write(0, { kind: "available" }),
    accept(0x20n),
    write(1, { kind: "available" }),
    write(2, { kind: "balance" }),
    write(3, { kind: "time" }),
    reply(),
    write(4, { kind: "available" }),
    { op: "when-odd", value: bytesOf("0003"), then: [write(5, "01")], otherwise: [write(5, "00")] },
    { op: "when-odd", value: bytesOf(""), then: [write(6, "01")], otherwise: [write(6, "00")] },
  ]);
  const wide = (count: number) => count.toString(16).padStart(32, "0");
  expect(b).toEqual([
    [0, wide(300)],
    [1, wide(268)],
    [2, wide(5000 - 1100 + 32)],
    [3, (1001).toString(16).padStart(16, "0")],
    [4, wide(0)],
    [5, "01"],
    [6, "00"],
  ]);
  expect(a).toEqual([[0, wide(268)]]);
});
