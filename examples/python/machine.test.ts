/**
 * The example executes messages as a reader of `docs/machine.md` works it out with pencil and paper: every number below was
 * computed by hand from that page.
 */
import { afterAll, describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import {
  burn,
  call,
  canister,
  consume,
  failed,
  fees,
  ingress,
  ledger,
  observing,
  only,
  quiet,
  received,
  rejected,
  replied,
  reply,
  root,
  round,
  setTimer,
  write,
} from "./pencil.ts";

const conversation = converse("machine.py");
const observe = observing(conversation);
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

describe("an update", () => {
  test("is received, inducted, paid, executed and answered", async () => {
    const world = [canister("alice", { greet: [write(0, "ab"), reply("01")] })];
    const [arrived, executed] = await observe(world, [ingress("hello", "alice", "greet", "ffff"), round()]);
    expect(arrived!.events).toEqual([{ kind: "ingress-received", ingress: "hello" }]);
    expect(arrived!.stateRoot).toBe(root(1000, { alice: {} }, { hello: received }));
    const origin = { kind: "ingress", ingress: "hello" };
    const result = { kind: "reply", payload: "01" };
    expect(executed).toEqual({
      events: [
        { kind: "round-began", height: 1, time: "1005" },
        { kind: "ingress-inducted", ingress: "hello", canister: "alice", fee: "54", balance: "9946" },
        { kind: "turn-began", iteration: 1, core: 0, canister: "alice" },
        {
          ...quiet,
          canister: "alice",
          cause: { kind: "update", origin, method: "greet", attached: "0" },
          context: 0,
          instructions: 2,
          charged: "102",
          wrote: [[0, "ab"]],
          balance: "9844",
        },
        { kind: "answered", canister: "alice", context: 0, origin, result, refund: "0" },
        { kind: "ingress-answered", ingress: "hello", result },
        { kind: "context-removed", canister: "alice", context: 0, remaining: 0 },
        { kind: "turn-ended", iteration: 1, core: 0, canister: "alice", instructions: 12, drained: true },
        { kind: "round-ended", height: 1, iterations: 1, instructions: 12 },
      ],
      ledger: ledger({ balances: "9844", burned: "156", minted: "10000" }),
      draws: [],
      stateRoot: root(1005, { alice: { 0: "ab" } }, { hello: replied("01") }),
    });
  });

  test.each([
    ["CN0001", { balance: "10000" }, [ingress("a", "alice", "m"), ingress("a", "nobody", "m", "00".repeat(65))]],
    ["CN0002", { balance: "10000" }, [ingress("a", "nobody", "m", "00".repeat(65))]],
    ["IC0301", { balance: "10000" }, [ingress("a", "nobody", "m", "00".repeat(64))]],
    ["IC0207", { balance: "177" }, [ingress("a", "alice", "m", "00".repeat(64))]],
  ])("is refused at the door with %s, in the order of the rule", async (error, changed, inputs) => {
    const observed = await observe([{ ...canister("alice", {}), ...changed }], inputs);
    expect(observed.at(-1)!.events).toEqual([{ kind: "ingress-refused", ingress: "a", error }]);
  });

  test("that nobody can pay any more at its round is answered without being executed", async () => {
    const world = [{ ...canister("alice", {}), balance: "99" }];
    const [, , taken] = await observe(world, [ingress("a", "alice", "m"), ingress("b", "alice", "m"), round()]);
    expect(taken!.events.slice(1, 3)).toEqual([
      { kind: "ingress-inducted", ingress: "a", canister: "alice", fee: "50", balance: "49" },
      { kind: "ingress-answered", ingress: "b", result: rejected("IC0207", 2) },
    ]);
    expect(taken!.events.filter(({ kind }) => kind === "not-executed")).toMatchObject([{ error: "IC0207", charged: "0", balance: "49" }]);
    expect(taken!.events.at(-1)).toEqual({ kind: "round-ended", height: 1, iterations: 1, instructions: 10 });
  });

  test("of a method that is not there costs an execution of nothing", async () => {
    const [, taken] = await observe([canister("alice", {})], [ingress("a", "alice", "m"), round()]);
    expect(taken!.events.slice(3, 6)).toMatchObject([
      { kind: "not-executed", error: "IC0536", charged: "100", balance: "9850" },
      { kind: "answered", context: null, result: rejected("IC0536", 5), refund: "0" },
      { kind: "ingress-answered" },
    ]);
  });

  test("that traps pays for its instructions and leaves nothing else", async () => {
    const body = [write(3, "aa"), burn("77"), setTimer("1"), { op: "trap" }];
    const [, taken] = await observe([canister("alice", { m: body })], [ingress("a", "alice", "m"), round()]);
    expect(only(taken, "executed")).toMatchObject({
      trap: "IC0503",
      instructions: 4,
      charged: "104",
      burned: "0",
      wrote: [],
      timer: null,
      balance: "9846",
    });
    expect(only(taken, "answered")).toMatchObject({ result: rejected("IC0503", 5) });
    expect(taken!.stateRoot).toBe(root(Number(taken!.events[0]!["time"]), { alice: {} }, { a: failed("IC0503", 5) }));
  });

  test("that passes its limit has used exactly its limit", async () => {
    const [, taken] = await observe([canister("alice", { m: [consume(999), consume(2)] })], [ingress("a", "alice", "m"), round()]);
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0522", instructions: 1000, charged: "1100", balance: "8850" });
  });

  test("that makes memory grow over what the balance can keep alive is undone", async () => {
    const world = [{ ...canister("alice", { m: [write(0, "")] }), balance: "1155", freezingThreshold: 1 }];
    const dear = { fees: { ...fees, gibSecond: String(2 ** 30) } }; // a page of 8 bytes costs 8 cycles a second
    const [, taken] = await observe(world, [ingress("a", "alice", "m"), round()], dear);
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0532", instructions: 1, balance: "1004", wrote: [] });
    expect(only(taken, "answered")).toMatchObject({ result: rejected("IC0532", 5) });
  });

  test("burns down to the freezing threshold at most", async () => {
    const world = [{ ...canister("alice", { m: [write(0, "00"), burn("99999")] }), freezingThreshold: 10, computeAllocation: 1 }];
    const dear = { fees: { ...fees, gibSecond: String(2 ** 30), percentSecond: "3" } }; // 11 cycles a second, for ten seconds
    const [, taken] = await observe(world, [ingress("a", "alice", "m"), round()], dear);
    expect(only(taken, "executed")).toMatchObject({ trap: null, burned: String(10_000 - 50 - 1100 - 110), balance: String(110 + 998) });
  });
});

describe("a call", () => {
  const asking = (callee: string, more: object = {}) => [
    call(callee, "take", { attached: "500", onReply: [reply({ kind: "refunded" })], ...more }),
  ];
  const taking = [{ op: "accept", cycles: "200" }, reply("02")];

  test("takes cycles there and brings back what was not accepted", async () => {
    const world = [canister("bob", { take: taking }), canister("alice", { ask: asking("bob") })];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()]);
    const toAlice = { kind: "canister", canister: "alice", callback: 0 };
    const answer = { kind: "reply", payload: (300).toString(16).padStart(32, "0") };
    expect(taken!.events.slice(2)).toEqual([
      { kind: "turn-began", iteration: 1, core: 0, canister: "alice" },
      {
        ...quiet,
        canister: "alice",
        cause: { kind: "update", origin: { kind: "ingress", ingress: "a" }, method: "ask", attached: "0" },
        context: 0,
        instructions: 1,
        charged: "101",
        calls: [{ callback: 0, callee: "bob", method: "take", bytes: 0, attached: "500", deadline: null, fee: "20", reserve: "1164" }],
        balance: "8165",
      },
      { kind: "turn-ended", iteration: 1, core: 0, canister: "alice", instructions: 11, drained: true },
      { kind: "request-inducted", caller: "alice", callback: 0, callee: "bob" },
      { kind: "turn-began", iteration: 2, core: 0, canister: "bob" },
      {
        ...quiet,
        canister: "bob",
        cause: { kind: "update", origin: toAlice, method: "take", attached: "500" },
        context: 0,
        instructions: 2,
        charged: "102",
        accepted: "200",
        balance: "10098",
      },
      { kind: "answered", canister: "bob", context: 0, origin: toAlice, result: { kind: "reply", payload: "02" }, refund: "300" },
      { kind: "context-removed", canister: "bob", context: 0, remaining: 0 },
      { kind: "turn-ended", iteration: 2, core: 0, canister: "bob", instructions: 12, drained: true },
      { kind: "response-inducted", caller: "alice", callback: 0, result: "reply" },
      { kind: "turn-began", iteration: 3, core: 0, canister: "alice" },
      {
        ...quiet,
        canister: "alice",
        cause: { kind: "response", callback: 0, result: "reply" },
        context: 0,
        instructions: 1,
        charged: "101",
        refunded: "300",
        transmissionReserve: "64",
        transmissionFee: "1",
        balance: "9527",
      },
      { kind: "answered", canister: "alice", context: 0, origin: { kind: "ingress", ingress: "a" }, result: answer, refund: "0" },
      { kind: "ingress-answered", ingress: "a", result: answer },
      { kind: "context-removed", canister: "alice", context: 0, remaining: 0 },
      { kind: "turn-ended", iteration: 3, core: 0, canister: "alice", instructions: 11, drained: true },
      { kind: "round-ended", height: 1, iterations: 3, instructions: 34 },
    ]);
    expect(taken!.ledger).toEqual(ledger({ balances: "19625", burned: "375", minted: "20000" }));
  });

  test("to nobody comes back at the end of the round, with a reject and all cycles", async () => {
    const [, sent, taken] = await observe([canister("alice", { ask: asking("nobody") })], [ingress("a", "alice", "ask"), round(), round()]);
    expect(sent!.events.at(-2)).toEqual({ kind: "request-bounced", caller: "alice", callback: 0, error: "IC0301" });
    expect(only(taken, "executed")).toMatchObject({
      cause: { kind: "response", callback: 0, result: "reject" },
      refunded: "500",
      transmissionReserve: "64",
      transmissionFee: "0",
    });
    expect(only(taken, "answered")).toMatchObject({ result: rejected("IC0506", 5) });
  });

  test("that the caller cannot pay is not sent: another script runs in place", async () => {
    const world = [{ ...canister("alice", { ask: asking("nobody", { onRefused: [reply("ee")] }) }), balance: "2833" }];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()]); // liquid: 1683, one less than needed
    expect(only(taken, "executed")).toMatchObject({
      trap: null,
      instructions: 2,
      calls: [],
      refusedCalls: [{ callee: "nobody", error: "IC0207" }],
    });
    expect(only(taken, "answered")).toMatchObject({ result: { kind: "reply", payload: "ee" } });
  });

  test("with more cycles than the caller may spend traps", async () => {
    const world = [{ ...canister("alice", { ask: asking("nobody") }), balance: "1649" }];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()]);
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0520", calls: [] });
  });

  test("whose callback traps runs the cleanup on the memory from before the callback", async () => {
    const onReply = [write(0, "ff"), write(1, "ff"), burn("9"), { op: "trap" }];
    const onCleanup = [
      { op: "when-odd", value: { kind: "page", page: 0 }, then: [write(2, "01")], otherwise: [write(2, "00")] },
      burn("3"),
    ];
    const world = [
      canister("alice", { ask: [write(0, "10"), ...asking("bob", { onReply, onCleanup })] }),
      canister("bob", { take: taking }),
    ];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()]);
    expect(taken!.events.filter(({ kind }) => kind === "executed").at(-1)).toMatchObject({
      trap: "IC0503",
      cleanup: "completed",
      instructions: 7,
      burned: "3",
      wrote: [[2, "00"]],
      refunded: "300",
    });
    expect(only(taken, "ingress-answered")).toMatchObject({ result: rejected("IC0503", 5) });
  });

  test("that was answered leaves nothing to accept", async () => {
    const late = [reply("02"), { op: "accept", cycles: "200" }, write(0, { kind: "available" })];
    const world = [canister("alice", { ask: asking("bob") }), canister("bob", { take: late })];
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()], { pageSize: 16 });
    expect(taken!.events.filter(({ kind }) => kind === "executed")[1]).toMatchObject({ accepted: "0", wrote: [[0, "00".repeat(16)]] });
  });
});
