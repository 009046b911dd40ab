/** Stable memory: what lies inside, when it grows, and what that costs. */
import { describe, expect, test } from "vitest";
import { bytes, seconds, type Executed, type Input, type Instruction, type Parameters, type Script } from "../spec/index.ts";
import { all, charged, pass, told } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { of, ruled, started } from "./small-code.ts";
import { order } from "./small-management.ts";
import { said } from "./small-queries.ts";
import {
  acceptMessage,
  burn,
  call,
  certify,
  grow,
  ingress,
  only,
  pageOf,
  reply,
  round,
  setTimer,
  smallWorld,
  stableSize,
  trap,
  uninstall,
  write,
  type SmallCanister,
} from "./small-world.ts";

const sized = (pages: number): string => pages.toString(16).padStart(16, "0");
const world = (a: SmallCanister, parameters: Partial<Parameters> = {}): EngineSession => boot(smallWorld({ a, b: {} }, parameters));
/** What became of the last execution of `a` that a message, or time, gives rise to. */
const run = (session: EngineSession, input: Input = ingress(`i${session.view().height}`, "a")): Executed => {
  session.apply(input);
  return [...session.apply(round(0n)).events, ...session.apply(round(0n)).events]
    .filter((event): event is Executed => event.kind === "executed" && event.canister === "a")
    .at(-1)!;
};
const ended = (a: SmallCanister, parameters?: Partial<Parameters>): string | null => run(world(a, parameters)).trap;
const sizeOf = (session: EngineSession): number => of(session, "a").stablePages;
const left = (a: SmallCanister, parameters?: Partial<Parameters>): number => {
  const session = world(a, parameters);
  run(session);
  return sizeOf(session);
};

describe("a page", () => {
  test.each([
    [0, 4, 3, 4],
    [2, 4, 5, 6],
    [4, 4, 7, 8],
    [0, 8, 7, 8],
    [0, 9, 7, 8],
  ])("of a memory with %d pages behind a heap of %d is inside up to %d, and %d is not", (stablePages, heapPages, last, next) => {
    const acts = (page: number): Instruction[] => [write(page, "01"), reply(pageOf(page))];
    for (const act of acts(last)) expect(ended({ stablePages, go: [act] }, { heapPages })).toBe(null);
    for (const act of [...acts(next), ...acts(-1)]) expect(ended({ stablePages, go: [act] }, { heapPages })).toBe("IC0502");
  });

  test("that was never written is empty wherever it is inside, and one behind what was grown is not there", () => {
    const go = [grow(2), write(0, pageOf(5)), write(1, stableSize), write(2, pageOf(6))];
    expect(run(world({ go }))).toMatchObject({ trap: "IC0502", instructions: 4 });
    expect(run(world({ go: go.slice(0, 3) })).wrote).toEqual([
      [0, ""],
      [1, sized(2)],
    ]);
  });

  const outside = pageOf(6);
  test.each<[string, SmallCanister, string]>([
    ["an update", { go: [certify(outside)] }, "IC0502"],
    ["a condition", { go: [{ op: "when-odd", value: outside, then: [], otherwise: [] }] }, "IC0502"],
    ["a call that cannot be paid", { go: [call("b", { payload: outside, attached: 10n ** 30n })] }, "IC0502"],
    ["a callback", { go: [call("b", { onReply: [reply(outside)] })] }, "IC0502"],
    ["a task", { go: [setTimer(0n), reply()], onTimer: [write(0, outside)] }, "IC0502"],
    ["a task that answers", { go: [setTimer(0n), reply()], onTimer: [reply(outside)] }, "IC0504"],
    ["a second answer", { go: [reply(), reply(outside)] }, "IC0502"],
    ["a write beyond", { go: [write(9, outside)] }, "IC0502"],
  ])("beyond is not read by %s, and only what may not be done there at all comes first", (_, a, error) => {
    expect(run(world({ stablePages: 2, ...a }))).toMatchObject({ trap: error, wrote: [] });
  });

  test("beyond is not read by inspections, cleanups and queries either", () => {
    const inspected = (inspect: Script) => world({ stablePages: 2, inspect }).apply(ingress("i", "a")).events;
    expect(inspected([write(0, outside), acceptMessage])).toMatchObject([{ kind: "ingress-refused", error: "IC0502" }]);
    expect(inspected([grow(1), write(0, outside), acceptMessage])).toMatchObject([{ kind: "ingress-received" }]);
    const cleaned = (onCleanup: Script) => run(world({ stablePages: 2, go: [call("b", { onReply: [trap], onCleanup })] })).cleanup;
    expect([cleaned([write(0, outside)]), cleaned([write(0, pageOf(5))])]).toEqual(["trapped", "completed"]);
    const queries = { ask: [reply(outside)], lasting: [certify(outside)] };
    const composites = { tree: [call("b", { payload: outside, attached: 1n })], calling: [call("b", { payload: outside })] };
    const session = world({ stablePages: 2, queries, composites });
    expect(["ask", "lasting", "tree", "calling"].map((method) => said(session, "a", method))).toEqual([
      ...["IC0502", "IC0504", "IC0504", "IC0502"],
    ]);
    expect(run(session, ingress("q", "a", "ask"))).toMatchObject({ trap: "IC0502" });
  });
});

