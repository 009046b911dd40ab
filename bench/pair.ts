/**
 * The pair: how much faster the optimized engine is than the reference, led through the same scenarios from boot to
 * the last observation. Both must give the same observations, or the ratio would compare different work.
 */
import { firstParting } from "../conformance/index.ts";
import { impl } from "../impl/index.ts";
import { model } from "../model/index.ts";
import { drive, type Machine, type Scenario, type Trace } from "../spec/index.ts";
import { collectGarbage, interleaved, scaled, spreadOf, timed } from "./measure.ts";
import type { PairRow } from "./report.ts";
import { crowdedWorlds, drawnWorlds, unrestarted } from "./worlds.ts";

export const pair = (seed: number, repetitions: number): readonly PairRow[] => [
  measured("drawn worlds", drawnWorlds(seed, 100, unrestarted), repetitions),
  measured("drawn worlds, restarts too", drawnWorlds(seed, 100), repetitions),
  // The reference takes seconds for each of these.
  measured("crowded worlds", crowdedWorlds(seed, 2), Math.ceil(repetitions / 3)),
];

const measured = (worlds: string, scenarios: readonly Scenario[], repetitions: number): PairRow => {
  for (const scenario of scenarios) sameOrThrow(scenario);
  const inputs = scenarios.reduce((sum, scenario) => sum + scenario.inputs.length, 0);
  const rounds = scenarios.reduce((sum, scenario) => sum + scenario.inputs.filter(({ kind }) => kind === "round").length, 0);
  const canisters = scenarios.reduce((sum, { genesis }) => sum + genesis.canisters.length, 0) / scenarios.length;
  const lead = (machine: Machine) => (): number => {
    collectGarbage();
    return timed(() => scenarios.forEach((scenario) => driven(machine, scenario)));
  };
  const [modelTimes, implTimes] = interleaved([lead(model), lead(impl)], repetitions) as [readonly number[], readonly number[]];
  const perSecond = (times: readonly number[], count: number) => scaled(spreadOf(times), (time) => (1_000 * count) / time);
  return {
    worlds,
    scenarios: scenarios.length,
    repetitions,
    canisters,
    inputs,
    rounds,
    inputsPerSecond: { model: perSecond(modelTimes, inputs), impl: perSecond(implTimes, inputs) },
    roundsPerSecond: { model: perSecond(modelTimes, rounds), impl: perSecond(implTimes, rounds) },
    ratio: spreadOf(modelTimes.map((time, at) => time / implTimes[at]!)),
  };
};

const sameOrThrow = (scenario: Scenario): void => {
  if (firstParting(driven(model, scenario).steps, driven(impl, scenario).steps) !== null)
    throw new Error("model and impl give different observations: their speeds cannot be compared; run `npm start`");
};

const driven = (machine: Machine, scenario: Scenario): Trace => {
  const trace = drive(machine, scenario);
  if (trace instanceof Promise) throw new Error(`${machine.name} answers later: it cannot be measured here`);
  return trace;
};
