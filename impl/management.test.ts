/** The management canister: what is asked, when it is done, by whose leave, and who hears of it. */
import { describe, expect, test } from "vitest";
import { asciiOf, bytes, canisterId, cycles, instructions, type ErrorCode, type Input, type ManagementMethod } from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { ask, manage, managed, manager, order, told } from "./small-management.ts";
import { call, consume, ingress, only, reply, round, smallWorld, write, type SmallCanister } from "./small-world.ts";

const ruled: SmallCanister = { controllers: ["boss", "self"] };
const running = asciiOf("running");

describe("a request to the management canister", () => {
  const session = (payload: string, method = "stop_canister"): EngineSession => {
    const booted = boot(smallWorld({ a: { go: [call("aaaaa-aa", { method, payload, attached: 7n }), reply()] } }));
    booted.apply(ingress("i", "a"));
    return booted;
  };

  test("waits for the next round, with its cycles", () => {
    const booted = session(asciiOf("b"));
    const { events, ledger } = booted.apply(round());
    expect(events).toContainEqual({ kind: "management-asked", caller: "a", callback: 0, method: "stop_canister", canister: "b" });
    expect(ledger.messages).toBe(7n);
    expect(booted.view()).toMatchObject({ waitingForManagement: 1, canisters: [{ outputs: 0 }] });
    booted.apply({ kind: "restart" });
    expect(booted.view().waitingForManagement).toBe(1);
    const next = booted.apply(round());
    expect(told(next.events)).toEqual([["a", "IC0301", 7n]]);
    expect(next.ledger.messages).toBe(0n);
    expect(booted.view()).toMatchObject({ waitingForManagement: 0 });
  });

  test("comes back when it names no method or no canister", () => {
    const bounced = (payload: string, method?: string): ErrorCode[] =>
      only(session(payload, method).apply(round()).events, "request-bounced").map(({ error }) => error);
    expect(bounced(asciiOf("b"), "install")).toEqual(["IC0536"]);
    expect(bounced(asciiOf("b"), "install_code")).toEqual(["IC0408"]);
    expect(bounced("", "go")).toEqual(["IC0536"]);
    for (const payload of ["", asciiOf("B"), asciiOf("a b"), "ff", asciiOf("a".repeat(33))]) expect(bounced(payload)).toEqual(["IC0408"]);
    expect(bounced(asciiOf("a".repeat(32)))).toEqual([]);
    expect(bounced(asciiOf("aaaaa-aa"))).toEqual([]);
    expect(bounced("", "raw_rand")).toEqual([]);
  });
});

describe("who may ask", () => {
  const others: Record<string, SmallCanister> = { boss: manager(), self: { ...manager(), controllers: [] }, other: manager(), b: ruled };
  const answered = (method: ManagementMethod, canister: string, by: string): string | undefined =>
    told(order(boot(smallWorld(others)), method, canister, by))[0]?.[1];

  test.each([
    ["start_canister", "", "IC0512", "IC0512"],
    ["stop_canister", "", "IC0512", "IC0512"],
    ["canister_status", running, "IC0512", running],
    ["uninstall_code", "", "IC0512", "IC0512"],
    ["delete_canister", "IC0510", "IC0512", "IC0512"],
    ["deposit_cycles", "", "", ""],
  ] as const)("for %s: a controller is told %j, a stranger %j, the canister itself %j", (method, controller, stranger, self) => {
    expect(answered(method, "b", "boss")).toBe(controller);
    expect(answered(method, "b", "other")).toBe(stranger);
    expect(answered(method, "self", "self")).toBe(self);
    expect(answered(method, "boss", "other")).toBe(stranger);
    expect(answered(method, "nobody", "boss")).toBe("IC0301");
    expect(answered(method, "aaaaa-aa", "boss")).toBe("IC0301");
  });
});

