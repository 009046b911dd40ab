/** Drawn worlds of one subnet or two, in which everything that is kept by changes is held against the state that it was kept for. */
import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import {
  drive,
  hex,
  instructions,
  networkOf,
  rootOf,
  type Genesis,
  type Hex,
  type Move,
  type Observation,
  type Scenario,
  type Trace,
} from "../spec/index.ts";
import { leaveCohort } from "./cohorts.ts";
import {
  casesOfNeighbours,
  everyCase,
  everyCaseOfAllocations,
  everyCaseOfBitcoin,
  everyCaseOfCharges,
  everyCaseOfChunks,
  everyCaseOfCode,
  everyCaseOfManagement,
  everyCaseOfOutcalls,
  everyCaseOfPrices,
  everyCaseOfQueries,
  everyCaseOfScheduling,
  everyCaseOfSnapshots,
  everyCaseOfUsers,
} from "./drawn-cases.ts";
import { drawnBitcoin } from "./drawn-bitcoin.ts";
import { drawnAllocations, drawnChunks, drawnCode, drawnManagement, drawnSnapshots } from "./drawn-management.ts";
import { drawnOutcalls } from "./drawn-outcalls.ts";
import { casesIn, casesOfCertificates } from "./drawn-events.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawnWorld } from "./drawn-world.ts";
import { drawnCharges } from "./drawn-charges.ts";
import { drawnPrices } from "./drawn-prices.ts";
import { drawnQueries } from "./drawn-queries.ts";
import { drawnUsers } from "./drawn-users.ts";
import { applyInput } from "./engine.ts";
import { impl } from "./index.ts";
import { faultsIn } from "./invariants.ts";
import { plainTree } from "./plain-tree.ts";
import { fromText, toText } from "./restart.ts";
import { engineOf, stir, type Engine } from "./state.ts";

type Drawn = (seed: number) => Scenario;

/** Queues and counts are right, cycles are where the ledger says, and the root is that of the state. */
const audit = (seed: number, engine: Engine, { ledger, tokens, stateRoot }: Observation): void => {
  const { minted, received, ...places } = ledger;
  expect([seed, ...faultsIn(engine)]).toEqual([seed]);
  expect([seed, Object.values(places).reduce((sum: bigint, there) => sum + there, 0n)]).toEqual([seed, minted + received]);
  expect([seed, tokens === undefined]).toEqual([seed, engine.genesis.tokens === undefined]);
  expect([seed, stateRoot]).toEqual([seed, rootOf(plainTree(engine), sha256)]);
};

/** Most nodes of a tree are those of the tree before. */
const known = new Map<Hex, Hex>();
const sha256 = (content: Hex): Hex => {
  const digest = known.get(content) ?? hex(createHash("sha256").update(Buffer.from(content, "hex")).digest("hex"));
  if (known.size > 100_000) known.clear();
  known.set(content, digest);
  return digest;
};

/** Leads engines through a scenario, as the door does; what `look` gives back takes the place of the engine. */
const lead = (scenario: Scenario, look: (engine: Engine, observation: Observation, at: number) => Engine): readonly Engine[] => {
  const genesis = [scenario.genesis, ...(scenario.others ?? [])];
  const engines = genesis.map((one) => engineOf(one));
  const network = networkOf(genesis);
  for (const [at, move] of scenario.inputs.entries()) {
    const { subnet, input } = network.arrange(move);
    const observation = applyInput(engines[subnet]!, input);
    network.carry(subnet, observation);
    engines[subnet] = look(engines[subnet]!, observation, at);
  }
  return engines;
};

/** The places of a long world that are looked at: up to so many, as far apart as they can be, and the last. */
const PLACES = 8;
const isPlace = (at: number, { inputs }: Scenario): boolean => at === inputs.length - 1 || at % Math.ceil(inputs.length / PLACES) === 0;

/** One world of so many is looked at, and one of so many of these is read from a text; all are led, so that what is rare comes about. */
const LOOKED_AT = 2;
const READ = 2;

const observed = (scenario: Scenario): readonly Observation[] =>
  (drive(impl, scenario) as Trace).steps.map(({ observation }) => observation);

const withoutBudgets = ({ genesis, others = [], inputs }: Scenario): Scenario => {
  const without = (one: Genesis): Genesis => ({
    ...one,
    parameters: { ...one.parameters, queryBudget: instructions(Number.MAX_SAFE_INTEGER) },
  });
  return { genesis: without(genesis), others: others.map(without), inputs };
};

