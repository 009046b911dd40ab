/** Stable memory in small stories: how far it goes, who may make it larger, and what becomes of it. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  canisterId,
  cycles,
  hex,
  instructions,
  moduleName,
  nanoseconds,
  seconds,
  type CanisterGenesis,
  type CodeGenesis,
  type Genesis,
  type Input,
  type Instruction,
  type Mode,
  type Module,
  type Parameters,
  type Script,
  type Trace,
} from "../spec/index.ts";
import { asks, balanced, canister, eventsOfKind as find, ingress, literal, replyWith, round, rounds, run, world } from "./testing.ts";

const grow = (pages: number): Instruction => ({ op: "stable-grow", pages });
const write = (page: number, content = "aa"): Instruction => ({ op: "write", page, value: literal(content) });
const size: Instruction = replyWith({ kind: "stable-size" });
const trap: Instruction = { op: "trap" };
const of = (pages: number): string => pages.toString(16).padStart(16, "0");

/** Two pages of heap, and room for three of stable memory: 2, 3 and 4. */
const genesis = (
  canisters: readonly CanisterGenesis[],
  parameters: Partial<Parameters> = {},
  modules: readonly Module[] = [],
): Genesis => ({
  ...world(canisters, {
    maxPages: 5,
    heapPages: 2,
    pageSize: bytes(10),
    maxPayload: bytes(64),
    queueCapacity: 9,
    installInstructionLimit: instructions(50),
    snapshotInstructions: instructions(1),
    ...parameters,
  }),
  modules,
});

/** One message after another, each in a round of its own. */
const led = (methods: Readonly<Record<string, Script>>, rest: Partial<CanisterGenesis> = {}, parameters: Partial<Parameters> = {}): Trace =>
  run(
    genesis([canister("a", methods, rest)], parameters),
    Object.keys(methods).flatMap((name): readonly Input[] => [ingress(name, "a", name), round(9)]),
  );

