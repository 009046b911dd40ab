/** Code that comes to a canister: what is there afterwards, and what it cost. */
import { describe, expect, test } from "vitest";
import { instructions } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { filled, full, install, of, ran, ruled, started, world } from "./small-code.ts";
import { ask, manage, order, told } from "./small-management.ts";
import {
  burn,
  call,
  certify,
  consume,
  grow,
  ingress,
  message,
  only,
  reply,
  round,
  setTimer,
  smallWorld,
  uninstall,
  withModules,
  write,
  type SmallCanister,
  type SmallCode,
} from "./small-world.ts";

const version = { kind: "version" } as const;

describe("an installation", () => {
  test("gives a canister that has none its code, and takes what its hook used", () => {
    const session = started(ruled, { go: [reply("07")], onInit: [write(1, "aa"), consume(40), burn(5n)] });
    session.apply(uninstall("b"));
    const events = install(session, "b install m");
    expect(events.slice(events.findIndex(({ kind }) => kind === "installation-ran"))[0]).toEqual({
      kind: "installation-ran",
      canister: "b",
      mode: "install",
      module: "m",
      trap: null,
      instructions: 42,
      prepaid: 2100n,
      charged: 142n,
      burned: 5n,
      reserved: 0n,
      wrote: [[1, "aa"]],
      pages: 1,
      timer: null,
      balance: 100_000n - 142n - 5n,
    });
    expect(told(events)).toEqual([["boss", "", 9n]]);
    expect(of(session)).toMatchObject({ installed: true, version: 2, changes: 2, installDebit: 0, heapDebit: 0, pages: [[1, "aa"]] });
    session.apply(ingress("i", "b"));
    expect(only(session.apply(round()).events, "ingress-answered")).toMatchObject([{ ingress: "i", result: { payload: "07" } }]);
  });

  test("costs what any costs where nothing runs, and is not seen by the limits of a round", () => {
    const session = filled({});
    const before = of(session);
    const { heapDelta } = session.view();
    const events = install(session, "b upgrade m");
    expect(ran(events)).toMatchObject({ instructions: 0, charged: 100n, wrote: [], pages: 4, balance: before.balance - 100n });
    expect([of(session).heapDebit, session.view().heapDelta]).toEqual([before.heapDebit, heapDelta]);
  });

  test.each([
    ["reinstall m", [], "", null],
    ["upgrade m", [[5, "0b"]], "0c", null],
    ["upgrade m replace", [[5, "0b"]], "0c", null],
    [
      "upgrade m keep",
      [
        [0, "0a"],
        [5, "0b"],
      ],
      "0c",
      null,
    ],
  ] as const)("by %s leaves what it is to leave", (words, pages, certifiedData, timer) => {
    const session = filled({ persistentHeap: true });
    expect([of(session).pages.length, of(session).certifiedData, of(session).timer]).toEqual([2, "0c", 1050n]);
    const events = install(session, `b ${words}`);
    expect(only(events, "data-certified").map(({ data }) => data)).toEqual(certifiedData === "" ? [""] : []);
    expect(of(session)).toMatchObject({ pages, certifiedData, timer, installed: true });
  });

  test("by an upgrade runs the hook of the old code first, whose timer goes, and then that of the new one on what is left", () => {
    const old: SmallCanister = {
      ...full,
      onPreUpgrade: [write(0, "01"), write(5, "02"), write(6, "03"), setTimer(9n), certify("04"), burn(1n)],
    };
    const m: SmallCode = {
      onPostUpgrade: [write(7, { kind: "page", page: 0 }), write(4, { kind: "page", page: 6 }), write(5, "0b"), burn(2n)],
    };
    const session = filled(m, old);
    const events = install(session, "b upgrade m");
    // The page of the heap is gone; page 5 is as it was before all of it.
    expect(ran(events)).toMatchObject({
      instructions: 10,
      burned: 3n,
      wrote: [
        [4, "03"],
        [6, "03"],
        [7, ""],
      ],
      pages: 4,
      timer: null,
    });
    expect(only(events, "data-certified")).toMatchObject([{ canister: "b", data: "04" }]);
    const skipped = filled(m, old);
    expect(ran(install(skipped, "b upgrade m skip"))).toMatchObject({ instructions: 4, burned: 2n, pages: 4 });
    expect(of(skipped)).toMatchObject({ certifiedData: "0c" });
  });

  test("that writes a page that went as it was changes nothing of it", () => {
    const session = filled({ onInit: [grow(2), write(5, "0b"), write(0, "0d")] });
    expect(ran(install(session, "b reinstall m"))).toMatchObject({ wrote: [[0, "0d"]], pages: 3 });
  });

  test("shows its scripts the version that it makes, the time of the round, and no message", () => {
    const values = [version, { kind: "time" }, { kind: "balance" }, message] as const;
    const session = started(ruled, { onInit: values.map((value, page) => write(page, value)) });
    session.apply(uninstall("b"));
    const number = (value: bigint, size: number): string => value.toString(16).padStart(2 * size, "0");
    expect(ran(install(session, "b install m"))!.wrote).toEqual([
      [0, number(2n, 8)],
      [1, number(1000n, 8)],
      [2, number(100_000n - 2100n, 16)],
      [3, ""],
    ]);
  });

  test("is at its new version from where the new code is there, whose hook may write and certify it", () => {
    const old: SmallCanister = { ...full, onPreUpgrade: [write(4, version), certify(version)] };
    const [before, after] = ["0000000000000001", "0000000000000002"];
    const both = filled({ onPostUpgrade: [write(5, version)] }, old);
    expect(of(both)).toMatchObject({ version: 1, changes: 0 });
    expect(ran(install(both, "b upgrade m"))!.wrote).toEqual([
      [4, before],
      [5, after],
    ]);
    expect(of(both)).toMatchObject({ version: 2, changes: 1, certifiedData: before });
    const certifying = filled({ onPostUpgrade: [certify(version)] }, old);
    expect(only(install(certifying, "b upgrade m"), "data-certified")).toEqual([{ kind: "data-certified", canister: "b", data: after }]);
    const skipped = filled({ onPostUpgrade: [write(5, version)] }, old);
    expect(ran(install(skipped, "b upgrade m skip"))!.wrote).toEqual([[5, after]]);
    const anew = filled({ onInit: [grow(2), write(5, version), certify(version)] }, old);
    expect(ran(install(anew, "b reinstall m"))!.wrote).toEqual([[5, after]]);
    expect(of(anew)).toMatchObject({ version: 2, changes: 1, certifiedData: after });
  });

  test("lets open calls go on, with the scripts with which they were made", () => {
    const go = [call("aaaaa-aa", { method: "raw_rand", onReply: [write(5, "0e"), reply(version)] })];
    const session = started({ ...ruled, stablePages: 2, go }, { go: [reply("ff")] });
    session.apply(ingress("i", "b"));
    ask(session, "install_code", "b upgrade m");
    const { events } = session.apply(round());
    expect(events.map(({ kind }) => kind)).toContain("installation-ran");
    expect(only(events, "ingress-answered")).toMatchObject([{ ingress: "i", result: { payload: "0000000000000002" } }, {}]);
    expect(of(session)).toMatchObject({ pages: [[5, "0e"]], version: 3 });
  });

  test("may be that of the canister that asks for it", () => {
    const go = [manage("install_code", "self upgrade m", { onReply: [write(6, "01"), reply("02")], onReject: [reply(message)] })];
    const session = boot(withModules(smallWorld({ self: { controllers: ["self"], stablePages: 3, go } }), { m: { go: [reply("03")] } }));
    session.apply(ingress("i", "self"));
    session.apply(round());
    expect(only(session.apply(round()).events, "ingress-answered")).toMatchObject([{ ingress: "i", result: { payload: "02" } }]);
    session.apply(ingress("j", "self"));
    expect(only(session.apply(round()).events, "ingress-answered")).toMatchObject([{ ingress: "j", result: { payload: "03" } }]);
  });
});

