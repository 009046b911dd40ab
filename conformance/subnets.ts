/**
 * Several subnets in one scenario: which there are, what they are called, and what would keep them from being a network.
 * A scenario without `others` is one subnet, and is spoken of as such.
 */
import { loneSubnet, type Genesis, type Scenario } from "../spec/index.ts";

/** Most subnets of a scenario. A machine in another process has one process for each. */
export const mostSubnets = 16;

/** The genesis of every subnet, by number. */
export const genesesOf = ({ genesis, others = [] }: Pick<Scenario, "genesis" | "others">): readonly Genesis[] => [genesis, ...others];

/** The subnet that a move or a step is for: one that names a subnet that is not there is for number 0. */
export const subnetOf = (scenario: Pick<Scenario, "others">, { subnet = 0 }: { readonly subnet?: number }): number =>
  subnet > 0 && subnet <= (scenario.others ?? []).length ? subnet : 0;

/** What a subnet calls itself. */
export const nameOfSubnet = (scenario: Pick<Scenario, "genesis" | "others">, subnet: number): string =>
  genesesOf(scenario)[subnet]?.network?.own ?? loneSubnet;

/** What keeps the subnets of a scenario from being a network, each line naming the field, what was expected and what came. */
export const faultsBetween = (scenario: Pick<Scenario, "genesis" | "others">): readonly string[] => {
  const geneses = genesesOf(scenario);
  if (geneses.length === 1) return [];
  const names = geneses.map(({ network }) => network?.own);
  const alone = names.findIndex((name) => name === undefined);
  if (alone >= 0) return [`${fieldOf(alone)}.network: expected a network, as in each of several subnets, got nothing`];
  const twice = names.findIndex((name, at) => names.indexOf(name) < at);
  return twice < 0 ? [] : [`${fieldOf(twice)}.network.own: expected each subnet once, got ${names.join(", ")}`];
};

const fieldOf = (subnet: number): string => (subnet === 0 ? "genesis" : `others[${subnet - 1}]`);
