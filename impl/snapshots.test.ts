/** Snapshots: what is kept, what comes back, and that neither is the other. */
import { describe, expect, test } from "vitest";
import { asciiOf, canisterId, hex, instructions, type Event, type Input } from "../spec/index.ts";
import { applyInput, boot, type EngineSession } from "./engine.ts";
import { faultsIn } from "./invariants.ts";
import { errorOf, filled, full, install, of, ruled, started, world } from "./small-code.ts";
import { ask, manager, order, ordering, told } from "./small-management.ts";
import {
  certify,
  consume,
  ingress,
  message,
  only,
  pageOf,
  query,
  reply,
  round,
  setTimer,
  smallWorld,
  uninstall,
  withModules,
  write,
  type SmallCanister,
} from "./small-world.ts";
import { engineOf, type Engine } from "./state.ts";

const take = (session: EngineSession, words = "b"): readonly Event[] => order(session, "take_canister_snapshot", words);
const load = (session: EngineSession, words = "b b 0"): readonly Event[] => order(session, "load_canister_snapshot", words);
const discard = (session: EngineSession, words: string): readonly Event[] => order(session, "delete_canister_snapshot", words);
const list = (session: EngineSession, words = "b"): readonly Event[] => order(session, "list_canister_snapshots", words);
const loaded = (events: readonly Event[]) => only(events, "snapshot-loaded")[0];

/** Writes what it is told into page 1, and after that page 0. */
const scribe: SmallCanister = { ...ruled, go: [write(1, message), write(0, "77"), reply()], queries: { ask: [reply(pageOf(1))] } };
const scribble = (session: EngineSession, text: string, id = "b"): void => {
  session.apply(ingress(`s-${text}-${session.view().height}`, id, "go", text));
  session.apply(round(0n));
};

describe("a snapshot", () => {
  test("has a number, is paid for, and counts as if its pages were there once more", () => {
    const session = filled({});
    const before = of(session);
    const { heapDelta } = session.view();
    const events = take(session);
    expect(only(events, "snapshot-taken")).toEqual([
      {
        kind: "snapshot-taken",
        canister: "b",
        snapshot: 0,
        replaced: null,
        pages: 5,
        charged: 500n,
        reserved: 0n,
        balance: before.balance - 500n,
      },
    ]);
    expect(told(events)).toEqual([["boss", asciiOf("0"), 9n]]);
    const { version, changes, pages, timer, certifiedData } = before;
    expect(of(session)).toMatchObject({ snapshots: [0], version, changes, pages, timer, certifiedData });
    expect(session.view().heapDelta).toBe(heapDelta + 5 * 1024);
    expect(only(take(session, "b"), "snapshot-taken")).toMatchObject([{ snapshot: 1, pages: 5 }]);
  });

  test("of a canister without pages takes nothing but its price", () => {
    const session = started(ruled, {});
    expect(only(take(session), "snapshot-taken")).toMatchObject([{ pages: 0, charged: 500n, balance: 99_500n }]);
    expect([of(session).heapDebit, session.view().heapDelta]).toEqual([0, 0]);
    scribble(session, "01");
    expect(loaded(load(session))).toMatchObject({ wrote: [], pages: 0 });
  });

  test("takes the place of another one, under a number of its own", () => {
    const session = started(scribe, {});
    take(session);
    take(session);
    scribble(session, "01");
    expect(only(take(session, "b 0"), "snapshot-taken")).toMatchObject([{ snapshot: 2, replaced: 0, pages: 2 }]);
    expect(of(session).snapshots).toEqual([1, 2]);
    expect(errorOf(load(session))).toBe("IC0305");
    expect(errorOf(load(session, "b b 2"))).toBe("");
  });

  test("is listed with its time and its pages, and is gone when it is deleted; its number is not given again", () => {
    const session = started(scribe, {});
    expect(told(list(session))).toEqual([["boss", "", 9n]]);
    take(session);
    scribble(session, "01");
    session.apply(round(5n));
    take(session);
    expect(told(list(session))).toEqual([["boss", asciiOf("0:1000:0 1:1005:2"), 9n]]);
    expect(only(discard(session, "b 0"), "snapshot-deleted")).toEqual([{ kind: "snapshot-deleted", canister: "b", snapshot: 0 }]);
    expect(errorOf(discard(session, "b 0"))).toBe("IC0305");
    take(session);
    expect(told(list(session))).toEqual([["boss", asciiOf("1:1005:2 2:1005:2"), 9n]]);
  });

  test("is there after an uninstall, other code and a restart, and is gone with its canister", () => {
    const session = filled({ onInit: [write(2, "0d")] });
    take(session);
    session.apply(uninstall("b"));
    session.apply({ kind: "restart" });
    install(session, "b install m");
    expect(of(session)).toMatchObject({ snapshots: [0], pages: [[2, "0d"]] });
    expect(loaded(load(session))).toMatchObject({
      wrote: [
        [0, "0a"],
        [5, "0b"],
      ],
      pages: 5,
    });
    order(session, "stop_canister", "b");
    order(session, "delete_canister", "b");
    expect(errorOf(load(session, "boss b 0"))).toBe("IC0512");
  });
});

