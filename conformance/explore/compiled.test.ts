/** The compiled scheduler world is the scheduler world of the reference: state by state, move by move. */
import { describe, expect, test } from "vitest";
import { compiledScheduler } from "./compiled.ts";
import { exploreRows } from "./engine.ts";
import { modelSystem, type Situation } from "./model-system.ts";
import { allocationKept } from "./observers.ts";
import { newProfile, type Canisters } from "./profiles.ts";
import { rowLayout } from "./rows.ts";
import { explore } from "./system.ts";
import { smallWorld, usualScopes, type Scope, type SmallWorld } from "./worlds.ts";

const scopeOf = (more: Partial<Scope>): Scope => ({ ...usualScopes.scheduler, ...more });
const worldOf = (more: Partial<Scope>): SmallWorld => smallWorld("scheduler", scopeOf(more));

/** The row that a state of the reference would be in compiled form. */
const rowsFor = (world: SmallWorld) => {
  const { parameters, canisters } = world.geneses[0]!;
  const count = canisters.length;
  const now: Canisters = {
    priority: new Float64Array(count),
    allocation: new Int32Array(count),
    order: new Int32Array(count),
    underway: new Int32Array(count),
    age: new Int32Array(count),
    executed: new Int32Array(count),
    work: new Uint8Array(count),
    served: new Uint8Array(count),
    completed: new Uint8Array(count),
  };
  const { wide, period } = newProfile(parameters, now);
  const layout = rowLayout({
    count,
    slices: world.slices,
    underWay: world.underWay,
    lags: true,
    wide,
    period,
    roots: world.geneses.length,
  });
  const queues = new Int32Array(count);
  const lag = new Int32Array(count);
  return ({ genesis, state, memories }: Situation): readonly number[] => {
    const { promised: books } = memories[0] as { readonly promised: ReadonlyMap<string, { readonly lag: number }> };
    [...state.canisters.values()].forEach(({ id, accumulatedPriority, ingress, underway, executedRounds }, at) => {
      now.priority[at] = Number(accumulatedPriority);
      queues[at] = layout.empty;
      for (const message of ingress) queues[at] = layout.push(queues[at], message.method === "long" ? 1 : 0);
      now.underway[at] = underway === null ? 0 : 1 + (underway.attempt?.slices ?? 0);
      now.age[at] = underway === null ? 0 : state.height - underway.since;
      now.executed[at] = executedRounds;
      lag[at] = books.get(id)!.lag;
    });
    const row = new Int32Array(layout.width);
    layout.write(row, world.geneses.indexOf(genesis) * period, state.height % period, now, queues, lag);
    return [...row];
  };
};

const lagging = [allocationKept(1_000_000)];

/** Leads both from one state along every move, and says how many states and moves agreed. */
const inLockstep = (world: SmallWorld, most: number): { readonly states: number; readonly moves: number } => {
  const system = modelSystem(world, { observers: lagging });
  const compiled = compiledScheduler(world, { lags: true });
  const rowOf = rowsFor(world);
  const row = new Int32Array(compiled.width);
  const seen = new Set<string>();
  let level: { readonly situation: Situation; readonly row: Int32Array }[] = [];
  let moves = 0;
  for (const [root, situation] of system.initial.entries()) {
    compiled.begin(root, row);
    expect([...row]).toEqual(rowOf(situation));
    seen.add(system.keyOf(situation).join());
    level.push({ situation, row: row.slice() });
  }
  while (level.length > 0 && seen.size < most) {
    const next: typeof level = [];
    for (const { situation, row: from } of level) {
      const offered = system.movesOf(situation);
      expect(compiled.open(0, from)).toBe(offered.length);
      for (const [number, move] of offered.entries()) {
        const { state: after } = system.step(situation, move);
        compiled.move(number, row);
        const expected = rowOf(after);
        if (expected.some((word, at) => word !== row[at])) expect([...row]).toEqual(expected);
        moves++;
        const key = system.keyOf(after).join();
        if (seen.has(key)) continue;
        seen.add(key);
        next.push({ situation: after, row: row.slice() });
      }
    }
    level = next;
  }
  return { states: seen.size, moves };
};

describe("in lockstep with the reference", () => {
  test("through every state of a published world, the reset of priorities included", () => {
    const { states, moves } = inLockstep(worldOf({ canisters: 2, cores: 1, allocations: [20, 90], inputs: 1 }), 20_000);
    expect(states).toBeGreaterThan(600);
    expect(moves).toBeGreaterThan(states);
  });
  test.each([
    ["published, three canisters on two cores", { allocations: [0, 30, 60] }],
    ["published, sliced", { allocations: [0, 40], inputs: 2, slices: 3 }],
    ["published, with more cores than canisters", { cores: 4, allocations: [0, 50], slices: 2 }],
    ["current", { scheduler: "current", allocations: [0, 30], inputs: 2 }],
    ["current, sliced", { scheduler: "current", allocations: [0, 60], inputs: 2, slices: 3 }],
    ["current, sliced, three cores", { scheduler: "current", canisters: 4, cores: 3, allocations: [0, 80], inputs: 1, slices: 4 }],
    [
      "current, five long ones of which four stay paused",
      { scheduler: "current", canisters: 6, cores: 2, allocations: [0], inputs: 1, slices: 2 },
    ],
  ] as const)("along the first states: %s", (_name, more) => {
    expect(inLockstep(worldOf(more), 150).states).toBeGreaterThanOrEqual(150);
  });
});

describe("counts the same states", () => {
  test.each([
    ["published", { canisters: 2, cores: 1, allocations: [50], inputs: 1 }, {}],
    ["published, with cores for all", { canisters: 2, cores: 2, allocations: [0, 50], inputs: 2, slices: 3 }, {}],
    ["current, to a depth", { scheduler: "current", allocations: [0, 40], inputs: 1, slices: 2 }, { depth: 3 }],
  ] as const)("%s", (_name, more, limits) => {
    const world = worldOf(more);
    const model = explore({ system: modelSystem(world), invariants: [], limits });
    const compiled = exploreRows(compiledScheduler(world), limits);
    expect({ states: compiled.states, transitions: compiled.transitions, widths: compiled.widths }).toEqual({
      states: model.states,
      transitions: model.transitions,
      widths: model.widths,
    });
    expect(compiled.states).toBeGreaterThan(60);
  });
  test("with lags too", () => {
    const world = worldOf({ canisters: 2, cores: 1, allocations: [40], inputs: 1 });
    const model = explore({ system: modelSystem(world, { observers: lagging }), invariants: [] });
    const compiled = exploreRows(compiledScheduler(world, { lags: true }));
    expect(compiled.widths).toEqual(model.widths);
    expect(compiled.worst).toEqual(model.worst);
  });
});

describe("what does not fit a row is refused", () => {
  test("other worlds", () => expect(() => compiledScheduler(smallWorld("calls", usualScopes.calls))).toThrow("only the scheduler world"));
  test("many canisters", () => expect(() => compiledScheduler(worldOf({ canisters: 7, allocations: [0] }))).toThrow("at most 6"));
  test("long queues", () => expect(() => compiledScheduler(worldOf({ inputs: 12, slices: 2 }))).toThrow("do not fit a row"));
});
