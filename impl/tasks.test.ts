/** Tasks: whose turn it is, in which order they run, and what becomes of those that got no core. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, instructions } from "../spec/index.ts";
import { boot } from "./engine.ts";
import {
  accept,
  call,
  consume,
  ingress,
  only,
  reject,
  reply,
  round,
  setTimer,
  smallWorld,
  trap,
  uninstall,
  write,
  type SmallCanister,
} from "./small-world.ts";

const causesOf = (events: Parameters<typeof only>[0]) => only(events, "executed").map(({ cause }) => cause.kind);
const turnsOf = (events: Parameters<typeof only>[0]) => only(events, "tasks-chosen").map(({ turn }) => turn);

describe("a timer", () => {
  const armed = { go: [setTimer(10n), reply()], onTimer: [write(0, { kind: "time" }), setTimer(3n)] };

  test("is due when the time has reached it, and fires once", () => {
    const session = boot(smallWorld({ a: armed }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    expect(turnsOf(session.apply(round(9n)).events)).toEqual([]);
    const { events } = session.apply(round(1n));
    expect(only(events, "tasks-chosen")).toEqual([{ kind: "tasks-chosen", canister: "a", turn: "timer" }]);
    expect(only(events, "executed")).toMatchObject([{ cause: { kind: "timer" }, context: 1, timer: 1013n }]);
    expect(only(events, "answered")).toEqual([]);
    expect(only(events, "context-removed")).toEqual([{ kind: "context-removed", canister: "a", context: 1, remaining: 0 }]);
    expect(turnsOf(session.apply(round(2n)).events)).toEqual([]);
    expect(turnsOf(session.apply(round(1n)).events)).toHaveLength(1);
  });

  test("replaced by a later one does not fire at the time of the first", () => {
    const session = boot(smallWorld({ a: { go: [setTimer(10n)], methods: { later: [setTimer(20n)], never: [setTimer(null)] } } }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    session.apply(ingress("j", "a", "later"));
    session.apply(round(0n));
    expect(turnsOf(session.apply(round(19n)).events)).toEqual([]);
    session.apply(ingress("k", "a", "never"));
    session.apply(round(0n));
    expect(turnsOf(session.apply(round(99n)).events)).toEqual([]);
  });

  test("whose task cannot be paid for stays set and is due again in the next round", () => {
    const session = boot(smallWorld({ a: { balance: 1252n, go: [setTimer(10n), reply()], onTimer: [] } }));
    session.apply(ingress("i", "a"));
    expect(session.apply(round(0n)).ledger.balances).toBe(1100n);
    session.apply(ingress("j", "a", "gone")); // leaves 50 less, so that the task lacks them
    session.apply({ kind: "restart" });
    const { events } = session.apply(round(10n));
    expect(only(events, "not-executed")[0]).toMatchObject({ cause: { kind: "timer" }, error: "IC0207", charged: 0n });
    expect(turnsOf(session.apply(round(10n)).events)).toEqual(["timer"]);
    expect(session.view().canisters[0]!.timer).toBe(1010n);
    session.apply({ kind: "top-up", canister: canisterId("a"), cycles: cycles(9000n) });
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ cause: { kind: "timer" }, timer: null }]);
  });

  test("that traps stays deactivated", () => {
    const session = boot(smallWorld({ a: { ...armed, onTimer: [setTimer(1n), trap] } }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    expect(only(session.apply(round(10n)).events, "executed")).toMatchObject([{ trap: "IC0503", timer: null }]);
    expect(turnsOf(session.apply(round(99n)).events)).toEqual([]);
  });

  test.each([
    ["reply", reply()],
    ["reject", reject],
    ["accept", accept(1n)],
  ])("has a task that may not %s", (_, forbidden) => {
    const session = boot(smallWorld({ a: { ...armed, onTimer: [forbidden] } }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    expect(only(session.apply(round(10n)).events, "executed")).toMatchObject([{ trap: "IC0504" }]);
  });

  test("may call, and nobody is answered when all is done", () => {
    const onTimer = [call("b", { onReply: [reply()] })];
    const session = boot(smallWorld({ a: { ...armed, onTimer }, b: {} }));
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    const { events } = session.apply(round(10n));
    expect(only(events, "executed").filter(({ canister }) => canister === "a")).toMatchObject([{ trap: null }, { trap: "IC0504" }]);
    expect(only(events, "context-removed").at(-1)).toMatchObject({ canister: "a", context: 1 });
  });
});

describe("a heartbeat", () => {
  const beating: SmallCanister = { onHeartbeat: [consume(1)] };

  test("runs in every round, before the messages, and every third turn is that of the messages", () => {
    const session = boot(smallWorld({ a: beating }));
    const seen = ["i", "j", "k", "l"].map((id) => {
      session.apply(ingress(id, "a"));
      const { events } = session.apply(round());
      return [...turnsOf(events), ...causesOf(events)];
    });
    expect(seen).toEqual([
      ["heartbeat", "heartbeat", "update"],
      ["message", "update"],
      ["heartbeat", "heartbeat", "update"],
      ["message", "update"],
    ]);
  });

  test("without messages takes the turn of the messages too", () => {
    const session = boot(smallWorld({ a: beating }));
    for (let number = 0; number < 3; number++) expect(turnsOf(session.apply(round()).events)).toEqual(["heartbeat"]);
  });

  test("and a due timer bring each other along, and take turns in being the first", () => {
    const session = boot(smallWorld({ a: { ...beating, go: [setTimer(0n)], onTimer: [setTimer(0n)] } }));
    session.apply(ingress("i", "a"));
    expect(causesOf(session.apply(round()).events)).toEqual(["heartbeat", "update"]);
    const seen = [1, 2, 3].map(() => {
      const { events } = session.apply(round());
      return [...turnsOf(events), ...causesOf(events)];
    });
    expect(seen).toEqual([
      ["timer", "timer", "heartbeat"],
      ["heartbeat", "heartbeat", "timer"],
      ["timer", "timer", "heartbeat"],
    ]);
  });

  test("or a timer task that gets no core is dropped at the end of the round, and gets its turn again", () => {
    const slow: SmallCanister = { onHeartbeat: [consume(990)] };
    const world = { c: { go: [setTimer(0n)], onTimer: [consume(990), setTimer(0n)] }, b: slow, a: slow };
    const session = boot(smallWorld(world, { cores: 1, roundInstructionLimit: instructions(1010) }));
    session.apply(ingress("i", "c"));
    const rounds = Array.from({ length: 6 }, () => session.apply(round()).events);
    // One canister runs in each round: a, b, c, which only now sets its timer, and again.
    expect(
      rounds.map((events) =>
        only(events, "executed")
          .map(({ canister }) => canister)
          .join(""),
      ),
    ).toEqual(["a", "b", "c", "a", "b", "c"]);
    expect(
      rounds.map((events) =>
        only(events, "tasks-dropped")
          .map(({ canister }) => canister)
          .join(""),
      ),
    ).toEqual(["b", "a", "ab", "bc", "ac", "ab"]);
    expect(causesOf(rounds[5]!)).toEqual(["timer"]);
    expect(session.view().canisters.map(({ tasks }) => tasks)).toEqual([[], [], []]);
  });

  test("of a canister without code is over", () => {
    const session = boot(smallWorld({ a: beating, b: beating }));
    session.apply(uninstall("a"));
    expect(only(session.apply(round()).events, "tasks-chosen")).toEqual([{ kind: "tasks-chosen", canister: "b", turn: "heartbeat" }]);
  });
});

describe("the low-memory hook", () => {
  const lowMemory = { limit: 3, threshold: 2, hook: [write(3, "07")] };

  test("is ready when less than the threshold is left, runs before everything else, and once", () => {
    const session = boot(smallWorld({ a: { go: [write(0, "00")], methods: { more: [write(1, "01")] }, onHeartbeat: [], lowMemory } }));
    session.apply(ingress("i", "a"));
    expect(only(session.apply(round()).events, "hook-ready")).toEqual([]);
    session.apply(ingress("j", "a", "more"));
    session.apply(ingress("k", "a"));
    const { events } = session.apply(round());
    expect(events.filter(({ kind }) => kind === "executed" || kind === "hook-ready").slice(0, 3)).toMatchObject([
      { kind: "executed", cause: { kind: "update" } },
      { kind: "hook-ready", canister: "a" },
      { kind: "executed", cause: { kind: "low-memory" }, wrote: [[3, "07"]] },
    ]);
    session.apply(ingress("l", "a"));
    expect(causesOf(session.apply(round()).events)).not.toContain("low-memory");
  });

  test("that has to wait for the next round is a task that waits there", () => {
    const one = { cores: 1, roundInstructionLimit: instructions(1010) };
    const session = boot(smallWorld({ a: { go: [write(0, "00"), write(1, "01")], lowMemory } }, one));
    session.apply(ingress("i", "a"));
    session.apply(round());
    expect(session.view().canisters[0]).toMatchObject({ tasks: ["low-memory"], inputs: 0 });
    session.apply({ kind: "restart" });
    expect(causesOf(session.apply(round()).events)).toEqual(["low-memory"]);
    expect(session.view().canisters[0]!.tasks).toEqual([]);
  });

  test("that cannot be paid for is gone", () => {
    const session = boot(smallWorld({ a: { balance: 1251n, go: [write(0, "00"), write(1, "01")], lowMemory } }));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(only(events, "not-executed")).toMatchObject([{ cause: { kind: "low-memory" }, error: "IC0207", charged: 0n }]);
    session.apply({ kind: "top-up", canister: canisterId("a"), cycles: cycles(9000n) });
    expect(causesOf(session.apply(round()).events)).toEqual([]);
  });

  test("has a limit that an update may not pass, and a task may", () => {
    const go = [0, 1, 2, 3].map((page) => write(page, ""));
    const low = { ...lowMemory, threshold: 0 };
    const session = boot(smallWorld({ a: { go, lowMemory: low }, b: { onHeartbeat: go, lowMemory: low } }));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(only(events, "executed")).toMatchObject([
      { canister: "a", trap: "IC0539", wrote: [] },
      { canister: "b", trap: null, wrote: go.map((_, page) => [page, ""]) },
      { canister: "b", cause: { kind: "low-memory" } },
    ]);
  });
});