describe.each([
  ["in any world", drawnWorld, everyCase, 420],
  ["in any world of long messages, limits and canisters that come and go", drawnSchedule, everyCaseOfScheduling, 160],
  ["in any world in which canisters are charged", drawnCharges, everyCaseOfCharges, 300],
  ["in any world in which prices change, and with tokens", drawnPrices, everyCaseOfPrices, 160],
  ["in any world in which users ask", drawnQueries, everyCaseOfQueries, 70],
  ["in any world in which canisters ask the management canister", drawnManagement, everyCaseOfManagement, 110],
  ["in any world in which code comes and goes", drawnCode, everyCaseOfCode, 300],
  ["in any world in which snapshots are taken and brought back", drawnSnapshots, everyCaseOfSnapshots, 210],
  ["in any world in which requests leave the layer", drawnOutcalls, everyCaseOfOutcalls, 110],
  ["in any world in which modules come in chunks", drawnChunks, everyCaseOfChunks, 130],
  ["in any world in which memory is allocated", drawnAllocations, everyCaseOfAllocations, 170],
  ["in any world in which canisters ask something of Bitcoin", drawnBitcoin, everyCaseOfBitcoin, 70],
  ["in any world in which users ask the management canister", drawnUsers, everyCaseOfUsers, 110],
] as const)("%s", (_, drawn: Drawn, cases, count) => {
  const worlds = (from: number, count: number) => Array.from({ length: count }, (_, at) => [from + at, drawn(from + at)] as const);
  const met = new Set<string>();

  test("queues, ledger, root and indices say what the state says, also when it was just read from a text", () => {
    for (const [seed, scenario] of worlds(0, count)) {
      lead(scenario, (engine, observation, at) => {
        const isLookedAt = seed % LOOKED_AT === 0 && isPlace(at, scenario);
        if (isLookedAt) audit(seed, engine, observation);
        observation.events.forEach((event, at) => {
          const further = [
            ...casesOfNeighbours(event.kind, observation.events[at + 1]?.kind),
            ...casesOfCertificates(event, observation.stateRoot),
          ];
          for (const one of [...casesIn(event), ...further]) met.add(one);
        });
        if (!isLookedAt || seed % (LOOKED_AT * READ) > 0) return engine;
        const again = fromText(toText(engine));
        audit(seed, again, applyInput(again, { kind: "restart" }));
        expect(toText(again)).toBe(toText(engine));
        return again;
      });
    }
  }, 180_000);

  test("restarts between inputs change nothing but what is left of budgets for queries", () => {
    for (const [seed, drawn] of worlds(1000, 25)) {
      const scenario = withoutBudgets(drawn);
      const inputs = scenario.inputs.flatMap((input, at): Move[] =>
        isPlace(at, scenario) ? [{ kind: "restart", ...(input.subnet === undefined ? {} : { subnet: input.subnet }) }, input] : [input],
      );
      const steps = observed({ ...scenario, inputs }).map((observation, at) => ({
        observation,
        isRestart: inputs[at]!.kind === "restart",
      }));
      const told = steps.filter(({ isRestart }) => !isRestart).map(({ observation }) => observation);
      expect([seed, ...told]).toEqual([seed, ...observed(scenario)]);
      for (const { observation, isRestart } of steps) if (isRestart) expect(observation.events).toEqual([{ kind: "restarted" }]);
    }
  });

  test("the order in which cores run is not observed, and leaves the same state", () => {
    for (const [seed, scenario] of worlds(2000, 25)) {
      const coreOrder = [[2, 1, 0], [1], [0, 2, 7, -1]][seed % 3]!;
      const inputs = scenario.inputs.map((input): Move => (input.kind === "round" ? { ...input, coreOrder } : input));
      expect([seed, ...observed({ ...scenario, inputs })]).toEqual([seed, ...observed(scenario)]);
      const left = (engine: Engine): Engine => engine;
      expect(lead({ ...scenario, inputs }, left).map(toText)).toEqual(lead(scenario, left).map(toText));
    }
  });

  test("the order in which the genesis lists canisters, modules and routes is not observed", () => {
    for (const [seed, scenario] of worlds(3000, 25)) {
      const { network, modules, ...genesis } = scenario.genesis;
      const reversed = {
        ...genesis,
        canisters: [...genesis.canisters].reverse(),
        ...(modules && { modules: [...modules].reverse() }),
        ...(network && { network: { ...network, routes: [...network.routes].reverse() } }),
      };
      expect([seed, ...observed({ ...scenario, genesis: reversed })]).toEqual([seed, ...observed(scenario)]);
    }
  });

  test("to look at everybody before every input changes nothing", () => {
    for (const [seed, scenario] of worlds(3000, 25)) {
      const steps: Observation[] = [];
      lead(scenario, (engine, observation) => {
        steps.push(observation);
        for (const canister of engine.canisters) {
          leaveCohort(engine.cohorts, canister);
          stir(engine, canister);
        }
        return engine;
      });
      expect([seed, ...steps]).toEqual([seed, ...observed(scenario)]);
    }
  });

  afterAll(() => {
    // The worlds are worth something only if everything that can happen happens in some of them.
    expect(
      cases
        .trim()
        .split(/,\s+/)
        .filter((one) => !met.has(one)),
    ).toEqual([]);
  });
});
