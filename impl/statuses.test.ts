/** Canisters that stop, rest and start: what they still do, what they refuse, and what whoever asked is told. */
import { describe, expect, test } from "vitest";
import { asciiOf, canisterId, instructions, managementCanister, type Input } from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { ask, manage, managed, manager, order, told } from "./small-management.ts";
import { refused, said } from "./small-queries.ts";
import {
  call,
  consume,
  ingress,
  message,
  networked,
  only,
  reply,
  round,
  setTimer,
  smallWorld,
  uninstall,
  write,
  type SmallCanister,
} from "./small-world.ts";

const rules = { controllers: ["boss", "rival"] };
/** Asks for randomness, which it is given in the next round, and then does this. */
const later = (...then: SmallCanister["go"] & object) => call(managementCanister, { method: "raw_rand", onReply: then });
const statusOf = (session: EngineSession, canister = "b") => session.view().canisters.find(({ id }) => id === canister)!.status;
const stopsOf = (session: EngineSession, canister = "b") => session.view().canisters.find(({ id }) => id === canister)!.stops;
const run = (canister: string, method = "go"): Input[] => [ingress(`i${runs++}`, canister, method), round(0n)];
let runs = 0;

describe("a canister with nothing in hand", () => {
  test("is stopped in the round in which it is to stop, and whoever asked is told with all cycles", () => {
    const session = boot(smallWorld({ b: rules, boss: manager({ attached: 9n }) }));
    expect(managed(order(session, "stop_canister", "b"))).toEqual([
      { kind: "canister-stopping", canister: "b" },
      { kind: "canister-stopped", canister: "b" },
      { kind: "management-answered", caller: "boss", callback: 0, result: { kind: "reply", payload: "" }, refund: 9n },
    ]);
    expect([statusOf(session), stopsOf(session)]).toEqual(["stopped", 0]);
    expect(told(order(session, "canister_status", "b"))).toEqual([["boss", asciiOf("stopped"), 9n]]);
  });

  test("and that is stopped is not stopped again: who asks is told at once", () => {
    const session = boot(smallWorld({ b: rules, boss: manager() }));
    order(session, "stop_canister", "b");
    expect(managed(order(session, "stop_canister", "b")).map(({ kind }) => kind)).toEqual(["management-answered"]);
  });

  test("stops beside others by id, in whatever order they were asked", () => {
    const go = [manage("stop_canister", "c"), manage("stop_canister", "b"), reply()];
    const session = boot(smallWorld({ b: rules, boss: { go }, c: rules }));
    for (const input of run("boss")) session.apply(input);
    const events = managed(session.apply(round(0n)).events);
    expect(events).toMatchObject([
      { kind: "canister-stopping", canister: "c" },
      { kind: "canister-stopping", canister: "b" },
      { kind: "canister-stopped", canister: "b" },
      { kind: "management-answered", callback: 1 },
      { kind: "canister-stopped", canister: "c" },
      { kind: "management-answered", callback: 0 },
    ]);
  });

  test("runs after it was started, and whoever starts it again changes nothing", () => {
    const session = boot(smallWorld({ b: rules, boss: manager() }));
    order(session, "stop_canister", "b");
    for (let times = 0; times < 2; times++) {
      expect(managed(order(session, "start_canister", "b"))).toMatchObject([
        { kind: "canister-started", canister: "b" },
        { kind: "management-answered", caller: "boss", result: { kind: "reply" } },
      ]);
      expect(statusOf(session)).toBe("running");
    }
    session.apply(ingress("i", "b"));
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ canister: "b", trap: null }]);
  });
});

