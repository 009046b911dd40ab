/** What chunks cost and take, and when they are refused for it. A page takes 1024 bytes here, a chunk 512. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, instructions, seconds, type Event, type Input, type Parameters } from "../spec/index.ts";
import { all, charged, dry, pass, told as toldOfCharges } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { errorOf, of, ruled } from "./small-code.ts";
import { manager, order, ordering, told } from "./small-management.ts";
import { refused, said } from "./small-queries.ts";
import { burn, call, ingress, message, only, reply, round, smallWorld, uninstall, write, type SmallCanister } from "./small-world.ts";

const keep = (session: EngineSession, words: string): readonly Event[] => order(session, "upload_chunk", words);
const take = (session: EngineSession, words = "b"): readonly Event[] => order(session, "take_canister_snapshot", words);
const load = (session: EngineSession, words = "b b 0"): readonly Event[] => order(session, "load_canister_snapshot", words);
const kept = (events: readonly Event[]) => only(events, "chunk-kept")[0];
const taken = (events: readonly Event[]) => only(events, "snapshot-taken")[0];
const isDone = (events: readonly Event[]): boolean => only(events, "chunk-kept").length > 0;

const scribe = (others: SmallCanister = {}): SmallCanister => ({ ...ruled, go: [write(0, "01"), reply()], ...others });
const long = { maxPayload: bytes(64) };
const started = (others: SmallCanister = {}, parameters: Partial<Parameters> = {}): EngineSession =>
  boot(smallWorld({ b: scribe(others), boss: manager(), c: scribe() }, { ...long, ...parameters }));
const fill = (session: EngineSession, id = "b"): readonly Event[] => {
  session.apply(ingress(`f-${id}-${session.view().height}`, id));
  return session.apply(round(0n)).events;
};

/** The first 512 bytes cost 2, the next ones 8, then 12, 18, 22, and so on; a page that is the first 10, the next one 30. */
const scarce = { cores: 1, storage: { threshold: bytes(0), capacity: bytes(12 * 1024), period: seconds(240) } };

describe("a chunk is refused", () => {
  test.each([
    [75n, true],
    [74n, false],
  ])("that could not be paid for together with what it takes: out of %d", (balance, expected) => {
    const session = started({ balance, freezing: 10 }); // 512 bytes for ten seconds are 5, and the chunk is 70
    expect(isDone(keep(session, "b m"))).toBe(expected);
    expect(of(session)).toMatchObject({ balance: expected ? 5n : balance });
  });

  test("as long as the canister wrote too much, which what is kept adds to; one that is there is not kept, so not refused", () => {
    const session = started({}, { heapDeltaRateLimit: bytes(512) });
    const atOnce = (...words: readonly string[]): readonly Event[] => {
      for (const one of words) session.apply(ordering("upload_chunk", one)[0]!);
      session.apply(round(0n));
      return session.apply(round(0n)).events;
    };
    const digests = (events: readonly Event[]) => told(events).map(([, answer]) => (answer.length === 128 ? "digest" : answer));
    const first = atOnce("b m", "b m");
    expect(digests(first)).toEqual(["digest", "digest"]);
    expect(only(first, "chunk-kept")).toHaveLength(1);
    expect(only(first, "canister-suspended")).toMatchObject([{ canister: "b", heapDebit: 512 }]);
    expect(digests(atOnce("b 1", "b 0"))).toEqual(["digest", "IC0210"]);
    expect(of(session).chunks).toHaveLength(2);
  });

  test.each([
    [9n, "IC0534", 2n],
    [10n, "", 10n],
  ])("for which more would be set aside than %d", (reservedLimit, answer, reserved) => {
    const session = started({ reservedLimit }, scarce);
    expect(kept(keep(session, "b m"))).toMatchObject({ reserved: 2n, charged: 70n });
    const { balance } = of(session);
    const events = keep(session, "b 0");
    if (answer === "") expect(kept(events)).toMatchObject({ reserved: 8n, charged: 70n, balance: balance - 78n });
    else expect(errorOf(events)).toBe(answer);
    expect(of(session).reserved).toBe(reserved);
  });

  test.each([
    [72n, true],
    [71n, false],
  ])("with %d to spend where 2 have to be set aside, which pay for what it takes", (balance, expected) => {
    expect(isDone(keep(started({ balance, freezing: 4 }, scarce), "b m"))).toBe(expected); // for four seconds it needs 2
  });

  test("never for a limit where nothing has to be set aside, as where chunks take nothing", () => {
    const session = started({ reservedLimit: 0n, freezing: 1000, balance: 70n }, { ...scarce, chunkBytes: bytes(0) });
    const { heapDelta } = session.view();
    expect(kept(keep(session, "b m"))).toMatchObject({ charged: 70n, reserved: 0n, balance: 0n });
    expect([of(session).heapDebit, session.view().heapDelta]).toEqual([0, heapDelta]);
  });
});