const answers = (trace: Trace) =>
  find(trace, "ingress-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error));
const sizes = (trace: Trace) => find(trace, "stable-resized").map(({ stablePages }) => stablePages);

describe("stable memory", () => {
  test("has no pages at first, or those of the genesis, and is neither written nor read beyond them", () => {
    expect(
      answers(led({ size: [size], write: [write(2), size], read: [replyWith({ kind: "page", page: 2 })], heap: [write(1), size] })),
    ).toEqual([of(0), "IC0502", "IC0502", of(0)]);
    const given = led({ last: [write(3), replyWith({ kind: "page", page: 3 })], behind: [write(4)], none: [write(5)] }, { stablePages: 2 });
    expect(answers(given)).toEqual(["aa", "IC0502", "IC0502"]);
    expect(sizes(given)).toEqual([]);
  });

  test("grows as far as there are pages, all of it or nothing", () => {
    const trace = led({ two: [grow(2), size], more: [grow(2), size], last: [grow(1), write(4), size], none: [grow(1), grow(0), size] });
    expect(answers(trace)).toEqual([of(2), of(2), of(3), of(3)]);
    expect(sizes(trace)).toEqual([2, 3]);
  });

  test("is as before when whoever made it larger traps, or only asks", () => {
    const modes: Readonly<Record<string, Mode>> = { query: "query" };
    const methods = { trapped: [grow(3), write(4), trap], query: [grow(3), write(4), size], size: [size] };
    const asking = Object.entries(methods).map(([name, body]) => ({ name, body, mode: modes[name] ?? ("update" as const) }));
    const trace = led(methods, { methods: asking });
    expect(answers(trace)).toEqual(["IC0503", of(3), of(0)]);
    expect(sizes(trace)).toEqual([]);
  });

  test("ends in a query where it ends outside, and what a query makes of it is gone behind it", () => {
    const body: Script = [grow(1), write(2), size];
    const trace = run(genesis([canister("a", {}, { methods: [{ name: "look", mode: "query", body }] })]), [
      round(1),
      { kind: "query", canister: canisterId("a"), method: "look", payload: hex("") },
      { kind: "query", canister: canisterId("a"), method: "look", payload: hex("") },
    ] as readonly Input[]);
    const told = find(trace, "query-answered").map(({ result }) => result);
    expect(told).toEqual([
      { kind: "reply", payload: of(1) },
      { kind: "reply", payload: of(1) },
    ]);
  });

  test("counts as memory, written or not, and the heap alone counts for its limit", () => {
    // A second costs a cycle for each page of ten bytes.
    const fees = { ...genesis([]).parameters.fees, gibSecond: cycles(107_374_183n), baseSecond: cycles(0n), percentSecond: cycles(0n) };
    const charged = (script: Script) =>
      find(
        run(genesis([canister("a", { go: script })], { fees, chargePeriod: nanoseconds(1n) }), [
          ingress("g", "a", "go"),
          round(1),
          round(2, 1_000_000_000n),
        ]),
        "resources-charged",
      ).map(({ memory }) => memory);
    expect(charged([write(0)])).toEqual([0n, 1n]);
    expect(charged([grow(3)])).toEqual([0n, 3n]);
    expect(charged([grow(3), write(2), write(0)])).toEqual([0n, 4n]);
    const limited = { lowMemory: { limit: 1, threshold: 1, hook: [] } };
    const trace = led({ stable: [grow(3), write(2), write(3), size], first: [write(0), size], second: [write(1)] }, limited);
    expect(answers(trace)).toEqual([of(3), of(3), "IC0539"]);
    expect(find(trace, "hook-ready")).toHaveLength(1);
  });

  test("is set aside for like a page of the heap, and stays as it is where that cannot be paid", () => {
    const storage = { threshold: bytes(0), capacity: bytes(1_000), period: seconds(1_000_000) };
    const fees = { ...genesis([]).parameters.fees, gibSecond: cycles(2n ** 30n) };
    const reserved = (script: Script, reservedLimit: bigint) =>
      find(led({ go: script }, { reservedLimit: cycles(reservedLimit) }, { storage, fees, cores: 1 }), "executed")[0]!;
    const two = reserved([grow(2)], 10n ** 12n);
    expect(two.reserved).toBe(20n * 10_000n);
    expect(reserved([write(0), write(1)], 10n ** 12n).reserved).toBe(10n * 5_000n + 20n * 10_000n - 10n * 5_000n);
    expect(reserved([grow(1), write(2)], 10n ** 12n).reserved).toBe(10n * 5_000n);
    expect(reserved([grow(2)], 199_999n)).toMatchObject({ trap: "IC0534", reserved: 0n });
  });

  test("grows no further than a core's share of the memory of the subnet", () => {
    const storage = { threshold: bytes(0), capacity: bytes(40), period: seconds(0) };
    const two = led({ go: [grow(2), size], more: [grow(1), size], heap: [write(0), size] }, {}, { storage, cores: 2 });
    expect(answers(two)).toEqual([of(2), of(3), of(3)]);
    const full = led({ go: [write(0), write(1), grow(1), size] }, {}, { storage, cores: 2 });
    expect(answers(full)).toEqual([of(0)]);
  });
});

describe("installations and snapshots", () => {
  const chief = (...asked: readonly (readonly string[])[]): CanisterGenesis =>
    canister("chief", Object.fromEntries(asked.map((words, k) => [`go${k}`, words.map((said) => asks(said))])));
  const methods = { fill: [grow(2), write(3, "bb"), size], size: [size], read: [replyWith({ kind: "page", page: 3 })] };
  const target = canister("a", methods, { controllers: [canisterId("chief")] });
  const module = (hooks: Partial<CodeGenesis> = {}): Module => ({ name: moduleName("m"), methods: target.methods, onTimer: [], ...hooks });
  const say = (id: string, method: string): readonly Input[] => [ingress(id, "a", method), round(9)];
  const go = (k: number): readonly Input[] => [ingress(`g${k}`, "chief", `go${k}`), ...rounds(3)];
  const looks = [...say("s", "size"), ...say("r", "read")];

  test("an upgrade keeps its size, a reinstallation begins without, and each may make it larger", () => {
    const after = (mode: string, hooks: Partial<CodeGenesis>): readonly unknown[] => {
      const trace = run(genesis([chief([`install_code a ${mode} m`]), target], {}, [module(hooks)]), [
        ...say("f", "fill"),
        ...go(0),
        ...looks,
      ]);
      expect(balanced(trace)).toBe(true);
      return [...answers(trace).slice(-2), ...sizes(trace), ...find(trace, "installation-ran").map(({ pages }) => pages)];
    };
    expect(after("upgrade", {})).toEqual([of(2), "bb", 2, 2]);
    expect(after("upgrade", { onPostUpgrade: [grow(1)] })).toEqual([of(3), "bb", 2, 3, 3]);
    expect(after("reinstall", {})).toEqual([of(0), "IC0502", 2, 0, 0]);
    expect(after("reinstall", { onInit: [grow(3)] })).toEqual([of(3), "", 2, 3, 3]);
    expect(after("reinstall", { onInit: [grow(3), trap] })).toEqual([of(2), "bb", 2, 2]);
  });

  test("a snapshot has it, takes memory for it, and brings it back", () => {
    const asked = chief(["take_canister_snapshot a"], ["install_code a reinstall m", "load_canister_snapshot a a 0"]);
    const trace = run(genesis([asked, target], {}, [module()]), [...say("f", "fill"), ...go(0), ...go(1), ...looks]);
    expect(find(trace, "snapshot-taken")).toMatchObject([{ pages: 2 }]);
    expect(find(trace, "snapshot-loaded")).toMatchObject([{ pages: 2, wrote: [[3, "bb"]] }]);
    expect(sizes(trace)).toEqual([2, 0, 2]);
    expect(answers(trace).slice(-2)).toEqual([of(2), "bb"]);
  });
});
