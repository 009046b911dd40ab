/**
 * A case is what a property tries: a scenario and, for a property that compares two worlds, how the second one is
 * made from the first. Both are plain data, so a failing case can be stored, shrunk and replayed without a generator.
 */
import { match } from "ts-pattern";
import {
  allocatableOf,
  instructions,
  nanoseconds,
  percent,
  type CanisterId,
  type Genesis,
  type Hex,
  type Move,
  type Scenario,
} from "../spec/index.ts";

export type Relation =
  /** There is only one world. */
  | { readonly kind: "none" }
  /** The same again. */
  | { readonly kind: "rerun" }
  /** The machine of the subnet is restarted before each of these inputs; numbers past the end are ignored. */
  | { readonly kind: "restarted"; readonly before: readonly number[] }
  /** Each genesis lists its canisters, its modules and its routes in another order: the k-th listed goes by the k-th key, ascending; missing keys count as 0. */
  | { readonly kind: "reordered"; readonly keys: readonly number[] }
  /** The cores run in another order, in every round. */
  | { readonly kind: "cores-permuted"; readonly coreOrder: readonly number[] }
  /** Nothing is executed in slices, and each round has room for everything, on at least so many cores where it is said. */
  | { readonly kind: "unsliced"; readonly cores?: number }
  /** A canister of the first subnet reserved so much more, as far as there is something to reserve. @unit percent */
  | { readonly kind: "allocation-raised"; readonly canister: CanisterId; readonly by: number }
  /** Nobody asks anything between rounds. */
  | { readonly kind: "queries-dropped" }
  /** Each round behind the n-th passes in so many, the last of which brings what it brings. */
  | { readonly kind: "rounds-split"; readonly after: number; readonly parts: number }
  /** The n-th round, from 1, has another tape. */
  | { readonly kind: "tape-replaced"; readonly round: number; readonly tape: Hex };

export interface Case {
  readonly scenario: Scenario;
  readonly relation: Relation;
}

/** A case with one world. */
export const alone = (scenario: Scenario): Case => ({ scenario, relation: { kind: "none" } });

/** The second world of a case. */
export const twinOf = ({ scenario, relation }: Case): Scenario =>
  match(relation)
    .with({ kind: "none" }, { kind: "rerun" }, () => scenario)
    .with({ kind: "restarted" }, ({ before }) => ({
      ...scenario,
      inputs: scenario.inputs.flatMap((move, at): readonly Move[] => (before.includes(at) ? [restartOf(move), move] : [move])),
    }))
    .with({ kind: "reordered" }, ({ keys }) => ({
      ...scenario,
      genesis: reordered(scenario.genesis, keys),
      ...(scenario.others && { others: scenario.others.map((genesis) => reordered(genesis, keys)) }),
    }))
    .with({ kind: "cores-permuted" }, ({ coreOrder }) => ({
      ...scenario,
      inputs: scenario.inputs.map((input): Move => (input.kind === "round" ? { ...input, coreOrder } : input)),
    }))
    .with({ kind: "unsliced" }, ({ cores = 0 }) => ({
      ...scenario,
      genesis: unsliced(scenario.genesis, cores),
      ...(scenario.others && { others: scenario.others.map((genesis) => unsliced(genesis, cores)) }),
    }))
    .with({ kind: "allocation-raised" }, ({ canister, by }) => ({ ...scenario, genesis: raised(scenario.genesis, canister, by) }))
    .with({ kind: "queries-dropped" }, () => ({ ...scenario, inputs: scenario.inputs.filter(({ kind }) => kind !== "query") }))
    .with({ kind: "rounds-split" }, ({ after, parts }) => ({ ...scenario, inputs: withSplitRounds(scenario.inputs, after, parts) }))
    .with({ kind: "tape-replaced" }, ({ round, tape }) => ({ ...scenario, inputs: withTape(scenario.inputs, round, tape) }))
    .exhaustive();

/** A round has room for more than all messages of a scenario. */
const unsliced = (genesis: Genesis, cores: number): Genesis => ({
  ...genesis,
  parameters: {
    ...genesis.parameters,
    cores: Math.max(genesis.parameters.cores, cores),
    sliceInstructionLimit: genesis.parameters.messageInstructionLimit,
    roundInstructionLimit: instructions((genesis.parameters.messageInstructionLimit + genesis.parameters.messageOverhead) * 10_000),
  },
});

/** What a genesis may have reserved in all is not passed: there are no faults in the second world that the first one has not. */
const raised = (genesis: Genesis, id: CanisterId, by: number): Genesis => {
  const { parameters, canisters } = genesis;
  const reserved = canisters.reduce((sum, { computeAllocation }) => sum + computeAllocation, 0);
  const most = parameters.scheduler === "current" ? allocatableOf(parameters) - 1 : 100 * parameters.cores;
  const room = (own: number): number => Math.max(0, Math.min(by, 100 - own, most - reserved));
  return {
    ...genesis,
    canisters: canisters.map((canister) =>
      canister.id === id
        ? { ...canister, computeAllocation: percent(canister.computeAllocation + room(canister.computeAllocation)) }
        : canister,
    ),
  };
};

const restartOf = ({ subnet }: Move): Move => (subnet === undefined ? { kind: "restart" } : { kind: "restart", subnet });

const reordered = (genesis: Genesis, keys: readonly number[]): Genesis => {
  const { network } = genesis;
  return {
    ...genesis,
    canisters: byKeys(genesis.canisters, keys),
    ...(genesis.modules && { modules: byKeys(genesis.modules, keys) }),
    ...(network && { network: { ...network, routes: byKeys(network.routes, keys) } }),
  };
};

const byKeys = <T>(items: readonly T[], keys: readonly number[]): readonly T[] =>
  items
    .map((item, at) => ({ item, at, key: keys[at] ?? 0 }))
    .sort((left, right) => left.key - right.key || left.at - right.at)
    .map(({ item }) => item);

const withTape = (inputs: readonly Move[], round: number, tape: Hex): readonly Move[] => {
  let rounds = 0;
  return inputs.map((input): Move => (input.kind === "round" && ++rounds === round ? { ...input, tape } : input));
};

const withSplitRounds = (inputs: readonly Move[], after: number, parts: number): readonly Move[] => {
  let rounds = 0;
  return inputs.flatMap((input): readonly Move[] => {
    if (input.kind !== "round" || ++rounds <= after || parts < 2) return [input];
    const { tape, elapsed } = input;
    const part = nanoseconds(elapsed / BigInt(parts));
    const early: Move = { kind: "round", elapsed: part, tape, ...(input.subnet !== undefined && { subnet: input.subnet }) };
    const last: Move = { ...input, elapsed: nanoseconds(elapsed - part * BigInt(parts - 1)) };
    return [...Array.from({ length: parts - 1 }, () => early), last];
  });
};
