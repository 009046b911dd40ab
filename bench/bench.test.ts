/** The benchmarks measure what they say: spreads are right, subjects take turns, worlds are worlds, the baseline schedules as published. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { impl } from "../impl/index.ts";
import { createModel, faults, model } from "../model/index.ts";
import { drive, faultsOf, nanoseconds, type Event, type Input, type Session, type Trace } from "../spec/index.ts";
import { second } from "./ample.ts";
import { chargeEverybody } from "./charge-everybody.ts";
import { charges } from "./charges.ts";
import { debtorsOf } from "./debtors.ts";
import { lockstep, pairings, plainMachine } from "./lockstep.ts";
import { callersOf, idlersOf } from "./message-worlds.ts";
import { messages } from "./messages.ts";
import { interleaved, scaled, spreadOf } from "./measure.ts";
import { eventsOf, lanesOf } from "./lanes.ts";
import { threads } from "./threads.ts";
import { scale } from "./scale.ts";
import { tape } from "./tape.ts";
import { textOf } from "./testing.ts";
import { scanAndSort, type Entry } from "./scan-and-sort.ts";
import { crowdedWorlds, crowdOf, drawnWorlds } from "./worlds.ts";

describe("measuring", () => {
  test("a spread is the median and the quarter points", () => expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, lower: 2, upper: 4 }));
  test("the median of an even number of samples lies between two", () => expect(spreadOf([1, 2, 3, 10]).median).toBe(2.5));
  test("no samples are no measurement", () => expect(() => spreadOf([])).toThrow("nothing was measured"));
  test("a reciprocal turns the range round", () =>
    expect(scaled({ median: 2, lower: 1, upper: 4 }, (value) => 8 / value)).toEqual({ median: 4, lower: 2, upper: 8 }));
  test("subjects take turns, and warming up is not counted", () => {
    const order: string[] = [];
    const samples = interleaved([() => order.push("a"), () => order.push("b")], 2, 1);
    expect(order.join("")).toBe("abba" + "ab");
    expect(samples).toEqual([
      [4, 5],
      [3, 6],
    ]);
  });
});

describe("worlds", () => {
  test("drawn worlds are the same for the same seed", () => expect(drawnWorlds(3, 2)).toEqual(drawnWorlds(3, 2)));
  test("a crowded world is a legal genesis with many canisters, and all its rounds are there", () => {
    const [world] = crowdedWorlds(1, 1);
    expect(faultsOf(world!.genesis)).toEqual([]);
    expect(world!.genesis.canisters.length).toBeGreaterThan(32);
    expect(world!.genesis.canisters.length).toBeLessThanOrEqual(64);
    expect(world!.inputs.filter(({ kind }) => kind === "round").length).toBeGreaterThan(3);
  });
  test("in a crowd exactly the canisters of the burst execute, and each replies", () => {
    const crowd = crowdOf(1_000);
    expect(faultsOf(crowd.genesis)).toEqual([]);
    const session = impl.boot(crowd.genesis) as Session;
    for (const active of [10, 0, 3, 1_000]) {
      for (const input of crowd.burst(active)) void session.apply(input);
      const { events } = session.apply(crowd.round()) as { events: readonly Event[] };
      const replied = events.flatMap((event) =>
        event.kind === "ingress-answered" && event.result.kind === "reply" ? [event.ingress] : [],
      );
      expect(replied).toHaveLength(active);
      expect(new Set(events.flatMap((event) => (event.kind === "executed" ? [event.canister] : []))).size).toBe(active);
    }
  });
});

test("the baseline serves allocations: over 100 rounds each canister is first as often as it reserved, or more", () => {
  const allocations = [30, 20, 10, 25, 15];
  const entries = allocations.map((allocation, index): Entry => ({ index, allocation, priority: 0, active: true }));
  const served = allocations.map(() => 0);
  for (let round = 0; round < 100; round++) for (const { index } of scanAndSort(entries, 2).slice(0, 2)) served[index]!++;
  expect(entries.reduce((sum, { priority }) => sum + priority, 0)).toBe(0);
  allocations.forEach((allocation, index) => expect(served[index]).toBeGreaterThanOrEqual(allocation));
});

test("the report of a small run keeps its schema, and its tables name every number", () => {
  const text = textOf({ scale: [...scale(2, [100, 200, 1_000])] }, 2, "npm run bench");
  expect(text).toContain("| 200 | 2 | 1 % |");
  for (const active of [0, 1, 10, 100]) expect(text).toContain(`| 100 | ${active} | ${active} % |`);
  expect(text).toContain("100 active among");
});

describe("lockstep", () => {
  test("model and machine agree in every pairing, and the table names every number", () => {
    const measured = [...lockstep(1, 0.02)];
    expect(measured.map(({ model: name, machine }) => `${name} × ${machine}`)).toEqual([
      "naive: immer, ts-pattern × scan and sort",
      "compiled rules × scan and sort",
      "compiled rules × impl",
      "none × impl",
      "reference × impl",
    ]);
    const text = textOf({ lockstep: measured }, 1, "npm run bench -- lockstep");
    expect(text).toContain("| reference | impl | every observation");
  });

  test("a machine that serves somebody else is found by each model beside it", () => {
    const trace = Array.from({ length: 100 }, () => 31);
    const fault = faults.find(({ id }) => id === "ties-go-to-the-greater-id")!;
    const wrong = { plain: () => plainMachine((order) => [...order].reverse()), whole: createModel({ replacement: fault.replacement }) };
    for (const { walk } of pairings()) expect(() => walk(trace)).not.toThrow();
    const found = pairings(wrong).map(({ compared, walk }) => ({ compared, walk: () => walk(trace) }));
    expect(found).toHaveLength(5);
    for (const { compared, walk } of found)
      if (compared === "nothing") expect(walk).not.toThrow();
      else expect(walk).toThrow("model and machine part in");
  });
});

describe("threads", () => {
  test("lanes hold exactly the events of the cores, and refuse other turns", () => {
    const crowd = crowdOf(20);
    const session = impl.boot(crowd.genesis) as Session;
    for (const input of [...crowd.burst(20), crowd.round(), ...crowd.burst(20)]) void session.apply(input);
    const { events } = session.apply(crowd.round()) as { events: readonly Event[] };
    const turns = events.slice(
      events.findIndex(({ kind }) => kind === "turn-began"),
      -1,
    );
    expect(turns).toHaveLength(6 * 20);
    expect(eventsOf(lanesOf(turns))).toEqual(turns);
    expect(() => lanesOf(turns.slice(1, 7))).toThrow("turn 1 is not one message and one reply");
  });

  test("are handed real rounds, and the table names every number", async () => {
    const threaded = await threads(2, [20]);
    expect(threaded.rows.map(({ active, events }) => [active, events])).toEqual([[20, 120]]);
    const text = textOf({ threads: threaded }, 2, "npm run bench -- threads");
    expect(text).toContain("| 20 | 120 |");
  });
});

describe("charges", () => {
  test("of the engine and of the loop are the same to the cycle, whoever was active meanwhile", () => {
    const crowd = debtorsOf(300);
    expect(faultsOf(crowd.genesis)).toEqual([]);
    const session = impl.boot(crowd.genesis) as Session;
    const told = (input: Input) =>
      (session.apply(input) as { events: readonly Event[] }).events.filter(
        ({ kind }) => kind === "resources-charged" || kind === "ran-dry",
      );
    const first = crowd.settle.flatMap(told);
    let now = 10n * second + 1n;
    const same = () => {
      const { dry, ...taken } = chargeEverybody(crowd.debtors, now, 10n * second);
      expect(dry).toEqual([]);
      return [{ kind: "resources-charged", ...taken, messages: 0n }];
    };
    expect(first).toEqual(same());
    for (const seconds of [10n, 13n, 10n, 100n]) {
      now += seconds * second;
      for (const input of crowd.wake(7)) expect(told(input)).toEqual([]);
      now += 1n;
      expect(told(crowd.round(nanoseconds(seconds * second)))).toEqual(same());
    }
    expect(crowd.prices).toBeGreaterThan(10);
  });

  test("by the loop let canisters run dry, too, the period and its rest being as they are", () => {
    const debtors = [100n, 15n, 4n].map((balance) => ({ balance, chargedAt: 0n, memoryDay: 86_400n, computeDay: 86_400n }));
    expect(chargeEverybody(debtors, 9n * second, 10n * second)).toEqual({ canisters: 0, memory: 0n, compute: 0n, dry: [] });
    expect(chargeEverybody(debtors, 10n * second + 1n, 10n * second)).toMatchObject({
      canisters: 3,
      memory: 20n,
      compute: 10n,
      dry: debtors.slice(1),
    });
    expect(debtors.map(({ balance, chargedAt }) => [balance, chargedAt - 10n * second])).toEqual([
      [80n, 1n],
      [5n, 1n],
      [4n, 1n],
    ]);
  });

  test("keep the schema of the report, and their table names every number", () => {
    const text = textOf({ charges: [...charges(2, [100, 200])] }, 2, "npm run bench -- charges");
    expect(text).toContain("| 200 |");
  });
});

describe("messages", () => {
  test("are counted once for each request and each response, whatever the calls are like", () => {
    for (const kind of ["ten at once", "ten, best-effort", "one after another", "across subnets"] as const) {
      const { geneses, burst, round } = callersOf(kind, 3);
      for (const genesis of geneses) expect(faultsOf(genesis)).toEqual([]);
      const rounds = Array.from({ length: 60 }, (_, at) => round(at % geneses.length));
      const scenario = { genesis: geneses[0]!, ...(geneses.length > 1 && { others: geneses.slice(1) }), inputs: [...burst(), ...rounds] };
      const events = (drive(model, scenario) as Trace).steps.flatMap(({ observation }) => observation.events);
      const count = (wanted: Event["kind"]) => events.filter(({ kind: came }) => came === wanted).length;
      expect([kind, count("request-inducted"), count("response-inducted"), count("ingress-answered")]).toEqual([kind, 30, 30, 3]);
    }
  });

  test("and memory keep their schema, and their tables name every number", () => {
    setFlagsFromString("--expose-gc");
    Object.assign(globalThis, { gc: runInNewContext("gc") as () => void });
    const measured = messages(2, 5, [500]);
    expect(measured.delivered.map(({ messages: count }) => count)).toEqual([1_000, 1_000, 1_000, 1_000]);
    expect(measured.memory.map(({ canisters }) => canisters)).toEqual([500, 500]);
    const text = textOf({ messages: measured }, 2, "npm run bench -- messages");
    expect(text).toContain("| one after another | 5 | 1,000 |");
  });

  test("canisters that were used long ago are remembered by nobody but themselves", () => {
    const { genesis, use } = idlersOf(5);
    const events = (drive(model, { genesis: genesis(), inputs: use() }) as Trace).steps.flatMap(({ observation }) => observation.events);
    const count = (wanted: Event["kind"]) => events.filter(({ kind: came }) => came === wanted).length;
    expect([count("request-inducted"), count("response-inducted"), count("ingress-pruned")]).toEqual([5, 5, 5]);
  });
});

test("the tape is measured in every step with both libraries, and in both ways", async () => {
  const measured = await tape(1, 1, 1, [3]);
  expect(measured.operations.map(({ operation }) => operation)).toEqual([
    "hash to the curve",
    "sign",
    "verify by a pairing",
    "combine 2 shares",
  ]);
  expect(measured.ways.map(({ task, library }) => `${task}, ${library}`)).toEqual([
    "recognise a share, noble",
    "a tape from 2 of 4 shares, noble",
    "recognise a share, mcl-wasm",
    "a tape from 2 of 4 shares, mcl-wasm",
    "the shares of 4 nodes, noble",
    "a height of 4 nodes, noble",
    "verify 3 heights, noble",
    "verify 3 heights, mcl-wasm",
  ]);
  const text = textOf({ tape: measured }, 1, "npm run bench -- tape");
  expect(text).toContain("| a tape from 2 of 4 shares | mcl-wasm |");
});