describe("stable memory grows", () => {
  test("as far as there is room beside the heap, and else it is as it was", () => {
    const from = (stablePages: number, pages: number, heapPages = 4) => left({ stablePages, go: [grow(pages)] }, { heapPages });
    expect([from(0, 4), from(0, 5), from(3, 1), from(3, 2), from(4, 0), from(4, 1), from(0, 1, 8), from(0, 1, 9), from(0, 8, 0)]).toEqual([
      ...[4, 0, 4, 3, 4, 4, 0, 0, 8],
    ]);
    expect(run(world({ go: [grow(5), write(0, stableSize), grow(4), write(4, stableSize)] }))).toMatchObject({
      trap: null,
      instructions: 4,
      wrote: [
        [0, sized(0)],
        [4, sized(4)],
      ],
    });
  });

  test("and that is told behind the certified data and before the hook, once, and not where it is as before", () => {
    const lowMemory = { limit: 1, threshold: 1, hook: [] };
    const session = world({ go: [grow(1), certify("01"), write(0, "01"), grow(2), reply()], lowMemory });
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round(0n));
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.slice(kinds.indexOf("executed"), kinds.indexOf("executed") + 4)).toEqual([
      ...["executed", "data-certified", "stable-resized", "hook-ready"],
    ]);
    expect(only(events, "stable-resized")).toEqual([{ kind: "stable-resized", canister: "a", stablePages: 3 }]);
    session.apply(ingress("j", "a"));
    expect(only(session.apply(round(0n)).events, "stable-resized")).toMatchObject([{ stablePages: 4 }]); // by the first alone
    session.apply(ingress("k", "a"));
    expect(only(session.apply(round(0n)).events, "stable-resized")).toEqual([]);
  });

  test("in updates, callbacks, cleanups and tasks, for good unless they trap", () => {
    expect(left({ go: [grow(1), trap] })).toBe(0);
    expect(left({ go: [grow(1), call("b", { onReply: [grow(1), write(5, "01")] }), reply()] })).toBe(2);
    expect(left({ go: [grow(1), call("b", { onReply: [grow(2), trap] }), reply()] })).toBe(1);
    expect(left({ go: [grow(1), call("b", { onReply: [grow(2), trap], onCleanup: [write(0, stableSize), grow(1)] }), reply()] })).toBe(2);
    expect(left({ onHeartbeat: [grow(1)] })).toBe(2);
    expect(left({ go: [setTimer(0n), reply()], onTimer: [grow(4)] })).toBe(4);
  });

  test("in inspections and queries for as long as they run", () => {
    const look = [grow(2), write(5, stableSize), reply(pageOf(5))];
    const onReply = [grow(1), write(6, stableSize), reply(pageOf(6))];
    const inspect = [grow(4), write(7, "01"), acceptMessage];
    const composites = { tree: [grow(2), call("a", { method: "ask", onReply })], failing: [grow(1), call("a", { method: "none" }), trap] };
    const session = world({ inspect, queries: { ask: look }, composites });
    const before = session.view();
    expect([said(session, "a"), said(session, "a", "tree"), said(session, "a", "failing")]).toEqual([sized(2), sized(3), "IC0503"]);
    const queryInstructions = of(session, "a").queryInstructions;
    expect(session.view()).toEqual({
      ...before,
      canisters: before.canisters.map((one) => (one.id === "a" ? { ...one, queryInstructions } : one)),
    });
    session.apply(ingress("q", "a", "ask"));
    const { events } = session.apply(round(0n));
    expect(only(events, "answered")).toMatchObject([{ result: { payload: sized(2) } }]);
    expect([only(events, "stable-resized"), only(events, "executed")[0]!.wrote, sizeOf(session)]).toEqual([[], [], 0]);
  });
});