describe("what comes back", () => {
  test("is code, pages and certified data; the change is in the history", () => {
    const m = { go: [reply("aa")], onInit: [write(0, "0a"), write(1, "01"), certify("0d")] };
    const session = filled(m);
    take(session);
    install(session, "b reinstall m");
    const { version, changes, balance, timer } = of(session);
    const events = load(session);
    expect(events.slice(1, 4)).toEqual([
      {
        kind: "snapshot-loaded",
        canister: "b",
        source: "b",
        snapshot: 0,
        charged: 500n,
        wrote: [[5, "0b"]],
        pages: 5,
        balance: balance - 500n,
      },
      { kind: "data-certified", canister: "b", data: "0c" },
      { kind: "stable-resized", canister: "b", stablePages: 4 },
    ]);
    expect(timer).toBe(null);
    expect(of(session)).toMatchObject({
      version: version + 1,
      changes: changes + 1,
      certifiedData: "0c",
      timer: null,
      pages: [
        [0, "0a"],
        [5, "0b"],
      ],
      snapshots: [0],
    });
    expect(told(order(session, "canister_info", "b 1"))[0]![1]).toBe(asciiOf(`${changes + 1} boss ${version + 1}:1000:load:boss`));
    session.apply(ingress("i", "b"));
    expect(only(session.apply(round()).events, "ingress-answered")).toMatchObject([{ ingress: "i", result: { payload: "" } }]);
  });

  test("is the same however often it comes back, and whatever is written in between", () => {
    const session = started(scribe, {});
    scribble(session, "01");
    take(session);
    for (const text of ["02", "03", "01"]) {
      scribble(session, text);
      const wrote = text === "01" ? [] : [[1, "01"]];
      expect(loaded(load(session))).toMatchObject({ wrote, pages: 2 });
      expect(of(session).pages).toEqual([
        [0, "77"],
        [1, "01"],
      ]);
    }
    expect(loaded(load(session))).toMatchObject({ wrote: [], pages: 2 });
  });

  test("may be what another canister was, and is its own from then on", () => {
    const session = boot(smallWorld({ b: scribe, c: ruled, boss: manager() }));
    scribble(session, "01");
    take(session);
    expect(loaded(load(session, "c b 0"))).toMatchObject({ canister: "c", source: "b", pages: 2 });
    scribble(session, "02", "c");
    scribble(session, "03", "b");
    const pages = (id: string) => of(session, id).pages.map(([, content]) => content);
    expect([pages("c"), pages("b"), of(session, "c").snapshots]).toEqual([["77", "02"], ["77", "03"], []]);
    load(session);
    expect([pages("c"), pages("b")]).toEqual([
      ["77", "02"],
      ["77", "01"],
    ]);
  });

  test("is seen by queries, whose answers were kept", () => {
    const session = started(scribe, {});
    const asked = () => only(session.apply(query("b")).events, "query-answered")[0]!.result;
    scribble(session, "01");
    take(session);
    expect(asked()).toMatchObject({ payload: "01" });
    scribble(session, "02");
    expect(asked()).toMatchObject({ payload: "02" });
    load(session);
    expect(asked()).toMatchObject({ payload: "01" });
  });

  test("beats and inspects at once, with the timer as it stands", () => {
    const lowMemory = { limit: 4, threshold: 4, hook: [consume(7)] };
    const beating: SmallCanister = { ...ruled, go: full.go!, lowMemory, onTimer: [write(2, "02")], onHeartbeat: [consume(3)], inspect: [] };
    const session = boot(withModules(world(beating, {}), { quiet: { onInit: [setTimer(1n)], onTimer: [write(2, "05")] } }));
    session.apply(round(0n));
    take(session);
    install(session, "b reinstall quiet");
    expect(only(session.apply(round(0n)).events, "tasks-chosen")).toEqual([]);
    ask(session, "load_canister_snapshot", "b b 0");
    const { events } = session.apply(round(1n));
    expect(only(events, "executed").filter(({ canister }) => canister === "b")).toMatchObject([
      { cause: { kind: "timer" }, wrote: [[2, "02"]] },
      { cause: { kind: "low-memory" } },
      { cause: { kind: "heartbeat" } },
    ]);
    expect(only(events, "hook-ready")).toHaveLength(1);
    expect(session.apply(ingress("j", "b")).events).toMatchObject([{ kind: "ingress-refused", error: "IC0406" }]);
  });

  test("has its hook before it, once more", () => {
    const session = started({ ...scribe, lowMemory: { limit: 2, threshold: 1, hook: [] } }, {});
    take(session);
    const roused = (text: string): number => {
      session.apply(ingress(`r-${text}`, "b", "go", text));
      return only(session.apply(round(0n)).events, "hook-ready").length;
    };
    expect([roused("01"), roused("02")]).toEqual([1, 0]);
    load(session);
    expect([roused("03"), roused("04")]).toEqual([1, 0]);
  });

  test("waits for an execution under way", () => {
    const slow = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) };
    const session = started({ ...ruled, go: [consume(500), write(1, "01"), reply()] }, {}, slow);
    take(session);
    session.apply(ingress("i", "b"));
    session.apply(round(0n));
    ask(session, "load_canister_snapshot", "b b 0");
    for (let waited = 0; of(session).execution !== null; waited++) {
      expect(waited).toBeLessThan(6);
      expect(only(session.apply(round(0n)).events, "snapshot-loaded")).toEqual([]);
    }
    expect(loaded(session.apply(round(0n)).events)).toMatchObject({ wrote: [], pages: 0 });
  });
});