describe("what is asked is done", () => {
  test("with cycles: all of them go to the balance, also of a canister without code", () => {
    const booted = boot(smallWorld({ boss: manager({ attached: 500n }), b: { balance: 3n } }));
    booted.apply({ kind: "uninstall", canister: canisterId("b") });
    ask(booted, "deposit_cycles", "b");
    const { events, ledger } = booted.apply(round());
    expect(managed(events)).toEqual([
      { kind: "cycles-deposited", canister: "b", cycles: 500n, balance: 503n },
      { kind: "management-answered", caller: "boss", callback: 0, result: { kind: "reply", payload: "" }, refund: 0n },
    ]);
    const { minted, burned, balances, messages, callbacks, contexts } = ledger;
    expect([messages, balances + callbacks + contexts]).toEqual([0n, minted - burned]);
    expect(booted.view().canisters[0]!.balance).toBe(503n);
  });

  test("with code: it is gone, and so are the calls that it served", () => {
    const booted = boot(smallWorld({ boss: manager({ attached: 5n }), b: { ...ruled, go: [write(0, "01"), call("c")] }, c: {} }));
    ask(booted, "uninstall_code", "b");
    booted.apply(ingress("i", "b"));
    booted.apply(ingress("j", "c"));
    const { events } = booted.apply(round());
    const kinds = events.slice(1).map(({ kind }) => kind);
    expect(kinds.slice(0, 4)).toEqual(["ingress-inducted", "ingress-inducted", "uninstalled", "management-answered"]);
    expect(told(events)).toEqual([["boss", "", 5n]]);
    expect(only(events, "not-executed")).toMatchObject([{ canister: "b", error: "IC0537" }]);
  });

  test("with itself: whoever takes away its own code is told so and cannot listen", () => {
    const booted = boot(smallWorld({ boss: { ...manager({ attached: 5n }), controllers: ["boss"] } }));
    const { events } = (ask(booted, "uninstall_code", "boss"), booted.apply(round()));
    expect(events.slice(1, 6).map(({ kind }) => kind)).toEqual([
      "uninstalled",
      "answered",
      "ingress-answered",
      "context-deleted",
      "management-answered",
    ]);
    expect(only(events, "response-discarded")).toMatchObject([{ canister: "boss", refunded: 5n }]);
  });

  test("with a canister: it is gone when it was stopped and has nothing in its queues", () => {
    const booted = boot(smallWorld({ boss: manager(), b: ruled }));
    order(booted, "stop_canister", "b");
    const { events } = (ask(booted, "delete_canister", "b"), booted.apply(round()));
    expect(events.slice(1, 3)).toEqual([
      { kind: "canister-deleted", canister: "b", burned: 100_000n },
      { kind: "management-answered", caller: "boss", callback: 1, result: { kind: "reply", payload: "" }, refund: 0n },
    ]);
    expect(told(order(booted, "start_canister", "b"))).toEqual([["boss", "IC0301", 0n]]);
  });

  test("but not with one that a message came to", () => {
    // A first iteration uses up the round, so the call of `a` is on its way when the deletion waits.
    const world = { a: { go: [call("b"), consume(900)] }, boss: manager(), b: ruled };
    const booted = boot(smallWorld(world, { roundInstructionLimit: instructions(1_500), cores: 1 }));
    order(booted, "stop_canister", "b");
    booted.apply(ingress("i", "boss", "delete_canister", asciiOf("b")));
    booted.apply(ingress("j", "a"));
    booted.apply(round());
    const { events } = booted.apply(round());
    expect(events.filter(({ kind }) => /request-ind|canister-d|management/.test(kind))).toMatchObject([
      { kind: "request-inducted", callee: "b" },
      { kind: "canister-delete-refused", canister: "b", error: "IC0203" },
      { kind: "management-answered", caller: "boss", result: { error: "IC0203" } },
    ]);
  });
});