describe("a canister that waits for others", () => {
  const world = smallWorld({
    b: { ...rules, go: [later(later(write(0, "01"), call("c", { onReply: [reply()] })))], methods: { far: [call("far")] } },
    boss: manager({ attached: 9n }),
    c: {},
    rival: manager({ attached: 4n }),
  });
  /** `b` waits for randomness when it is stopping. */
  const stopping = (method = "go") => {
    const session = boot(networked(world, "s0", { far: "s1" }));
    session.apply(ingress("i", "b", method));
    ask(session, "stop_canister", "b");
    return session;
  };

  test("is stopping until its last callback has run, and may call others meanwhile", () => {
    const session = stopping();
    session.apply(ingress("r", "rival", "canister_status", asciiOf("b")));
    expect(managed(session.apply(round()).events)).toMatchObject([{ kind: "canister-stopping" }, { kind: "management-asked" }]);
    expect([statusOf(session), stopsOf(session)]).toEqual(["stopping", 1]);
    expect(told(session.apply(round()).events)).toEqual([
      ["rival", asciiOf("stopping"), 4n],
      ["boss", "", 9n],
    ]);
    expect(session.view().canisters[0]).toMatchObject({ status: "stopped", pages: [[0, "01"]], contexts: [], callbacks: [] });
  });

  test("answers everybody who asked, in order, when it has come to rest", () => {
    const session = boot(networked(world, "s0", { far: "s1" }));
    session.apply(ingress("i", "b"));
    session.apply(ingress("r", "rival", "stop_canister", asciiOf("b")));
    ask(session, "stop_canister", "b");
    expect(session.apply(round()).ledger.messages).toBe(13n);
    expect(stopsOf(session)).toBe(2);
    session.apply({ kind: "restart" });
    expect([statusOf(session), stopsOf(session)]).toEqual(["stopping", 2]);
    const { events } = session.apply(round());
    expect(managed(events).map(({ kind }) => kind)).toEqual(["canister-stopped", "management-answered", "management-answered"]);
    expect(told(events)).toEqual([
      ["boss", "", 9n],
      ["rival", "", 4n],
    ]);
  });

  test("goes on stopping when those who asked have waited too long, each for itself", () => {
    const session = stopping("far");
    session.apply(round(0n)); // since 1000
    session.apply(ingress("r", "rival", "stop_canister", asciiOf("b")));
    session.apply(round(1n));
    expect(managed(session.apply(round(0n)).events)).toEqual([]); // since 1001; it is stopping already
    expect(told(session.apply(round(9n)).events)).toEqual([]);
    session.apply({ kind: "restart" });
    expect(told(session.apply(round(1n)).events)).toEqual([["boss", "IC0206", 9n]]);
    expect([statusOf(session), stopsOf(session)]).toEqual(["stopping", 1]);
    expect(told(session.apply(round(1n)).events)).toEqual([["rival", "IC0206", 4n]]);
    expect([statusOf(session), stopsOf(session)]).toEqual(["stopping", 0]);
  });

  test("is started instead: those who asked are told so, and then the one who started it", () => {
    const session = stopping("far");
    session.apply(round(0n));
    const events = order(session, "start_canister", "b", "rival");
    expect(managed(events).map(({ kind }) => kind)).toEqual(["canister-started", "management-answered", "management-answered"]);
    expect(told(events)).toEqual([
      ["boss", "IC0511", 9n],
      ["rival", "", 4n],
    ]);
    expect([statusOf(session), stopsOf(session)]).toEqual(["running", 0]);
    expect(told(session.apply(round(50n)).events)).toEqual([]);
  });

  test("waits for itself in vain when it asked itself", () => {
    const go = [manage("stop_canister", "self", { onReject: [reply(message)] })];
    const session = boot(smallWorld({ self: { controllers: ["self"], go } }));
    session.apply(ingress("i", "self"));
    for (const elapsed of [0n, 0n, 10n]) expect(told(session.apply(round(elapsed)).events)).toEqual([]);
    expect(told(session.apply(round(1n)).events)).toEqual([["self", "IC0206", 0n]]);
    const { events } = session.apply(round());
    expect(only(events, "ingress-answered")).toMatchObject([{ ingress: "i", result: { payload: "02" } }]);
    expect(managed(events)).toEqual([{ kind: "canister-stopped", canister: "self" }]);
  });

  test("comes to rest without its code, too, once its calls came back", () => {
    const session = stopping();
    session.apply(round());
    session.apply(uninstall("b"));
    expect(managed(session.apply(round()).events)).toMatchObject([{ kind: "canister-stopped" }, { kind: "management-answered" }]);
  });
});

describe("a canister with an execution under way", () => {
  const limits = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) };

  test("is not asked to stop before that is over", () => {
    const session = boot(smallWorld({ b: { ...rules, go: [consume(500), reply()] }, boss: manager() }, limits));
    session.apply(ingress("i", "b"));
    ask(session, "stop_canister", "b");
    for (let waited = 0; statusOf(session) === "running"; waited++) {
      expect(session.view().canisters[0]!.execution !== null).toBe(waited < 2);
      expect(waited).toBeLessThan(4);
      session.apply(round(0n));
    }
    expect(statusOf(session)).toBe("stopped");
  });

  test("that began while it was stopping comes to rest when that is over", () => {
    const session = boot(smallWorld({ b: { ...rules, go: [later(consume(500), reply())] }, boss: manager() }, limits));
    session.apply(ingress("i", "b"));
    ask(session, "stop_canister", "b");
    session.apply(round(0n));
    expect(session.view().canisters[0]).toMatchObject({ status: "stopping", execution: { status: "paused" } });
    for (let waited = 0; statusOf(session) === "stopping"; waited++) {
      expect(waited).toBeLessThan(4);
      session.apply({ kind: "restart" });
      session.apply(round(0n));
    }
    expect(session.view().canisters[0]).toMatchObject({ status: "stopped", execution: null, contexts: [] });
  });
});

