/** Calls from end to end, computed by hand: cycles under way, slots, bounces, callbacks and cleanups. */
import { describe, expect, test } from "vitest";
import { instructions, type Script } from "../spec/index.ts";
import { boot } from "./engine.ts";
import {
  accept,
  burn,
  call,
  consume,
  ingress,
  message,
  only,
  pageOf,
  reject,
  reply,
  round,
  smallWorld,
  trap,
  write,
} from "./small-world.ts";

describe("a call", () => {
  test("pays, is accepted in part, and brings the rest back", () => {
    const session = boot(
      smallWorld({
        a: { balance: 10_000n, go: [call("b", { payload: "0102", attached: 500n, onReply: [reply(message)] })] },
        b: { balance: 10_000n, go: [accept(200n), accept(0n), reply("0a0b0c"), accept(9n)] },
      }),
    );
    session.apply(ingress("i", "a"));
    const { events, ledger } = session.apply(round());
    const [sending, serving, returning] = only(events, "executed");
    expect(sending).toMatchObject({
      calls: [{ callback: 0, callee: "b", method: "go", bytes: 2, attached: 500n, fee: 32n, reserve: 1164n }],
      balance: 10_000n - 50n - 101n - 500n - 32n - 1164n,
    });
    expect(serving).toMatchObject({
      accepted: 200n,
      cause: { kind: "update", origin: { kind: "canister", canister: "a", callback: 0 }, attached: 500n },
    });
    expect(only(events, "answered")[0]).toMatchObject({ canister: "b", refund: 300n });
    expect(returning).toMatchObject({
      cause: { kind: "response", callback: 0, result: "reply" },
      context: 0,
      prepaid: 1100n,
      charged: 101n,
      refunded: 300n,
      transmissionReserve: 64n,
      transmissionFee: 3n,
      balance: 8153n + 300n + 61n + 999n,
    });
    expect(only(events, "ingress-answered")).toMatchObject([{ result: { kind: "reply", payload: "0a0b0c" } }]);
    expect(only(events, "round-ended")).toMatchObject([{ iterations: 3 }]);
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
    expect(ledger).toEqual({ balances: 9513n + 10_096n, ...nowhere, burned: 391n, minted: 20_000n });
  });

  test("under way is in the ledger: put into the loopback stream, then available on the context", () => {
    const session = boot(
      smallWorld(
        { a: { go: [call("b", { attached: 500n })] }, b: { go: [accept(100n), call("c")] }, c: { go: [reply()] } },
        { roundInstructionLimit: instructions(1010) }, // one message a round,
      ),
    );
    session.apply(ingress("i", "a"));
    expect(session.apply(round()).ledger).toMatchObject({ messages: 0n, sent: 500n, received: 0n, contexts: 0n, callbacks: 1164n });
    expect(session.apply(round()).ledger).toMatchObject({ messages: 0n, sent: 500n, received: 500n, contexts: 400n, callbacks: 2328n });
  });

  test("that finds no slot runs onRefused in its place", () => {
    const one = call("b", { onRefused: [write(0, "01")] });
    const session = boot(smallWorld({ a: { go: [one, one, one] }, b: {} }));
    session.apply(ingress("i", "a"));
    const [executed] = only(session.apply(round()).events, "executed");
    expect(executed).toMatchObject({ trap: null, instructions: 4, wrote: [[0, "01"]], refusedCalls: [{ callee: "b", error: "IC0201" }] });
    expect(executed!.calls.map(({ callback }) => callback)).toEqual([0, 1]);
  });

  test("frees its slot when its response is executed", () => {
    const one = call("b", { onRefused: [trap] });
    const session = boot(smallWorld({ a: { go: [one, one] }, b: {} }));
    for (const id of ["i", "j"]) {
      session.apply(ingress(id, "a"));
      expect(only(session.apply(round()).events, "executed")[0]).toMatchObject({ trap: null });
    }
  });

  test("that cannot be funded runs onRefused in its place", () => {
    const go = [call("b", { attached: 1n, onRefused: [reply("77")] })];
    for (const [balance, sent] of [
      [50n + 1100n + 1194n, 0],
      [50n + 1100n + 1195n, 1],
    ] as const) {
      const session = boot(smallWorld({ a: { balance, go }, b: {} }));
      session.apply(ingress("i", "a"));
      expect(only(session.apply(round()).events, "executed")[0]!.calls).toHaveLength(sent);
    }
  });

  test("to nobody comes back with everything that was attached", () => {
    const session = boot(smallWorld({ a: { go: [call("nobody", { attached: 70n, onReject: [write(0, message), reply()] })] } }));
    session.apply(ingress("i", "a"));
    const { events, ledger } = session.apply(round());
    expect(events.slice(-2)).toMatchObject([
      { kind: "request-bounced", caller: "a", callback: 0, error: "IC0301" },
      { kind: "round-ended" },
    ]);
    expect(ledger).toMatchObject({ messages: 70n, sent: 0n });
    expect(only(session.apply(round()).events, "executed")[0]).toMatchObject({
      cause: { result: "reject" },
      refunded: 70n,
      transmissionFee: 0n,
      wrote: [[0, "03"]],
    });
  });

  test("that is refused by its callee returns what was attached", () => {
    const session = boot(smallWorld({ a: { go: [call("b", { attached: 70n, method: "gone" })] }, b: {} }));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(only(events, "answered")[0]).toMatchObject({ canister: "b", context: null, refund: 70n, result: { error: "IC0536" } });
    expect(only(events, "executed")[1]).toMatchObject({ cause: { kind: "response", result: "reject" }, refunded: 70n });
  });
});

