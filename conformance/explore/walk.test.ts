/** Worlds are walked as asked, what is broken is found by a shortest way, and each invariant condemns what it is there for. */
import { describe, expect, test } from "vitest";
import { clauses, clauseName, faultsOf, type Genesis } from "../../spec/index.ts";
import * as fc from "fast-check";
import { exploreReportSchema } from "./report.ts";
import { exploredProperty, ledgerBalances, stateInvariants, walksIn, type WorldInvariant } from "./invariants.ts";
import { modelSystem, type Situation } from "./model-system.ts";
import { walkPath } from "./system.ts";
import { walkWorld, type WalkOptions } from "./walk.ts";
import { smallWorld, usualScopes, worldNames, type Scope, type WorldName } from "./worlds.ts";

const asked = (world: WorldName, scope: Partial<Scope> = {}, more: Partial<WalkOptions> = {}): WalkOptions => ({
  world,
  scope: { ...usualScopes[world], ...scope },
  lag: null,
  laws: 0,
  ...more,
});

const clause = (name: string) => clauses.find((candidate) => clauseName(candidate) === name)!;

describe("named worlds", () => {
  test.each(worldNames)("%s is a world without faults", (name) => {
    const { geneses, moves } = smallWorld(name, usualScopes[name]);
    expect(geneses.flatMap((genesis: Genesis) => faultsOf(genesis))).toEqual([]);
    expect(geneses.length).toBeGreaterThan(0);
    expect(moves.length).toBeGreaterThan(1);
  });
  test("combinations of allocations that a network refuses are no worlds", () => {
    const { geneses } = smallWorld("scheduler", { ...usualScopes.scheduler, cores: 1, allocations: [0, 60] });
    expect(geneses).toHaveLength(4);
    expect(() => walkWorld(asked("scheduler", { cores: 1, allocations: [60] }))).toThrow("no combination of the allocations 60");
  });
  test("a random walk is a scenario of the world", () =>
    fc.assert(
      fc.property(walksIn(smallWorld("calls", usualScopes.calls), 20), ({ genesis, inputs }) => {
        expect(faultsOf(genesis)).toEqual([]);
        expect(new Set(inputs.flatMap((input) => (input.kind === "ingress" ? [input.id] : []))).size).toBe(
          inputs.filter(({ kind }) => kind === "ingress").length,
        );
      }),
      { numRuns: 20 },
    ));
});