describe("pages", () => {
  const inputs = (...asked: readonly (readonly Input[])[]): readonly Input[] => asked.flat();
  const written = (text: string): Input[] => [
    { ...(ingress(`w-${text}`, "b", "go", text) as Extract<Input, { kind: "ingress" }>) },
    round(0n),
  ];
  const engine = (): { readonly here: Engine; readonly lead: (more: readonly Input[]) => void } => {
    const here = engineOf(smallWorld({ b: scribe, c: ruled, boss: manager() }));
    const lead = (more: readonly Input[]): void => {
      for (const input of more) {
        applyInput(here, input);
        expect(faultsIn(here)).toEqual([]);
      }
    };
    return { here, lead };
  };

  test("are those of the snapshot until somebody writes, and then their contents are", () => {
    const { here, lead } = engine();
    const [b, c] = ["b", "c"].map((id) => here.byId.get(canisterId(id))!);
    lead(inputs(written("01"), ordering("take_canister_snapshot", "b"), ordering("take_canister_snapshot", "b")));
    const [first, second] = [...b!.snapshots!.kept.values()];
    expect([first!.pages, second!.pages]).toEqual([b!.pages, b!.pages]);
    expect(first!.pages === b!.pages && second!.pages === b!.pages).toBe(true);
    lead(written("02"));
    expect(first!.pages === b!.pages).toBe(false);
    const copy = b!.pages;
    lead(written("03"));
    expect(b!.pages === copy).toBe(true);
    expect([first!.pages!.get(1), b!.pages!.get(1)]).toEqual([hex("01"), hex("03")]);
    lead(inputs(ordering("load_canister_snapshot", "c b 0"), ordering("load_canister_snapshot", "b b 1")));
    expect(c!.pages === first!.pages && b!.pages === first!.pages).toBe(true);
    lead(inputs(ordering("delete_canister_snapshot", "b 0"), ordering("delete_canister_snapshot", "b 1"), written("04")));
    expect([c!.pages!.get(1), b!.pages!.get(1), here.usage.memory]).toEqual([hex("01"), hex("04"), 4096]);
  });
});
