/**
 * Busy worlds: the general arbitrary. A few canisters that call each other, pay, trap, wait for timers and for
 * randomness, in a network whose limits are met often, under bursts of messages. A world is one subnet, or several that
 * are joined by a network of the scenario's making.
 * @source facts/messages.md MSG-11.1, MSG-11.3; facts/cycles.md CYC-H1, CYC-H2, CYC-H3, CYC-H5
 */
import type * as fc from "fast-check";
import type { Genesis, Scenario } from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { drawn, type Dice } from "./dice.ts";
import { lexiconOf, type Focus } from "./focus.ts";
import type { IdiomName } from "./idioms.ts";
import { movesOf } from "./moves.ts";
import { sitesOf } from "./sites.ts";

/** Worlds of one subnet. */
export const busyWorlds = (vocabulary: Vocabulary, focus: Focus = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => busyWorld(dice, vocabulary, focus), withFewerInputs);

/** Worlds of two or three subnets; of one, where a machine knows no others. */
export const networkedWorlds = (vocabulary: Vocabulary, focus: Focus = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => networkedWorld(dice, vocabulary, focus), withFewerInputs);

/** Worlds of one subnet or of several: everything in one pool. */
export const mixedWorlds = (vocabulary: Vocabulary, focus: Focus = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => (dice.chance(65) ? busyWorld : networkedWorld)(dice, vocabulary, focus), withFewerInputs);

/** One busy world of one subnet. */
export const busyWorld = (dice: Dice, vocabulary: Vocabulary, focus: Focus = {}): Scenario => worldOf(dice, vocabulary, focus, 1);

/** One busy world of two or three subnets. */
export const networkedWorld = (dice: Dice, vocabulary: Vocabulary, focus: Focus = {}): Scenario => {
  const several = vocabulary.customs.has("networks");
  const always = [...(focus.always ?? []), "call"] as const;
  return worldOf(dice, vocabulary, several ? { plant: neighbourly, ...focus, always } : focus, several ? (dice.chance(75) ? 2 : 3) : 1);
};

/** What somebody does in a world of several subnets, so that there is something between them. */
const neighbourly: readonly IdiomName[] = ["pay", "fan", "crowd", "hurry"];

const worldOf = (dice: Dice, vocabulary: Vocabulary, focus: Focus, count: number): Scenario => {
  const lexicon = lexiconOf(dice, vocabulary, focus);
  const { sites, star } = sitesOf(dice, vocabulary, lexicon, focus, count);
  const inputs = movesOf(dice, vocabulary, lexicon, focus, sites, star);
  const [genesis, ...others] = sites.map((site) => site.genesis) as [Genesis, ...Genesis[]];
  return { genesis, ...(others.length > 0 && { others }), inputs };
};

/** A scenario with fewer inputs, large cuts first: every sub-list of a scenario is a scenario. */
export const withFewerInputs = function* (scenario: Scenario): Iterable<Scenario> {
  const { inputs } = scenario;
  for (let size = Math.ceil(inputs.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < inputs.length; from += size)
      yield { ...scenario, inputs: [...inputs.slice(0, from), ...inputs.slice(from + size)] };
  }
};
