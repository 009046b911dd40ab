/**
 * One subject of the exploration benchmark in a process of its own, as `canon explore` runs: an engine that has walked
 * before is another engine. Prints what it did as JSON.
 */
import * as fc from "fast-check";
import { openExplorer } from "../conformance/index.ts";
import { drive, type Genesis, type Trace } from "../spec/index.ts";
import { model } from "../model/index.ts";

const { compiledScheduler, explore, exploreRows, modelSystem, smallWorld, stateInvariants, usualScopes, walksIn } = await openExplorer();

/** The world of the peers: three canisters with 40, 20 and 0 percent on two cores, up to seven messages each. */
const scope = { ...usualScopes.scheduler, canisters: 3, cores: 2, allocations: [0, 20, 40], inputs: 7 };
const whole = smallWorld("scheduler", scope);
const chosen = (genesis: Genesis): boolean => genesis.canisters.map(({ computeAllocation }) => computeAllocation).join() === "40,20,0";
const world = { ...whole, geneses: whole.geneses.filter(chosen) };

/** So many states of the reference are walked; all of them would take minutes. */
const modelStates = 3_000;
const walks = 40;
const steps = 50;

const subjects: Readonly<Record<string, () => { states: number; transitions: number; milliseconds: number; whole: boolean }>> = {
  compiled: () => {
    const { states, transitions, milliseconds, stopped } = exploreRows(compiledScheduler(world));
    return { states, transitions, milliseconds, whole: stopped === null };
  },
  model: () => {
    const walked = explore({ system: modelSystem(world), invariants: stateInvariants, limits: { states: modelStates } });
    return { states: walked.states, transitions: walked.transitions, milliseconds: walked.milliseconds, whole: false };
  },
  "fast-check": () => {
    const system = modelSystem(world);
    const scenarios = fc.sample(walksIn(world, steps), { numRuns: walks, seed: 1 });
    const began = performance.now();
    const traces = scenarios.map((scenario) => drive(model, scenario) as Trace);
    const milliseconds = performance.now() - began;
    // Which states they came upon is counted afterwards, on the same walks.
    const seen = new Set<string>();
    for (const { steps: done } of traces) {
      let situation = system.initial[0]!;
      let sent: (typeof world.moves)[number][number][] = [];
      for (const { input } of done) {
        sent = [...sent, input];
        if (input.kind !== "round") continue;
        situation = system.step(situation, sent).state;
        sent = [];
        seen.add(system.keyOf(situation).join());
      }
    }
    const transitions = traces.reduce((sum, trace) => sum + trace.steps.filter(({ input }) => input.kind === "round").length, 0);
    return { states: seen.size, transitions, milliseconds, whole: false };
  },
};

const subject = subjects[process.argv[2] ?? ""];
if (subject === undefined) throw new Error(`expected ${Object.keys(subjects).join(", ")}, got ${process.argv[2] ?? "nothing"}`);
console.log(JSON.stringify(subject()));