describe("the lists of a round", () => {
  test("know the heartbeat, the timer and the hook of the new code at once, and forget those of the old one", () => {
    const beating: SmallCode = { onHeartbeat: [write(1, "01")], onTimer: [write(2, "02")], onInit: [setTimer(0n)] };
    const session = boot(world({ ...ruled, onHeartbeat: [write(3, "03")] }, { beating, quiet: {} }));
    expect(only(install(session, "b reinstall beating"), "executed").filter(({ canister }) => canister === "b")).toMatchObject([
      { cause: { kind: "timer" }, wrote: [[2, "02"]] },
      { cause: { kind: "heartbeat" }, wrote: [[1, "01"]] },
    ]);
    for (let rounds = 0; of(session).installDebit > 0; rounds++) session.apply(round());
    expect(only(install(session, "b reinstall quiet"), "tasks-chosen")).toEqual([]);
    expect(only(session.apply(round()).events, "tasks-chosen")).toEqual([]);
  });

  test("do not have the heartbeat of code that comes to a canister that does not run, before it does", () => {
    const session = started(ruled, { onHeartbeat: [], onInit: [setTimer(0n)] });
    order(session, "stop_canister", "b");
    expect(only(install(session, "b reinstall m"), "tasks-chosen")).toEqual([]);
    expect(only(session.apply(round()).events, "tasks-chosen")).toEqual([]);
    expect(only(order(session, "start_canister", "b"), "tasks-chosen")).toMatchObject([{ canister: "b", turn: "timer" }]);
  });

  test("do not have a hook that was ready: the new one is when the next execution is over", () => {
    const lowMemory = { limit: 1, threshold: 1, hook: [write(1, "01")] };
    const go = [call("aaaaa-aa", { method: "raw_rand", onReply: [write(0, "01"), reply()] })];
    const session = started({ ...ruled, go, lowMemory }, { lowMemory, onInit: [write(0, "02")] });
    session.apply(ingress("i", "b"));
    ask(session, "stop_canister", "b");
    session.apply(round());
    expect(of(session)).toMatchObject({ status: "stopped", tasks: ["low-memory"] });
    expect(only(install(session, "b reinstall m"), "hook-ready")).toEqual([]);
    expect(of(session).tasks).toEqual([]);
    order(session, "start_canister", "b");
    session.apply(ingress("j", "b"));
    const { events } = session.apply(round());
    expect(only(events, "hook-ready")).toHaveLength(1);
    expect(only(events, "executed").map(({ cause }) => cause.kind)).toEqual(["update", "low-memory"]);
  });

  test("an installation waits for an execution under way", () => {
    const session = started(
      { ...ruled, go: [consume(500), reply()] },
      {},
      { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) },
    );
    session.apply(ingress("i", "b"));
    ask(session, "install_code", "b upgrade m");
    for (let waited = 0; of(session).execution !== null; waited++) {
      expect(waited).toBeLessThan(4);
      session.apply(round(0n));
    }
    expect(ran(session.apply(round(0n)).events)).toMatchObject({ trap: null });
  });
});