describe("what cannot be done yet goes on waiting", () => {
  // Two slices of 100 fit into a round, so that `b` takes five.
  const limits = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300), queueCapacity: 5 };
  const world = smallWorld(
    {
      a: { methods: { both: [manage("canister_status", "b"), manage("canister_status", "c"), manage("deposit_cycles", "c"), reply()] } },
      boss: manager({ attached: 9n }),
      b: { controllers: ["a", "boss"], go: [consume(900), reply()] },
      c: { controllers: ["a", "boss"] },
    },
    limits,
  );
  const started = (): EngineSession => {
    const booted = boot(world);
    booted.apply(ingress("i", "b"));
    booted.apply(ingress("j", "a", "both"));
    booted.apply(round());
    return booted;
  };

  test("with all later requests of the same canister, for as long as the execution lasts", () => {
    const booted = started();
    booted.apply(ingress("k", "boss", "canister_status", asciiOf("c")));
    expect(told(booted.apply(round()).events)).toEqual([]);
    expect(told(booted.apply(round()).events)).toEqual([["boss", running, 9n]]);
    expect(booted.view().waitingForManagement).toBe(3);
    let events = booted.apply(round()).events;
    for (let waited = 0; told(events).length === 0; waited++) {
      expect(waited).toBeLessThan(5);
      booted.apply({ kind: "restart" });
      events = booted.apply(round()).events;
    }
    expect(told(events)).toEqual([
      ["a", running, 0n],
      ["a", running, 0n],
      ["a", "", 0n],
    ]);
    expect(booted.view().canisters[1]!.execution).toBe(null);
  });

  test("but a deposit, which comes to the execution as cycles from anybody do", () => {
    const booted = started();
    ask(booted, "deposit_cycles", "b");
    expect(booted.view().canisters[1]!.execution).not.toBe(null);
    const { balance } = booted.view().canisters[1]!;
    expect(managed(booted.apply(round()).events)[0]).toEqual({
      kind: "cycles-deposited",
      canister: "b",
      cycles: 9n,
      balance: balance + 9n,
    });
  });

  test("in a round that executes nothing", () => {
    const booted = boot(
      smallWorld(
        { boss: manager(), b: { ...ruled, methods: { grow: [write(0, "01"), reply()] } } },
        { heapDeltaCapacity: bytes(1_000), heapDeltaReserve: bytes(0) },
      ),
    );
    booted.apply(ingress("i", "b", "grow"));
    ask(booted, "canister_status", "b");
    const skipped = booted.apply(round());
    expect(only(skipped.events, "round-skipped")).toHaveLength(1);
    expect(booted.view().waitingForManagement).toBe(1);
    booted.apply({ ...(round() as Extract<Input, { kind: "round" }>), checkpoint: true });
    expect(told(booted.apply(round()).events)).toEqual([["boss", running, 0n]]);
  });
});

describe("an answer that nobody waits for", () => {
  const patience = { timeout: 1n, attached: 70n, onReject: [reply()] };

  test("is late, and its cycles are the caller's", () => {
    const booted = boot(smallWorld({ a: { go: [manage("canister_status", "a", patience)] } }));
    booted.apply(ingress("i", "a"));
    booted.apply(round(0n));
    const { balance } = booted.view().canisters[0]!;
    const { events } = booted.apply(round(2n));
    const at = events.findIndex(({ kind }) => kind === "management-answered");
    expect(events.slice(at, at + 2)).toMatchObject([
      { kind: "management-answered", caller: "a", refund: 70n },
      { kind: "response-late", caller: "a", refund: 70n, balance: balance + 70n },
    ]);
  });

  test("is dropped when the caller is gone, and its cycles are lost", () => {
    // `b` keeps the first request of `a` waiting until `a`, which waits for it no more, was deleted.
    const world = smallWorld(
      { a: { go: [manage("canister_status", "b", patience), manage("deposit_cycles", "c", patience)] }, b: { go: [consume(900)] }, c: {} },
      { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) },
    );
    const booted = boot(world);
    booted.apply(ingress("i", "a"));
    booted.apply(ingress("j", "b"));
    booted.apply(round(0n));
    for (const elapsed of [2n, 0n]) booted.apply(round(elapsed));
    booted.apply({ kind: "delete-canister", canister: canisterId("a") });
    expect(booted.view()).toMatchObject({ waitingForManagement: 2, canisters: [{ id: "b" }, { id: "c", balance: cycles(100_000n) }] });
    let events = booted.apply(round(0n)).events;
    for (let waited = 0; told(events).length === 0; waited++) {
      expect(waited).toBeLessThan(5);
      events = booted.apply(round(0n)).events;
    }
    const at = events.findIndex(({ kind }) => kind === "management-answered");
    expect(events.slice(at, at + 6)).toMatchObject([
      { kind: "management-answered", caller: "a", result: { error: "IC0512" }, refund: 70n },
      { kind: "message-dropped", reason: "orphaned", canister: "aaaaa-aa", caller: "a" },
      { kind: "cycles-dropped", owner: "a", cycles: 70n, fate: "lost" },
      { kind: "cycles-deposited", canister: "c", cycles: 70n, balance: 100_070n },
      { kind: "management-answered", caller: "a", refund: 0n },
      { kind: "message-dropped", reason: "orphaned", canister: "aaaaa-aa", caller: "a" },
    ]);
  });
});