describe("a canister that does not run", () => {
  const heard = [reply(message)];
  const world = smallWorld({
    a: { go: [call("b", { attached: 20n, onReject: heard })], composites: { tree: [call("b", { method: "ask", onReject: heard })] } },
    b: { ...rules, methods: { far: [call("far")] }, queries: { ask: [reply("07")] }, balance: 10n ** 6n },
    boss: manager(),
  });
  const session = (isStopping: boolean): EngineSession => {
    const booted = boot(networked(world, "s0", { far: "s1" }));
    if (isStopping) for (const input of run("b", "far")) booted.apply(input);
    order(booted, "stop_canister", "b");
    expect(statusOf(booted)).toBe(isStopping ? "stopping" : "stopped");
    return booted;
  };

  test.each([
    ["stopped", false, "IC0508"],
    ["stopping", true, "IC0509"],
  ] as const)("because it is %s refuses calls, messages and queries", (_, isStopping, error) => {
    const booted = session(isStopping);
    expect(booted.apply(ingress("m", "b")).events).toEqual([{ kind: "ingress-refused", ingress: "m", error }]);
    expect(refused(booted, "b")).toBe(error);
    expect(said(booted, "a", "tree")).toBe("05");
    const { balance } = booted.view().canisters[1]!;
    booted.apply(ingress("n", "a"));
    const { events } = booted.apply(round());
    expect(only(events, "not-executed")).toMatchObject([{ canister: "b", error, charged: 0n, balance }]);
    expect(only(events, "answered")).toContainEqual(
      expect.objectContaining({ canister: "b", context: null, refund: 20n, result: { kind: "reject", code: 5, error } }),
    );
    expect(booted.view().canisters[1]!.balance).toBe(balance);
  });

  test("refuses what was let in before, and what it cannot pay for either", () => {
    const booted = boot(smallWorld({ b: { ...rules, balance: 60n }, boss: manager() }));
    ask(booted, "stop_canister", "b");
    booted.apply(ingress("i", "b"));
    expect(only(booted.apply(round()).events, "not-executed")).toMatchObject([
      { canister: "b", error: "IC0509", charged: 0n, balance: 10n },
    ]);
    expect(statusOf(booted)).toBe("stopped");
    expect(booted.apply(ingress("j", "b")).events).toMatchObject([{ error: "IC0508" }]);
    booted.apply(uninstall("b"));
    expect(booted.apply(ingress("j", "b")).events).toMatchObject([{ error: "IC0537" }]);
  });

  test("has no heartbeat and no timer until it is started", () => {
    const go = [setTimer(2n), reply()];
    const booted = boot(smallWorld({ b: { ...rules, go, onTimer: [write(0, "01")], onHeartbeat: [write(1, "02")] }, boss: manager() }));
    for (const input of run("b")) booted.apply(input);
    ask(booted, "stop_canister", "b");
    for (const elapsed of [0n, 3n, 9n]) {
      const { events } = booted.apply(round(elapsed));
      expect([only(events, "tasks-chosen"), only(events, "executed").filter(({ canister }) => canister === "b")]).toEqual([[], []]);
      booted.apply({ kind: "restart" });
    }
    ask(booted, "start_canister", "b");
    const { events } = booted.apply(round());
    expect(only(events, "tasks-chosen")).toMatchObject([{ canister: "b" }]);
    expect(only(events, "executed").flatMap(({ canister, cause }) => (canister === "b" ? [cause.kind] : []))).toEqual([
      "timer",
      "heartbeat",
    ]);
    expect(only(booted.apply(round()).events, "tasks-chosen")).toMatchObject([{ canister: "b", turn: "heartbeat" }]);
  });

  test("does not run its hook, which may become ready, until it is started", () => {
    const lowMemory = { limit: 1, threshold: 1, hook: [write(1, "02")] };
    const booted = boot(smallWorld({ b: { ...rules, go: [later(write(0, "01"), reply())], lowMemory }, boss: manager() }));
    booted.apply(ingress("i", "b"));
    ask(booted, "stop_canister", "b");
    expect(only(booted.apply(round()).events, "hook-ready")).toHaveLength(1);
    expect(booted.view().canisters[0]).toMatchObject({ status: "stopped", tasks: ["low-memory"] });
    booted.apply({ kind: "restart" });
    expect(only(booted.apply(round()).events, "turn-began").filter(({ canister }) => canister === "b")).toEqual([]);
    ask(booted, "start_canister", "b");
    expect(only(booted.apply(round()).events, "executed")).toMatchObject([{ cause: { kind: "low-memory" }, wrote: [[1, "02"]] }, {}]);
  });

  test("is deleted by its controllers, and by the world as any other", () => {
    const booted = session(false);
    expect(booted.apply({ kind: "delete-canister", canister: canisterId("b") }).events).toMatchObject([{ kind: "canister-deleted" }]);
    expect(told(order(booted, "start_canister", "b"))).toMatchObject([["boss", "IC0301", 0n]]);
  });
});
