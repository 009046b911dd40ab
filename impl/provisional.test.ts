/** Cycles from nothing: where there are any, what is made with them, and what they are counted as. */
import { describe, expect, test } from "vitest";
import { asciiOf, bytes, cycles, instructions, nanoseconds, seconds, type Event, type Genesis, type Parameters } from "../spec/index.ts";
import { charged } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { of } from "./small-code.ts";
import { ask, manager, order, told } from "./small-management.ts";
import { consume, only, reply, round, smallParameters, ingress, type SmallCanister } from "./small-world.ts";

const MAKE = "provisional_create_canister_with_cycles";
const TOP_UP = "provisional_top_up_canister";

const fees = { ...smallParameters.fees, creation: cycles(40n) };
const usual = 500n;
const most = 2n ** 100n - 1n;

/** `boss`, who attaches 9 cycles, and others, where cycles come from nothing unless a test says that they do not. */
const world = (
  provisional: bigint | null = usual,
  parameters: Partial<Parameters> = {},
  others: Record<string, SmallCanister> = {},
): Genesis => ({
  ...charged(
    { boss: { ...manager({ attached: 9n }), balance: 1_000_000n }, b: {}, ...others },
    { cores: 1, maxPayload: bytes(200), fees, ...parameters },
  ),
  ...(provisional === null ? {} : { provisional: cycles(provisional) }),
});
const started = (provisional?: bigint | null, parameters?: Partial<Parameters>, others?: Record<string, SmallCanister>): EngineSession =>
  boot(world(provisional, parameters, others));

const bounced = (events: readonly Event[]) => only(events, "request-bounced").map(({ error }) => error);
/** What becomes of a request before it waits, when it does not. */
const left = (session: EngineSession, method: typeof MAKE | typeof TOP_UP, words: string) => {
  session.apply(ingress(`left-${lefts++}`, "boss", method, asciiOf(words)));
  return bounced(session.apply(round(0n)).events);
};
let lefts = 0;

describe("cycles come from nothing", () => {
  test("where the genesis says so, also with 0, and nowhere else", () => {
    for (const method of [MAKE, TOP_UP] as const) {
      expect(left(started(null), method, "b 1")).toEqual(["IC0536"]);
      expect(left(started(null), method, "")).toEqual(["IC0536"]);
      expect(left(started(0n), method, "a b c")).toEqual(["IC0408"]);
    }
    expect(left(started(0n), MAKE, "")).toEqual([]);
    expect(left(started(0n), TOP_UP, "b 0")).toEqual([]);
  });

  test("when the argument says how many, or nothing, and settings", () => {
    const session = started();
    for (const words of ["", "0", `${most}`, "7 compute_allocation=1 memory_allocation=1", "controllers=b"])
      expect([words, ...left(session, MAKE, words)]).toEqual([words]);
    for (const words of ["01", `${most + 1n}`, "7 8", "compute_allocation=1 7", "b", " ", "7 ", "-1"])
      expect([words, ...left(session, MAKE, words)]).toEqual([words, "IC0408"]);
    expect([...left(session, TOP_UP, `b ${most}`), ...left(session, TOP_UP, "nobody 0")]).toEqual([]);
    for (const words of ["", "b", "7", "b 01", `b ${most + 1n}`, "b 7 8", "7 b"])
      expect([words, ...left(session, TOP_UP, words)]).toEqual([words, "IC0408"]);
  });

  test("also when what was written is read again before they do", () => {
    const session = started();
    ask(session, MAKE, "");
    session.apply({ kind: "restart" });
    session.apply(round(0n));
    expect(of(session, "canister-0").balance).toBe(usual);
  });
});

