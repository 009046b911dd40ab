/**
 * Any world, and users who ask: each canister has some queries besides its methods, and questions are put between the inputs,
 * also while messages are under way, executions paused, canisters charged, or streams full.
 */
import * as fc from "fast-check";
import { instructions, type Genesis, type Move, type Parameters, type Scenario } from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { networkedWorld, withFewerInputs } from "./busy.ts";
import { chargedWorld } from "./charged.ts";
import { drawn, type Dice } from "./dice.ts";
import { nobody, someBytes } from "./grammar.ts";
import { handoutNames, handoutsOf } from "./handouts.ts";
import { methodNames, methodsOf } from "./inquisitive.ts";
import { modesOf } from "./queries.ts";
import { senderDrawn } from "./reads.ts";
import { scheduledWorld } from "./scheduled.ts";
import { statusQuestion } from "./statuses.ts";

/** Worlds of other chapters with questions in them. */
export const interrogatedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  fc.oneof(
    drawn((dice) => interrogated(dice, vocabulary, scheduledWorld(dice, vocabulary, { rounds: [4, 12] })), withFewerInputs),
    drawn((dice) => interrogated(dice, vocabulary, chargedWorld(dice, vocabulary)), withFewerInputs),
    drawn((dice) => interrogated(dice, vocabulary, networkedWorld(dice, vocabulary)), withFewerInputs),
  );

/** A world with questions between its inputs. */
export const interrogated = (dice: Dice, vocabulary: Vocabulary, scenario: Scenario): Scenario => {
  if (!vocabulary.inputs.has("query")) return scenario;
  const geneses = [scenario.genesis, ...(scenario.others ?? [])].map((genesis) => curious(dice, vocabulary, genesis));
  const [genesis, ...others] = geneses as [Genesis, ...Genesis[]];
  const question = (subnet: number): Move => ({
    kind: "query",
    ...senderDrawn(dice, vocabulary),
    canister: dice.pick([...geneses[subnet]!.canisters.map(({ id }) => id), nobody]),
    method: dice.pick([
      ...(vocabulary.customs.has("composite-queries") ? [...composites, ...composites] : []),
      ...queries,
      ...handoutNames(vocabulary),
    ]),
    payload: someBytes(dice, dice.whole(0, 3)),
    ...(dice.chance(statusesIn(vocabulary)) &&
      statusQuestion(
        dice,
        geneses[subnet]!.canisters.map(({ id }) => id),
      )),
    ...(subnet > 0 && { subnet }),
  });
  const inputs = scenario.inputs.flatMap((move): readonly Move[] =>
    dice.chance(40) ? [move, ...dice.times(1, 2, () => question(dice.whole(0, geneses.length - 1)))] : [move],
  );
  return { ...scenario, genesis, ...(others.length > 0 && { others }), inputs };
};

const { queries, composites } = methodNames;

/** How much of what is asked is the status of somebody. */
const statusesIn = ({ customs }: Vocabulary): number => (customs.has("status-queries") ? 8 : 0);

const limits: Partial<Parameters> = {
  queryInstructionLimit: instructions(40),
  queryTreeInstructionLimit: instructions(150),
  queryCallOverhead: instructions(3),
  queryDepth: 3,
};

/** The same subnet, whose canisters have queries, too. */
const curious = (dice: Dice, vocabulary: Vocabulary, genesis: Genesis): Genesis => {
  const { instructions: words } = vocabulary;
  const parameters = { ...genesis.parameters, ...limits };
  const ids = genesis.canisters.map(({ id }) => id);
  const salon = {
    dice,
    parameters,
    ids: ids.length > 0 ? ids : [nobody],
    strays: [nobody],
    words,
    ...modesOf(vocabulary),
    replicated: false,
    statuses: statusesIn(vocabulary),
  };
  const canisters = genesis.canisters.map((canister) => ({
    ...canister,
    methods: [
      ...canister.methods,
      ...[...methodsOf(salon), ...handoutsOf({ ...salon, vocabulary })].filter(
        ({ name, mode }) => mode !== undefined && !canister.methods.some((known) => known.name === name),
      ),
    ],
  }));
  return { ...genesis, parameters, canisters };
};
