/**
 * Worlds that ask for much randomness: canisters that each ask several times in one message, in rounds that are long
 * enough for all, each with a tape of its own. A few messages make enough draws for statistics.
 */
import type * as fc from "fast-check";
import {
  hex,
  canisterId,
  cycles,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type Input,
  type Instruction,
  type Scenario,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { freshTape } from "./askers.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, networkOf } from "./networks.ts";
import { within, wordsForAskers } from "./scripts.ts";
import { ask } from "./smugglers.ts";

/** Worlds with some thirty to eighty draws in several rounds. */
export const dicedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => dicedWorld(dice, vocabulary, dice.whole(5, 8), 6), withFewerInputs);

/** Worlds with about a hundred draws. */
export const muchDicedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => dicedWorld(dice, vocabulary, 6, 16), withFewerInputs);

const dicedWorld = (dice: Dice, vocabulary: Vocabulary, blocks: number, asks: number): Scenario => {
  const kinds = vocabulary.inputs;
  const words = wordsForAskers(vocabulary);
  const network = networkOf(dice, freeOfCharge, new Set());
  const thrower = (times: number): readonly Instruction[] =>
    within(words, [...Array.from({ length: times }, () => ask([])), { op: "reply", payload: { kind: "bytes", bytes: hex("") } }]);
  const canisters = names.slice(0, dice.whole(1, 3)).map((id): CanisterGenesis => ({
    id,
    computeAllocation: percent(0),
    freezingThreshold: seconds(0),
    balance: cycles(1_000n),
    methods: [
      { name: "throw", body: thrower(asks) },
      { name: "throw-once", body: thrower(1) },
    ],
    onTimer: [],
  }));
  const inputs: Input[] = [];
  const round = (): void => void inputs.push({ kind: "round", elapsed: nanoseconds(dice.big(0n, 10n ** 9n)), tape: freshTape(dice) });
  for (let block = 0; block < blocks; block++) {
    if (kinds.has("ingress")) {
      inputs.push({
        kind: "ingress",
        id: ingressId(`i${inputs.length}`),
        canister: dice.pick(canisters).id,
        method: "throw",
        payload: hex(""),
      });
      for (let more = dice.whole(0, 2); more > 0; more--)
        inputs.push({
          kind: "ingress",
          id: ingressId(`i${inputs.length}`),
          canister: dice.pick(canisters).id,
          method: "throw-once",
          payload: hex(""),
        });
    }
    if (kinds.has("restart") && dice.chance(25)) inputs.push({ kind: "restart" });
    round();
  }
  for (let left = network.tapeLag + 1; left > 0; left--) round();
  const limits = { roundInstructionLimit: instructions(1_000_000), messageInstructionLimit: instructions(500), queueCapacity: 400 };
  return { genesis: { parameters: { ...network, ...limits }, time: nanoseconds(dice.big(0n, 10n ** 12n)), canisters }, inputs };
};

const names = ["d", "e", "f"].map(canisterId);