describe("a canister that is made with cycles from nothing", () => {
  test("comes with as many as are said, or the usual number, and there is no fee", () => {
    for (const [words, balance] of [
      ["", usual],
      ["7", 7n],
      ["0", 0n],
      [`${most}`, most],
      ["compute_allocation=1", usual],
    ] as const) {
      const session = started();
      ask(session, MAKE, words);
      const before = session.apply({ kind: "restart" }).ledger;
      const { events, ledger } = session.apply(round(0n));
      expect(only(events, "canister-created")).toMatchObject([{ canister: "canister-0", balance }]);
      expect(of(session, "canister-0").balance).toBe(balance);
      expect(told(events)).toEqual([["boss", asciiOf("canister-0"), 9n]]);
      expect(ledger.minted - before.minted).toBe(balance);
      expect(before.messages).toBe(9n);
      const { minted, burned, balances, messages, callbacks, contexts } = ledger;
      expect([messages, balances + callbacks + contexts]).toEqual([0n, minted - burned]);
    }
  });

  test("burns nothing that a canister made from attached cycles would burn", () => {
    const burned = (method: "create_canister" | typeof MAKE, attached: bigint): bigint => {
      const session = started(usual, {}, { maker: { ...manager({ attached }), balance: 1_000_000n } });
      order(session, method, "", "maker");
      return session.apply({ kind: "restart" }).ledger.burned;
    };
    expect(burned("create_canister", 40n) - burned(MAKE, 40n)).toBe(40n);
  });

  test("is otherwise as any: whoever asks controls it, and has what is said of it", () => {
    const session = started();
    order(session, MAKE, "");
    expect(told(order(session, MAKE, "3 controllers=b freezing_threshold=4 reserved_cycles_limit=5 compute_allocation=2"))).toEqual([
      ["boss", asciiOf("canister-1"), 9n],
    ]);
    expect(of(session, "canister-0")).toMatchObject({ status: "running", version: 0, balance: usual });
    expect(of(session, "canister-1")).toMatchObject({ computeAllocation: 2, balance: 3n });
    expect(told(order(session, "canister_status", "canister-0"))).toEqual([["boss", asciiOf("running"), 9n]]);
    expect(told(order(session, "canister_status", "canister-1"))).toEqual([["boss", "IC0512", 9n]]);
    expect(told(order(session, "canister_info", "canister-0 1"))[0]![1]).toContain(asciiOf("creation"));
  });

  const scarce: Partial<Parameters> = { storage: { threshold: bytes(0), capacity: bytes(8 * 1024), period: seconds(160) } };

  test("sets aside for its memory out of what it comes with", () => {
    const session = started(960n, scarce);
    const events = order(session, MAKE, "memory_allocation=3072 freezing_threshold=10");
    const kinds = ["canister-created", "memory-reserved", "management-answered"];
    expect(events.filter(({ kind }) => kinds.includes(kind))).toMatchObject([
      { kind: "canister-created", canister: "canister-0", balance: 960n },
      { kind: "memory-reserved", canister: "canister-0", cycles: 90n, balance: 870n },
      { kind: "management-answered", refund: 9n },
    ]);
    expect(of(session, "canister-0")).toMatchObject({ memoryAllocation: 3072, reserved: 90n, balance: 870n });
  });

  test.each([
    [`${most} controllers=${"abcdefghijk".split("").join(",")}`, "IC0504"],
    [`${most} compute_allocation=100`, "IC0101"],
    [`${most} memory_allocation=8193`, "IC0101"],
    [`${most} memory_allocation=3072 reserved_cycles_limit=89`, "IC0533"],
    ["0 memory_allocation=3072 reserved_cycles_limit=89", "IC0533"],
    ["90 memory_allocation=3072 freezing_threshold=10 reserved_cycles_limit=90", null],
    ["89 memory_allocation=3072 freezing_threshold=10", "IC0531"],
    ["299 memory_allocation=3072 freezing_threshold=100", "IC0531"],
    ["300 memory_allocation=3072 freezing_threshold=100", null],
    ["0 memory_allocation=0", null],
  ])("is refused if it cannot be, and then nothing is minted: %s", (words, error) => {
    const session = started(most, scarce);
    ask(session, MAKE, words);
    const { minted } = session.apply({ kind: "restart" }).ledger;
    const { events, ledger } = session.apply(round(0n));
    const [answer] = only(events, "management-answered");
    expect([answer!.result.kind === "reply" ? null : answer!.result.error, answer!.refund]).toEqual([error, 9n]);
    expect(ledger.minted - minted).toBe(error === null ? BigInt(words.split(" ")[0]!) : 0n);
    expect(session.view().canisters).toHaveLength(error === null ? 3 : 2);
  });
});

describe("a canister that is topped up with cycles from nothing", () => {
  test("has them, and they are minted; whoever asked has all that was attached", () => {
    const session = started();
    ask(session, TOP_UP, "b 700");
    const { ledger: before } = session.apply({ kind: "restart" });
    const { events, ledger } = session.apply(round(0n));
    const at = events.findIndex(({ kind }) => kind === "cycles-provided");
    expect(events.slice(at, at + 2)).toEqual([
      { kind: "cycles-provided", canister: "b", cycles: 700n, balance: 100_700n },
      { kind: "management-answered", caller: "boss", callback: 0, result: { kind: "reply", payload: "" }, refund: 9n },
    ]);
    expect([ledger.minted - before.minted, before.messages, ledger.messages]).toEqual([700n, 9n, 0n]);
    expect(of(session).balance).toBe(100_700n);
    expect(only(order(session, TOP_UP, "b 0"), "cycles-provided")).toMatchObject([{ cycles: 0n, balance: 100_700n }]);
    expect(only(order(session, TOP_UP, `b ${most}`), "cycles-provided")).toMatchObject([{ balance: 100_700n + most }]);
  });

  test("may be anybody's, the asker itself, and one that is stopped or has no code; but it exists", () => {
    const session = started(usual, {}, { c: { controllers: ["boss"] } });
    order(session, "stop_canister", "c");
    order(session, "uninstall_code", "c");
    for (const one of ["b", "boss", "c"]) expect(told(order(session, TOP_UP, `${one} 5`))).toEqual([["boss", "", 9n]]);
    const { minted } = session.apply({ kind: "restart" }).ledger;
    for (const one of ["nobody", "aaaaa-aa"]) expect(told(order(session, TOP_UP, `${one} 5`))).toEqual([["boss", "IC0301", 9n]]);
    expect(session.apply({ kind: "restart" }).ledger.minted).toBe(minted);
  });

  test("does not wait for its execution, and neither does a creation", () => {
    const limits = {
      sliceInstructionLimit: instructions(100),
      roundInstructionLimit: instructions(300),
      chargePeriod: nanoseconds(2n ** 61n),
    };
    const session = started(usual, limits, { c: { go: [consume(900), reply()] } });
    session.apply(ingress("long", "c"));
    ask(session, TOP_UP, "c 5");
    ask(session, MAKE, "6");
    expect(of(session, "c").execution).not.toBe(null);
    const events = session.apply(round(0n)).events;
    expect(of(session, "c").execution).not.toBe(null);
    expect(only(events, "canister-created")).toHaveLength(1);
  });
});