describe("walks", () => {
  test("a small world of calls is walked in full, laws of the suite included", () => {
    const { report, failure } = walkWorld(asked("calls", { canisters: 1 }, { laws: 30 }));
    expect(exploreReportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({ system: "model", stopped: null, verdict: "held", frontier: 0, collisions: 0 });
    expect(report.laws.ids.length).toBeGreaterThan(30);
    expect(report.laws.judged).toBe(report.transitions);
    expect(failure).toBeNull();
  });
  test("the promise of an allocation is kept in every window, whatever the adversary does", () => {
    const { report } = walkWorld(asked("scheduler", { allocations: [0, 40] }, { lag: 99 }));
    expect(report).toMatchObject({ system: "compiled", verdict: "held", stopped: null, worstLag: { lag: 40 } });
  });
  test("a bound that does not hold is broken by a shortest way, the same in both systems", () => {
    const scope = { canisters: 2, cores: 1, allocations: [0, 50], inputs: 1 };
    const [compiled, model] = (["compiled", "model"] as const).map((system) => walkWorld(asked("scheduler", scope, { lag: 49, system })));
    expect(compiled!.report.broken).toMatchObject({ invariant: "allocation-kept-49", moves: 1, inputs: 3 });
    expect(model!.report.broken).toEqual(compiled!.report.broken);
    expect(model!.failure?.case).toEqual(compiled!.failure?.case);
    expect(exploredProperty("allocation-kept-49")?.judge?.(model!.worst!).kind).toBe("holds");
  });
  test("credit runs away where an allocation and its share of the rest pass a whole core", () => {
    const { report } = walkWorld(asked("scheduler", { allocations: [0, 90] }, { priority: 5 }));
    expect(report.broken).toMatchObject({ invariant: "priorities-within-5", because: expect.stringContaining("5.06 rounds") as string });
  });
  test("a limit that ends a walk is no success", () =>
    expect(walkWorld(asked("scheduler", {}, { limits: { states: 500 } })).report).toMatchObject({
      verdict: "stopped",
      stopped: "states",
      states: 500,
    }));
  test("the depth that was asked for is one", () =>
    expect(walkWorld(asked("calls", {}, { limits: { depth: 2 } })).report).toMatchObject({ verdict: "held", stopped: "depth", depth: 2 }));
});

describe("a clause that is taken out of the specification is missed", () => {
  test.each([
    ["callback-begin.then.close", "calls"],
    ["cycles-accept.then.take", "calls"],
    ["restart.then.queues", "calls"],
    ["timer-begin.then.clear", "timers"],
  ] as const)("%s", (name, world) => {
    const found = clause(name);
    if (found === undefined) throw new Error(`there is no clause ${name}`);
    const { report, failure, machine } = walkWorld(asked(world, {}, { without: found, laws: 12 }));
    expect(report).toMatchObject({ verdict: "broken", without: name, system: "model" });
    expect(report.broken!.inputs).toBeLessThan(8);
    expect(machine.name).toBe(`model without ${name}`);
    expect(failure?.case.scenario.inputs).toHaveLength(report.broken!.inputs);
  });
});

describe("invariants condemn what they are there for", () => {
  /** The last transition of a short walk, with what came of it changed. */
  const condemned = (id: string, change: (after: Situation) => Situation): string | undefined => {
    const system = modelSystem(smallWorld("calls", usualScopes.calls));
    const { transitions } = walkPath(system, { root: 0, moves: [2, 0, 1] });
    const last = transitions.at(-1)!;
    const invariant = stateInvariants.find((candidate): candidate is WorldInvariant => candidate.id === id)!;
    expect(invariant.check(last)).toBeUndefined();
    return invariant.check({ ...last, move: [{ kind: "restart" }], after: change(last.after) });
  };
  const withCanister = (after: Situation, change: object): Situation => {
    const [[id, first]] = [...after.state.canisters] as unknown as [[string, object]];
    const canisters = new Map(after.state.canisters).set(id as never, { ...first, ...change } as never);
    return { ...after, state: { ...after.state, canisters } };
  };
  test("a priority from nowhere", () =>
    expect(condemned("priorities-balance", (after) => withCanister(after, { accumulatedPriority: 7n }))).toBe("the priorities sum to 7"));
  test("a message that is lost", () =>
    expect(condemned("calls-have-one-place", (after) => withCanister(after, { callbacks: new Map([[9, {}]]) }))).toMatch(
      /callback 9 of a is in 0 places/,
    ));
  test("a restart that changes something", () =>
    expect(condemned("restart-keeps-the-key", (after) => withCanister(after, { balance: 3n }))).toBe("a restart changed a"));
  test("cycles from nowhere", () => {
    const system = modelSystem(smallWorld("calls", usualScopes.calls));
    const [transition] = walkPath(system, { root: 0, moves: [0] }).transitions;
    const [step] = transition!.observation.steps;
    const ledger = { ...step!.observation.ledger, minted: 3n } as never;
    const steps = [{ ...step!, observation: { ...step!.observation, ledger } }];
    expect(ledgerBalances.check({ ...transition!, observation: { steps, complaint: null } })).toBe(
      "4 cycles are in the places of the ledger, 3 were minted or received",
    );
  });
  test("there is a property for each invariant, and none for what nobody said", () => {
    for (const { id } of stateInvariants) expect(exploredProperty(id)?.id).toBe(id);
    expect(exploredProperty("priorities-within-3")?.id).toBe("priorities-within-3");
    expect(exploredProperty("allocation-kept-x")).toBeUndefined();
  });
});
