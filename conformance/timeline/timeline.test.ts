/** Timelines of small sessions: what a round was is known before anything is drawn. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, height, hex, instructions, nanoseconds, percent, type Input, type Observation } from "../../spec/index.ts";
import { createModel } from "../../model/index.ts";
import { MachineFault } from "../fault.ts";
import { canister, genesisOf, ingress, round } from "../testing/worlds.ts";
import { clipped, standingOf } from "./data.ts";
import { record } from "./record.ts";
import { asked, cellsOf, checkpointed, decided, rounds, stopped, timelineFrom, working } from "./testing.ts";
import { timelineOf } from "./timeline.ts";

const slicesOf = (timeline: Awaited<ReturnType<typeof timelineFrom>>) =>
  timeline.rounds.map(({ turns }) => turns.flatMap(({ slices }) => slices));

const writing = Array.from({ length: 4 }, (_, page) => ({
  op: "write" as const,
  page,
  value: { kind: "bytes" as const, bytes: hex("01") },
}));

describe("a long execution", () => {
  test("is so many slices, a full round each, that are paid when it is over", async () => {
    const timeline = await timelineFrom([canister("a", { go: working(350) })], [ingress("i", "a", "go"), ...rounds(5)]);
    expect(slicesOf(timeline)).toMatchObject([
      [{ number: 1, of: 4, begins: "first", ends: "paused" }],
      [{ number: 2, of: 4, begins: "resumed", ends: "paused" }],
      [{ number: 3, of: 4, begins: "resumed", ends: "paused" }],
      [{ number: 4, of: 4, begins: "resumed", ends: "finished" }],
      [],
    ]);
    expect(cellsOf(timeline, "a", "state")).toEqual(["runs", "runs", "runs", "runs", "idle"]);
    expect(cellsOf(timeline, "a", "work")).toEqual([true, true, true, true, false]);
    expect(cellsOf(timeline, "a", "full").slice(0, 4)).toEqual([true, true, true, true]);
    expect(cellsOf(timeline, "a", "unpaid").slice(0, 4)).toEqual([1, 2, 3, 0]);
    expect(cellsOf(timeline, "a", "window").at(-1)).toBeNull();
  });

  test("that is not over has no number of slices yet", async () => {
    const timeline = await timelineFrom([canister("a", { go: working(350) })], [ingress("i", "a", "go"), ...rounds(2)]);
    expect(slicesOf(timeline)).toMatchObject([[{ number: 1, of: null }], [{ number: 2, of: null, wasted: false }]]);
  });

  test("that a checkpoint aborts loses its slices and begins afresh", async () => {
    const inputs = [ingress("i", "a", "go"), round(), checkpointed, ...rounds(3)];
    const timeline = await timelineFrom([canister("a", { go: working(250) })], inputs);
    expect(slicesOf(timeline)).toMatchObject([
      [{ number: 1, of: null, wasted: true }],
      [{ number: 2, of: null, wasted: true }],
      [{ number: 1, of: 3, begins: "afresh", wasted: false }],
      [{ number: 2, of: 3, begins: "resumed" }],
      [{ number: 3, of: 3, ends: "finished" }],
    ]);
    expect(cellsOf(timeline, "a", "lost")).toEqual([0, 2, 0, 0, 0]);
    expect(timeline.rounds.map(({ checkpoint }) => checkpoint)).toEqual([false, true, false, false, false]);
  });

  test("may be aborted in a round in which it did not run", async () => {
    const three = ["a", "b", "c"].map((id) => canister(id, { go: working(350) }));
    const inputs = [ingress("i", "a", "go"), round(), ingress("j", "b", "go"), ...rounds(5)];
    const timeline = await timelineFrom(three, inputs, { maxPausedExecutions: 1 });
    expect(cellsOf(timeline, "b", "lost")).toContain(1);
    expect(cellsOf(timeline, "a", "lost").every((lost) => lost === 0)).toBe(true);
  });
});

describe("a turn", () => {
  test("begins where the one before it on its core ended, and iterations begin on all cores at once", async () => {
    const quick = { go: working(10), nap: working(1) };
    const timeline = await timelineFrom(
      [canister("a", quick), canister("b", quick), canister("c", quick)],
      [...asked("a", "go", 2), ...asked("b", "go", 1), ...asked("c", "go", 1), round()],
      { roundInstructionLimit: instructions(400) },
    );
    expect(timeline.rounds[0]?.turns).toMatchObject([
      { core: 0, canister: "a", from: 0, instructions: 30, messages: 2, drained: true },
      { core: 0, canister: "c", from: 30, instructions: 15, messages: 1 },
      { core: 1, canister: "b", from: 0, instructions: 15, messages: 1 },
    ]);
    expect(timeline.span).toBe(45);
  });

  test("tells how often a canister got one, and who waited", async () => {
    const three = [canister("a", { go: working(350) }), ...["b", "c"].map((id) => canister(id, { go: working(100) }))];
    const inputs = [ingress("i", "a", "go"), ...asked("b", "go", 9), ...asked("c", "go", 9), ...rounds(4)];
    const timeline = await timelineFrom(three, inputs);
    expect(timeline.rounds.map(({ turns }) => turns.map(({ canister: id, core }) => `${id}${core}`))).toEqual([
      ["a0", "b1"],
      ["a0", "c1"],
      ["a0", "c1"],
      ["a0", "b1"],
    ]);
    expect(cellsOf(timeline, "c", "state")).toEqual(["waits", "runs", "runs", "waits"]);
  });
});

describe("a canister that waits", () => {
  test("is overtaken where a long execution with less priority had run for longer", async () => {
    const [a, b] = [canister("a", { go: working(500) }), canister("b", { go: working(500) }, { computeAllocation: percent(90) })];
    const inputs = [ingress("i", "a", "go"), round(), ingress("j", "b", "go"), ...asked("c", "go", 9), ...rounds(6)];
    const timeline = await timelineFrom([a, b, canister("c", { go: working(100) })], inputs);
    expect(cellsOf(timeline, "b", "overtaken")).toContainEqual({ by: "a", because: "age" });
  });

  test("is not overtaken by more priority", async () => {
    const inputs = [...asked("a", "go", 9), ...asked("b", "go", 9), ...asked("c", "go", 9), ...rounds(1)];
    const timeline = await timelineFrom(
      ["a", "b", "c"].map((id) => canister(id, { go: working(100) })),
      inputs,
    );
    expect(cellsOf(timeline, "c", "state")).toEqual(["waits"]);
    expect(cellsOf(timeline, "c", "overtaken")).toEqual([null]);
  });
});

describe("a canister that does not run", () => {
  test("is suspended while its heap debit is too high, and pays", async () => {
    const inputs = [...asked("a", "go", 2), ...rounds(4)];
    const timeline = await timelineFrom([canister("a", { go: writing })], inputs, { heapDeltaRateLimit: bytes(64) });
    expect(cellsOf(timeline, "a", "state")).toEqual(["runs", "suspended", "runs", "idle"]);
    expect(cellsOf(timeline, "a", "window").map((window) => window?.rounds ?? 0)).toEqual([1, 0, 1, 0]);
  });

  test("is idle, and charged where it stands in front", async () => {
    const three = ["a", "b", "c"].map((id) => canister(id, { go: working(10) }));
    const timeline = await timelineFrom(three, [ingress("i", "b", "go"), round()]);
    expect(["a", "b", "c"].map((id) => [cellsOf(timeline, id, "state")[0], cellsOf(timeline, id, "full")[0]])).toEqual([
      ["idle", true],
      ["runs", true],
      ["idle", false],
    ]);
  });

  test("is skipped with everybody else when the gate is shut, and that counts for nobody", async () => {
    const inputs = [...asked("a", "go", 9), ...rounds(3)];
    const timeline = await timelineFrom([canister("a", { go: writing })], inputs, { heapDeltaCapacity: bytes(128) });
    expect(timeline.rounds.map(({ skipped }) => skipped)).toEqual([false, true, true]);
    expect(cellsOf(timeline, "a", "state")).toEqual(["runs", "skipped", "skipped"]);
    expect(cellsOf(timeline, "a", "window").map((window) => window?.rounds)).toEqual([1, 1, 1]);
  });

  test("is absent before it is created and after it is deleted", async () => {
    const created: Input = { kind: "create-canister", canister: canister("b", { go: working(10) }) };
    const deleted: Input = { kind: "delete-canister", canister: canisterId("b") };
    const timeline = await timelineFrom([canister("a")], [round(), created, round(), deleted, round()]);
    expect(cellsOf(timeline, "b", "state")).toEqual(["absent", "idle", "absent"]);
    expect(clipped(timeline, 3, 1).canisters.map(({ canister: id }) => id)).toEqual(["a"]);
  });
});

describe("a canister that is stopped", () => {
  test("runs no more than it has begun, and is idle until it is started", async () => {
    const timeline = await stopped();
    expect(cellsOf(timeline, "b", "state")).toEqual(["runs", "idle", "runs", "idle", "idle", "idle"]);
    expect(cellsOf(timeline, "b", "status")).toEqual(["running", "stopping", "stopped", "stopped", "stopped", "running"]);
  });

  test("is absent from the round on in which it is deleted", async () => {
    const inputs = [ingress("s", "a", "stop"), ...rounds(2), ingress("d", "a", "remove"), ...rounds(3)];
    const timeline = await timelineFrom(decided, inputs);
    expect(cellsOf(timeline, "b", "state")).toEqual(["idle", "idle", "idle", "idle", "absent"]);
  });
});

describe("events that make no sense", () => {
  test("are the fault of the machine", () => {
    const observation = {
      events: [
        { kind: "round-began", height: height(1), time: nanoseconds(1n) },
        { kind: "hook-ready", canister: canisterId("nobody") },
      ],
    } as unknown as Observation;
    const steps = [{ input: round(), observation, accounts: null }];
    expect(() => timelineOf({ machine: "odd", genesis: genesisOf([canister("a")]), steps })).toThrow(MachineFault);
  });
});

describe("the guarantee", () => {
  const busy = ["a", "b", "c"].map((id) => canister(id, { go: working(100) }, { computeAllocation: percent(id === "a" ? 40 : 0) }));
  const messages = ["a", "b", "c"].flatMap((id) => asked(id, "go", id === "a" ? 80 : 30));
  const published = { scheduler: "published", cores: 1 } as const;

  test("is kept as published, where a full round is the first turn of a core or an emptied queue", async () => {
    const timeline = await timelineFrom(busy, [...messages, ...rounds(120)], published);
    const cells = timeline.canisters.find(({ canister: id }) => id === "a")?.cells ?? [];
    expect(cells.at(-1)?.window).toMatchObject({ rounds: 100, promised: 40 });
    expect(cells.map(standingOf)).not.toContain("broken");
    expect(timeline.rounds.flatMap(({ turns }) => turns).length).toBe(cells.length);
    expect(["a", "b", "c"].map((id) => cellsOf(timeline, id, "full").filter(Boolean).length)).toEqual([72, 24, 24]);
  });

  test("says what an even share of the rest comes to", async () => {
    const timeline = await timelineFrom(busy, [...messages, round()], published);
    expect(["a", "b", "c"].map((id) => cellsOf(timeline, id, "share")[0])).toEqual([60, 20, 20]);
  });

  test("follows an allocation that changes", async () => {
    const more: Input = { kind: "set-compute-allocation", canister: canisterId("a"), computeAllocation: percent(10) };
    const timeline = await timelineFrom(busy, [...messages, ...rounds(10), more, ...rounds(20)], published);
    expect(cellsOf(timeline, "a", "window").map((window) => window?.promised)).toEqual([
      ...[0, 0, 1, 1, 2, 2, 2, 3, 3, 4],
      ...Array.from({ length: 20 }, (_, k) => Math.floor((400 + 10 * (k + 1)) / 100)),
    ]);
  });

  test("is broken only by a whole window, and behind before", () => {
    const cell = {
      state: "waits",
      status: "running",
      work: true,
      full: false,
      allocation: 50,
      share: 50,
      priority: 0,
      unpaid: 0,
      lost: 0,
      overtaken: null,
    } as const;
    const after = (count: number, full: number) =>
      standingOf({ ...cell, window: { rounds: count, full, promised: Math.floor(count / 2) } });
    expect([after(100, 49), after(100, 50), after(99, 48), after(99, 49)]).toEqual(["broken", "kept", "behind", "kept"]);
  });
});

describe("a priority", () => {
  test("is told in rounds of one core under either scheduler", async () => {
    const busy = ["a", "b"].map((id) => canister(id, { go: working(100) }, { computeAllocation: percent(id === "a" ? 20 : 0) }));
    const inputs = [...asked("a", "go", 3), ...asked("b", "go", 3), round()];
    const published = await timelineFrom(busy, inputs, { scheduler: "published", cores: 1 });
    expect(["a", "b"].map((id) => cellsOf(published, id, "priority")[0])).toEqual([0.6 - 1, 0.4]);
    const current = await timelineFrom(busy, inputs, {});
    expect(["a", "b"].map((id) => cellsOf(current, id, "priority")[0])).toEqual([0, 0]);
  });

  test("is unknown where a machine does not show its state", async () => {
    const model = createModel();
    const silent = {
      name: "silent",
      boot: async (genesis: Parameters<typeof model.boot>[0]) => {
        const session = await model.boot(genesis);
        return { apply: session.apply };
      },
    };
    const genesis = genesisOf([canister("a", { go: working(10) })]);
    const timeline = timelineOf(await record(silent, { genesis, inputs: [...asked("a", "go", 1), round()] }));
    expect(timeline.machine).toBe("silent");
    expect(cellsOf(timeline, "a", "priority")).toEqual([null]);
    expect(cellsOf(timeline, "a", "state")).toEqual(["runs"]);
  });
});