describe("a callback", () => {
  const world = (onReply: Script, onCleanup: Script) =>
    smallWorld({
      a: { balance: 10_000n, go: [write(0, "01"), call("b", { attached: 40n, onReply, onCleanup })] },
      b: { go: [accept(10n), reply("ee")] },
    });

  test("that traps runs its cleanup on the memory from before, with the rest of the limit", () => {
    const session = boot(world([write(0, "02"), consume(900)], [write(1, pageOf(0)), burn(5n), consume(90)]));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(only(events, "executed")[2]).toMatchObject({
      trap: "IC0522",
      cleanup: "completed",
      instructions: 900 + 92,
      charged: 1092n,
      refunded: 30n,
      burned: 5n,
      wrote: [[1, "01"]],
      balance: 10_000n - 50n - 102n - 40n - 30n - 1164n + 30n + 63n - 5n + 8n,
    });
    expect(only(events, "ingress-answered")).toMatchObject([{ result: { kind: "reject", error: "IC0522" } }]);
  });

  test("whose cleanup traps too keeps nothing of either", () => {
    const session = boot(world([write(0, "02"), trap], [write(1, "03"), consume(2000)]));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "executed")[2]).toMatchObject({
      trap: "IC0503",
      cleanup: "trapped",
      instructions: 1000,
      wrote: [],
    });
    expect(session.view().canisters[0]!.pages).toEqual([[0, "01"]]);
  });

  test("without a cleanup just traps", () => {
    const session = boot(world([trap], []));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "executed")[2]).toMatchObject({ trap: "IC0503", cleanup: "none", instructions: 1 });
  });

  test.each([
    ["reply", reply()],
    ["reject", reject],
    ["accept", accept(1n)],
    ["call", call("b")],
  ])("has a cleanup that may not %s", (_, forbidden) => {
    const session = boot(world([trap], [forbidden]));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "executed")[2]).toMatchObject({ cleanup: "trapped" });
  });

  test("keeps its context while it has calls of its own, and is answered once", () => {
    const go = [call("b", { onReply: [reply("01")] }), call("b", { onReply: [reply("02")] })];
    const session = boot(smallWorld({ a: { go }, b: {} }));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(only(events, "executed").slice(3)).toMatchObject([{ trap: null }, { trap: "IC0504" }]);
    expect(only(events, "ingress-answered")).toMatchObject([{ result: { payload: "01" } }]);
    expect(only(events, "context-removed").filter(({ canister }) => canister === "a")).toHaveLength(1);
    expect(events.findLast(({ kind }) => kind === "context-removed")).toEqual({
      kind: "context-removed",
      canister: "a",
      context: 0,
      remaining: 0,
    });
  });
});