describe("where memory is scarce", () => {
  test("chunks and those of snapshots come before the pages of others, and what was set aside for them stays", () => {
    const session = started({}, scarce);
    keep(session, "b m");
    keep(session, "b 0");
    expect(only(fill(session, "c"), "executed")).toMatchObject([{ reserved: 30n }]);
    expect(taken(take(session))).toMatchObject({ pages: 0, reserved: 50n });
    order(session, "clear_chunk_store", "b");
    order(session, "delete_canister_snapshot", "b 0");
    expect(of(session).reserved).toBe(60n);
    expect(kept(keep(session, "b m"))).toMatchObject({ reserved: 12n }); // behind the page of the other one
  });

  test("a snapshot in place of another one needs what its chunks are more", () => {
    const session = started({}, { ...scarce, snapshotLimit: 1 });
    keep(session, "b m");
    take(session);
    expect(taken(take(session, "b 0"))).toMatchObject({ reserved: 0n });
    keep(session, "b 0");
    expect(taken(take(session, "b 1"))).toMatchObject({ reserved: 18n });
    order(session, "clear_chunk_store", "b");
    expect(taken(take(session, "b 2"))).toMatchObject({ reserved: 0n });
    expect(kept(keep(session, "b m"))).toMatchObject({ reserved: 2n });
  });

  test.each(["uninstall_code", "delete_canister", "clear_chunk_store"] as const)("%s makes room", (method) => {
    const session = started({}, scarce);
    keep(session, "b m");
    if (method === "delete_canister") order(session, "stop_canister", "b");
    expect(errorOf(order(session, method, "b"))).toBe("");
    expect(only(fill(session, "c"), "executed")).toMatchObject([{ reserved: 10n }]);
  });

  test("an installation finds chunks there when it writes", () => {
    const world = smallWorld({ b: scribe(), boss: manager(), c: ruled }, { ...long, ...scarce });
    const modules = [{ ...world.canisters[0]!, name: "m" as never, onInit: [write(0, "01")] }];
    const session = boot({ ...world, modules });
    keep(session, "b m");
    keep(session, "b 0");
    expect(only(order(session, "install_code", "c reinstall m"), "installation-ran")).toMatchObject([{ reserved: 30n }]);
  });
});

describe("a snapshot with chunks", () => {
  test("is more to write, when it is taken and when it comes back", () => {
    const session = started();
    fill(session);
    keep(session, "b m");
    const grown = (events: () => unknown): number => {
      const { heapDelta } = session.view();
      events();
      return session.view().heapDelta - heapDelta;
    };
    expect(grown(() => take(session))).toBe(1024 + 512);
    expect(grown(() => load(session))).toBe(1024 + 512);
    order(session, "clear_chunk_store", "b");
    expect(grown(() => load(session))).toBe(1024 + 512);
  });

  test.each([
    [2010n, ""],
    [2009n, "IC0207"],
  ])("comes back only to who can keep what it has: with %d", (balance, answer) => {
    const session = boot(
      smallWorld(
        { b: scribe(), boss: manager(), c: { ...ruled, balance, freezing: 10 } },
        { ...long, snapshotInstructions: instructions(2000) },
      ),
    );
    keep(session, "b m");
    keep(session, "b 0");
    take(session);
    expect(errorOf(load(session, "c b 0"))).toBe(answer);
    expect(of(session, "c")).toMatchObject({ balance: answer === "" ? 10n : balance });
  });
});

