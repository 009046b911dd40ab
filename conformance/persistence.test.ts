/** Every item through everything that can happen to it, on the reference and on the engine; and a machine that keeps too much or too little is found. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { impl } from "../impl/index.ts";
import { createModel, model } from "../model/index.ts";
import { clauseName, clauses, drive, faultsOf, type Event, type Machine, type Scenario, type Trace } from "../spec/index.ts";
import { everything, without } from "../properties/index.ts";
import { bounded, measured } from "./effort.ts";
import {
  groupsOf,
  happenings,
  items,
  persistenceTable,
  persistenceWorld,
  survivesByTable,
  type Fate,
  type Happening,
} from "./persistence.ts";

const tried = persistenceTable.filter(({ fate }) => fate !== "impossible");
const groups = groupsOf(persistenceTable);
const judge = survivesByTable.judge!;
const verdictOn = (machine: Machine, scenario: Scenario) => judge(drive(machine, scenario) as Trace);

describe("the table of what survives what", () => {
  test("has every pair once", () => {
    expect(persistenceTable).toHaveLength(items.length * happenings.length);
    expect(new Set(persistenceTable.map(({ item, happening }) => `${item} ${happening}`)).size).toBe(persistenceTable.length);
    expect(groups.flat()).toHaveLength(tried.length);
  });

  test("says in what way an item is not as before, and that it is shown by something else than one that is", () => {
    const kept = new Map(persistenceTable.filter(({ how }) => how === null).map(({ item, shown }) => [item, shown]));
    const shownAsKept = persistenceTable
      .filter(({ fate }) => fate === "changed" || fate === "gone")
      .filter((entry) => kept.get(entry.item) === entry.shown);
    expect(shownAsKept).toEqual([]);
    expect(persistenceTable.filter(({ fate, how }) => fate !== "kept" && how === null)).toEqual([]);
    const count = (fate: Fate): number => persistenceTable.filter((entry) => entry.fate === fate).length;
    expect({ kept: count("kept"), changed: count("changed"), gone: count("gone"), impossible: count("impossible") }).toEqual({
      kept: 313,
      changed: 31,
      gone: 50,
      impossible: 14,
    });
  });

  test("makes worlds that a machine can be booted with", () => {
    for (const group of groups) expect(faultsOf(persistenceWorld(group).scenario.genesis)).toEqual([]);
  });
});

describe.each([model, impl])("on $name", (machine) => {
  test.each(tried)("$item when $happening: $fate", (entry) => {
    expect(verdictOn(machine, persistenceWorld([entry]).scenario)).toEqual({ kind: "holds" });
  });

  test.each(groups.map((group) => [`${group[0]!.item} and others, ${group[0]!.happening}`, group] as const))(
    "%s, and a restart",
    (_, group) => {
      for (const again of [false, true]) expect(verdictOn(machine, persistenceWorld(group, again).scenario)).toEqual({ kind: "holds" });
    },
  );
});

test("what is said to happen happens to every canister to which it can", () => {
  const shows: Readonly<Partial<Record<Happening, (event: Event) => boolean>>> = {
    completed: (event) => event.kind === "executed" && event.trap === null,
    trapped: (event) => event.kind === "executed" && event.trap === "IC0503",
    asked: ({ kind }) => kind === "query-answered",
    "round-asked": ({ kind }) => kind === "executed",
    inspected: ({ kind }) => kind === "ingress-refused",
    paused: ({ kind }) => kind === "execution-paused",
    aborted: ({ kind }) => kind === "execution-aborted",
    loaded: ({ kind }) => kind === "snapshot-loaded",
    uninstalled: ({ kind }) => kind === "uninstalled" || kind === "uninstall-refused",
    dry: ({ kind }) => kind === "ran-dry",
    deleted: ({ kind }) => kind === "canister-deleted" || kind === "canister-delete-refused",
  };
  for (const entry of tried) {
    const shown = shows[entry.happening];
    if (shown === undefined || (entry.item === "execution" && ["dry", "loaded"].includes(entry.happening))) continue;
    const world = persistenceWorld([entry]);
    const steps = (drive(model, world.scenario) as Trace).steps.slice(world.happens, world.looks);
    expect(steps.flatMap(({ observation }) => observation.events).some(shown), `${entry.item} when ${entry.happening}`).toBe(true);
  }
});

describe("a machine", () => {
  const worlds = groups.flatMap((group) => [false, true].map((again) => persistenceWorld(group, again).scenario));
  const efforts = new Map(
    worlds.map((scenario) => {
      const touched = new Set<string>();
      const { effort } = measured(scenario, (clause, outcome) => void (outcome !== "held" && touched.add(clauseName(clause))));
      return [scenario, { effort, touched }];
    }),
  );

  test.each([
    "code-replace.then.code",
    "code-replace.then.heap",
    "code-replace.then.stable",
    "code-replace.then.timer",
    "code-replace.then.certified",
    "code-replace.then.hook",
    "install-rollback.then.code",
    "install-rollback.then.memory",
    "install-rollback.then.timer",
    "install-rollback.then.certified",
    "install-rollback.then.hook",
    "snapshot-take.then.keep",
    "snapshot-load.then.code",
    "snapshot-load.then.memory",
    "snapshot-load.then.certified",
    "snapshot-load.then.hook",
    "snapshot-load.then.chunks",
    "canister-uninstall.then.code",
    "canister-uninstall.then.memory",
    "canister-uninstall.then.timer",
    "canister-uninstall.then.certified",
    "canister-uninstall.then.chunks",
    "canister-exhaust.then.code",
    "canister-exhaust.then.memory",
    "canister-exhaust.then.timer",
    "canister-exhaust.then.certified",
    "canister-exhaust.then.allocation",
    "canister-exhaust.then.snapshots",
    "canister-exhaust.then.chunks",
    "canister-exhaust.then.burn",
    "canister-delete.when.answered",
    "canister-delete.when.rested",
    "canister-delete.when.empty",
    "canister-delete.then.remove",
    "canister-delete.then.burn",
    "canister-delete.then.retire",
    "context-withdraw.then.respond",
    "context-delete.then.delete",
    "response-discard.when.deleted",
    "execution-rollback.then.memory",
    "execution-rollback.then.timer",
    "execution-rollback.then.certified",
    "execution-rollback.then.balance",
    "execution-rollback.then.reserved",
    "execution-rollback.then.requests",
    "execution-rollback.then.callbacks",
    "query-discard.when.query",
    "query-discard.then.memory",
    "query-end.then.memory",
    "checkpoint.then.keep",
    "execution-abort.then.drop",
    "execution-pause.then.debit",
    "restart.then.clock",
    "restart.then.balances",
    "restart.then.reserves",
    "restart.then.code",
    "restart.then.memory",
    "restart.then.certified",
    "restart.then.queues",
    "restart.then.callbacks",
    "restart.then.ingress",
    "restart.then.randomness",
    "restart.then.members",
    "restart.then.snapshots",
    "restart.then.chunks",
    "restart.then.allocations",
    "restart.then.executions",
    "restart.then.statuses",
    "restart.then.management",
    "restart.then.consensus",
    "management-take.when.steady",
    "canister-stop.then.stop",
    "canister-stop.then.wait",
    "canister-rest.when.answered",
    "stop-answer.when.stopped",
    "stop-expire.when.late",
  ])("without %s is found", (name) => {
    const mutation = clauses.find((clause) => clauseName(clause) === name)!;
    const isFound = worlds.some((scenario) => {
      const { effort, touched } = efforts.get(scenario)!;
      // Where the clause never mattered, the machine without it does the same.
      if (!touched.has(name)) return false;
      try {
        return verdictOn(bounded({ mutation }, effort), scenario).kind === "fails";
      } catch {
        // A reading so broken that it breaks down is found by whoever drives it.
        return false;
      }
    });
    expect(isFound).toBe(true);
  });

  test("that keeps the pages of a trap is found, and told where", () => {
    const mutation = clauses.find((clause) => clauseName(clause) === "execution-rollback.then.memory")!;
    const entry = persistenceTable.find(({ item, happening }) => item === "heap" && happening === "trapped")!;
    expect(verdictOn(createModel({ mutation }), persistenceWorld([entry]).scenario)).toEqual({
      kind: "fails",
      at: 5,
      because: "its heap and a message that traps: expected 01, got 03",
    });
  });
});

test("a world that is no longer that of the table says nothing", () => {
  const { scenario } = persistenceWorld(groups[0]!);
  expect(verdictOn(model, { ...scenario, inputs: scenario.inputs.slice(1) })).toMatchObject({ kind: "vacuous" });
  expect(verdictOn(model, persistenceWorld([]).scenario)).toMatchObject({ kind: "vacuous" });
});

describe("cases", () => {
  const drawn = (excluded: readonly string[]) =>
    new Set(
      fc
        .sample(survivesByTable.cases(excluded.length === 0 ? everything : without(new Set(excluded))), { seed: 1, numRuns: 800 })
        .flatMap(({ scenario }) => scenario.genesis.canisters.map(({ id }) => id as string)),
    );

  test("are drawn from all entries", () => {
    expect([...drawn([])].filter((id) => id !== "asker" && id !== "worker")).toHaveLength(tried.length);
  });

  test("are drawn from those that a partial machine knows", () => {
    const partial = [...drawn(["timer-set", "canister-uninstall", "execution-pause", "hook-ready", "restart"])];
    expect(partial.filter((id) => /timer|hook|execution|-(paused|aborted|uninstalled|restarted)/.test(id))).toEqual([]);
    expect(partial).toContain("heap-when-dry");
    expect([...drawn(["ingress-submit"])]).toEqual([]);
  });

  test("have no restart for a machine that knows none", () => {
    const cases = fc.sample(survivesByTable.cases(without(new Set(["restart"]))), { seed: 1, numRuns: 50 });
    expect(cases.some(({ scenario }) => scenario.inputs.some(({ kind }) => kind === "restart"))).toBe(false);
  });
});