describe("all of stable memory is memory", () => {
  /** The first page costs 10, the next one 30, then 50, and so on: n of them ten times the square of n. */
  const scarce: Partial<Parameters> = { cores: 1, storage: { threshold: bytes(0), capacity: bytes(8 * 1024), period: seconds(160) } };
  const roomy = (pages: number, cores = 1): Partial<Parameters> => ({
    cores,
    storage: { threshold: bytes(0), capacity: bytes(pages * 1024), period: seconds(0) },
  });

  test("written or not, for charges, from the genesis on", () => {
    const session = boot(charged({ a: { stablePages: 1, go: [grow(2), write(4, "01"), write(0, "01"), reply()] }, b: {} }));
    expect(told(session, pass(10))).toEqual([all(2, 10n, 0n)]);
    session.apply(ingress("i", "a"));
    session.apply(pass(0));
    expect(told(session, pass(10))).toEqual([all(2, 40n, 0n)]);
    session.apply(uninstall("a"));
    expect(told(session, pass(10))).toEqual([all(2, 0n, 0n)]);
    session.apply({ kind: "create-canister", canister: charged({ c: { stablePages: 4 } }).canisters[0]! });
    expect(told(session, pass(10))).toEqual([all(3, 40n, 0n)]);
  });

  test("for what is set aside: once when it grows, and nothing when it is written", () => {
    const session = world({ go: [write(0, "01"), grow(3), write(4, "01"), write(6, "01"), reply()] }, scarce);
    expect(run(session)).toMatchObject({ reserved: 160n, balance: 100_000n - 50n - 105n - 160n });
    expect(run(session)).toMatchObject({ trap: null, reserved: 0n }); // there is no room for three more
    const born = world({ stablePages: 3, go: [grow(1), reply()] }, scarce);
    expect(run(born)).toMatchObject({ reserved: 70n });
    expect(run(world({ stablePages: 4, go: [write(4, "01"), write(0, "01"), reply()] }, scarce))).toMatchObject({ reserved: 90n });
  });

  test.each([
    [{ reservedLimit: 89n }, "IC0534"],
    [{ reservedLimit: 90n }, null],
    [{ balance: 50n + 1_100n + 89n }, "IC0532"],
    [{ balance: 50n + 1_100n + 90n }, null],
    [{ balance: 50n + 1_100n + 90n + 209n, freezing: 100 }, "IC0532"], // three pages cost 300 in that time, of which 90 are set aside
    [{ balance: 50n + 1_100n + 90n + 210n, freezing: 100 }, null],
  ])("which has to be paid in advance: $0.balance, $0.reservedLimit", (a, error) => {
    const session = world({ go: [grow(3), reply()], ...a }, scarce);
    expect(run(session)).toMatchObject({ trap: error, reserved: error === null ? 90n : 0n });
    expect([sizeOf(session), of(session, "a").reserved]).toEqual(error === null ? [3, 90n] : [0, 0n]);
  });

  test("for the freezing threshold, in the middle of an execution and at its end", () => {
    const spend = [grow(2), burn(1_000_000n), reply()];
    expect(run(world({ freezing: 100, go: spend }))).toMatchObject({ burned: 100_000n - 50n - 1_100n - 200n });
    const poor = (balance: bigint) => ended({ freezing: 100, balance, go: [grow(2), reply()] });
    expect([poor(50n + 1_100n + 199n), poor(50n + 1_100n + 200n)]).toEqual(["IC0532", null]);
    expect(run(world({ freezing: 100, queries: { ask: spend } }), ingress("q", "a", "ask"))).toMatchObject({
      burned: 100_000n - 50n - 1_100n - 200n,
    });
  });

  test("of which a core has an even share of what the subnet has, beyond which nothing happens", () => {
    const grown = (pages: number, stablePages: number, capacity: number, cores = 1) =>
      left({ stablePages, go: [grow(pages), reply()] }, roomy(capacity, cores));
    expect([grown(2, 1, 3), grown(3, 1, 3), grown(1, 1, 3, 2), grown(2, 0, 3, 2), grown(1, 0, 3, 2)]).toEqual([3, 1, 1 + 1, 0, 1]);
    // Each core of two sees a page and a half of three, and of what it grows by itself all.
    expect(left({ stablePages: 3, go: [grow(1), write(0, "01"), grow(0), reply()] }, roomy(5, 2))).toBe(4);
    expect(left({ stablePages: 2, go: [grow(1), grow(1), reply()] }, roomy(5, 2))).toBe(3);
    const asking: SmallCanister = { queries: { ask: [grow(4), reply(stableSize)] }, inspect: [grow(4), write(7, "01"), acceptMessage] };
    const session = world({ ...asking, stablePages: 0 }, roomy(0));
    expect(said(session)).toBe(sized(4));
    session.apply(ingress("q", "a", "ask"));
    expect(only(session.apply(round(0n)).events, "answered")).toMatchObject([{ result: { payload: sized(4) } }]);
  });

  test("but for what an allocation has room for", () => {
    const session = started({ ...ruled, go: [grow(3), reply()], balance: 10_000_000n }, {}, { ...roomy(3), maxPayload: bytes(200) });
    order(session, "update_settings", "b memory_allocation=3072");
    session.apply(ingress("i", "b"));
    session.apply(round(0n));
    expect(of(session).stablePages).toBe(3);
    const half = started({ ...ruled, go: [grow(2), reply()], balance: 10_000_000n }, {}, { ...scarce, maxPayload: bytes(200) });
    order(half, "update_settings", "b memory_allocation=1536");
    half.apply(ingress("i", "b"));
    expect(only(half.apply(round(0n)).events, "executed")[0]!.reserved).toBe(40n - 22n);
  });

  test("but not of the heap: neither its limit nor its hook counts any of it", () => {
    const lowMemory = { limit: 2, threshold: 1, hook: [] };
    const stable = [grow(4), write(4, "01"), write(5, "01"), write(6, "01")];
    expect(ended({ go: [...stable, write(0, ""), write(1, ""), reply()], lowMemory })).toBe(null);
    expect(ended({ go: [...stable, write(0, ""), write(1, ""), write(2, ""), reply()], lowMemory })).toBe("IC0539");
    const roused = (go: Script): number => {
      const session = world({ go, lowMemory });
      session.apply(ingress("i", "a"));
      return only(session.apply(round(0n)).events, "hook-ready").length;
    };
    expect([roused([...stable, write(0, "")]), roused([...stable, write(0, ""), write(1, "")])]).toEqual([0, 1]);
  });
});