describe("what is kept", () => {
  const chunkBytes = bytes(1024);

  test("is charged for until it is gone, and is not what a canister looks at when its memory runs low", () => {
    const session = boot(charged({ b: scribe({ lowMemory: { limit: 2, threshold: 1, hook: [] } }), boss: manager() }, { chunkBytes }));
    for (const words of ["b m", "b 0"]) keep(session, words);
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 20n, 0n)]);
    expect(only(fill(session), "hook-ready")).toEqual([]);
    take(session);
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 60n, 0n)]);
    order(session, "clear_chunk_store", "b");
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 40n, 0n)]);
    load(session);
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 60n, 0n)]);
    order(session, "delete_canister_snapshot", "b 0");
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 30n, 0n)]);
    session.apply({ kind: "restart" });
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 30n, 0n)]);
    session.apply(uninstall("b"));
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 0n, 0n)]);
  });

  test("counts in the freezing threshold of the canister's own executions, and of its settings", () => {
    const session = started({ freezing: 1000, methods: { spend: [burn(10n ** 9n), reply()] } });
    fill(session);
    keep(session, "b m");
    session.apply(ingress("s", "b", "spend"));
    const [executed] = only(session.apply(round(0n)).events, "executed");
    expect(executed!.balance - 998n).toBe(1500n);
    expect(errorOf(order(session, "update_settings", "b compute_allocation=1"))).toBe("IC0530");
    order(session, "clear_chunk_store", "b");
    expect(errorOf(order(session, "update_settings", "b compute_allocation=1"))).toBe("");
  });

  test("is gone when its canister runs dry, with what its snapshots had", () => {
    const session = boot(
      charged({ b: scribe({ balance: 5_000n }), boss: manager() }, { chunkBytes, snapshotInstructions: instructions(0) }),
    );
    for (const words of ["b m", "b 0"]) keep(session, words);
    take(session);
    const { balance } = of(session);
    expect(toldOfCharges(session, pass(30_000))).toMatchObject([{ memory: 0n }, dry("b", balance)]);
    expect(of(session)).toMatchObject({ chunks: [], snapshots: [] });
    session.apply({ kind: "top-up", canister: canisterId("b"), cycles: cycles(1_000n) });
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 0n, 0n)]);
    expect(isDone(keep(session, "b m"))).toBe(true);
    expect(toldOfCharges(session, pass(10))).toEqual([all(2, 10n, 0n)]);
  });

  test("goes, and its canister is thawed for those who ask it, and for those who asked before", () => {
    const queries = { ask: [reply("07")] };
    const composites = { tree: [call("b", { method: "ask", onReply: [reply(message)], onReject: [reply("ff")] })] };
    const session = boot(smallWorld({ a: { composites }, b: { ...ruled, queries, balance: 600n }, boss: manager() }, long));
    const recalled = (inputs: readonly Input[]): boolean => {
      for (const input of inputs) session.apply(input);
      const { hits } = session.recalled();
      said(session, "a", "tree");
      return session.recalled().hits > hits;
    };
    expect([said(session, "a", "tree"), said(session, "b")]).toEqual(["07", "07"]);
    expect(recalled(ordering("upload_chunk", "b m"))).toBe(true);
    expect(recalled(ordering("update_settings", "b freezing_threshold=1000"))).toBe(true); // for which it needs 500 of 530
    expect(recalled(ordering("update_settings", "b freezing_threshold=2000"))).toBe(false);
    expect([said(session, "a", "tree"), refused(session, "b")]).toEqual(["ff", "IC0207"]);
    expect(recalled(ordering("clear_chunk_store", "b"))).toBe(false);
    expect([said(session, "a", "tree"), said(session, "b")]).toEqual(["07", "07"]);
  });
});
