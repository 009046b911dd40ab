/**
 * Smaller neighbours of a case with several subnets: one subnet less, two subnets in one, or a single subnet to which the
 * slices that the others sent are told as they came. What refers to a subnet by its number moves with the numbers.
 */
import type { Genesis, Move, Scenario, Step } from "../spec/index.ts";
import type { Case } from "../properties/index.ts";
import { withoutInputs } from "./edits.ts";
import { genesesOf, subnetOf } from "./subnets.ts";

/** Without a subnet, the inputs for it and the deliveries from it; `null` when it is the only one. */
export const withoutSubnet = (tried: Case, gone: number): Case | null => {
  const geneses = genesesOf(tried.scenario);
  if (geneses.length === 1) return null;
  const rest = withoutInputsOf(tried, (subnet) => subnet === gone);
  if (rest === null) return null;
  const relation = gone === 0 && rest.relation.kind === "reordered" ? { ...rest.relation, keys: [] } : rest.relation;
  const number = (subnet: number): number | null => (subnet === gone ? null : subnet > gone ? subnet - 1 : subnet);
  return { scenario: renumbered(rest.scenario, geneses.toSpliced(gone, 1), number), relation };
};

/** With the canisters of one subnet on another one, whose parameters hold for all of them. */
export const merged = ({ scenario, relation }: Case, from: number, into: number): Case => {
  const geneses = genesesOf(scenario);
  const [moving, staying] = [geneses[from]!, geneses[into]!];
  const here = new Set([...moving.canisters, ...staying.canisters].map(({ id }) => id));
  const names = [moving.network?.own, staying.network?.own];
  const all = geneses.map((genesis, at): Genesis => {
    const canisters = at === into ? [...staying.canisters, ...moving.canisters] : genesis.canisters;
    if (genesis.network === undefined) return { ...genesis, canisters };
    const routes = genesis.network.routes
      .filter(({ canister }) => at !== into || !here.has(canister))
      .filter(({ subnet }) => at !== into || !names.includes(subnet))
      .map((route) => (route.subnet === moving.network?.own && staying.network ? { ...route, subnet: staying.network.own } : route));
    return { ...genesis, canisters, network: { ...genesis.network, routes } };
  });
  const joined = into > from ? into - 1 : into;
  const number = (subnet: number): number => (subnet === from ? joined : subnet > from ? subnet - 1 : subnet);
  return { scenario: renumbered(scenario, all.toSpliced(from, 1), number), relation };
};

/**
 * One subnet alone, with its inputs as its machine got them when the whole was led: what the others sent stands in its
 * rounds. A deterministic machine does there what it did before.
 */
export const projected = (tried: Case, subnet: number, led: readonly Step[]): Case | null => {
  const { scenario } = tried;
  const concrete: Scenario = {
    ...scenario,
    inputs: scenario.inputs.map((move, at): Move => {
      const input = led[at]?.input ?? (move.kind === "round" ? { ...move, deliveries: [] } : move);
      return { ...input, subnet: subnetOf(scenario, move) };
    }),
  };
  const alone = withoutInputsOf({ ...tried, scenario: concrete }, (other) => other !== subnet);
  if (alone === null || (subnet !== 0 && alone.relation.kind === "reordered")) return null;
  const genesis = genesesOf(scenario)[subnet]!;
  return { scenario: renumbered(alone.scenario, [genesis], (other) => (other === subnet ? 0 : null)), relation: alone.relation };
};

const withoutInputsOf = (tried: Case, leaves: (subnet: number) => boolean): Case | null => {
  let rest: Case | null = tried;
  for (let at = tried.scenario.inputs.length - 1; at >= 0 && rest; at--)
    if (leaves(subnetOf(tried.scenario, tried.scenario.inputs[at]!))) rest = withoutInputs(rest, at, at + 1);
  return rest;
};

/** With other subnets, each under the number that `number` gives to it; `null` is none. One subnet alone is not numbered. */
const renumbered = (scenario: Scenario, [genesis, ...others]: readonly Genesis[], number: (subnet: number) => number | null): Scenario => ({
  genesis: genesis!,
  ...(others.length > 0 && { others }),
  inputs: scenario.inputs.map((move): Move => {
    const to = number(subnetOf(scenario, move)) ?? 0;
    const { subnet: _, ...bare } = move;
    const input: Move = to === 0 ? bare : { ...bare, subnet: to };
    if (input.kind !== "round" || input.deliveries === undefined) return input;
    const { deliveries, ...round } = input;
    const kept = deliveries.flatMap((delivery) => {
      const from = number(delivery.from);
      return from === null || from === to || from >= 1 + others.length ? [] : [{ ...delivery, from }];
    });
    return kept.length === 0 ? round : { ...round, deliveries: kept };
  }),
});
