/**
 * Askers: canisters that ask for randomness once for each message, and say what they got, in rounds that are long
 * enough for everybody; and a bystander, who is busy and asks for nothing.
 */
import type * as fc from "fast-check";
import {
  canisterId,
  cycles,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Hex,
  type Input,
  type Scenario,
  type Script,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, networkOf } from "./networks.ts";
import { someBytes } from "./grammar.ts";
import { within, wordsForAskers } from "./scripts.ts";
import { ask } from "./smugglers.ts";

/** Who asks for nothing. */
export const bystander = canisterId("m-bystander");

export const askers = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => askersWorld(dice, vocabulary, dice.whole(1, 3)), withFewerInputs);

/** A world of askers with so many blocks of messages, each followed by rounds in which all are answered. */
export const askersWorld = (dice: Dice, vocabulary: Vocabulary, blocks: number): Scenario => {
  const kinds = vocabulary.inputs;
  const words = wordsForAskers(vocabulary);
  const network = networkOf(dice, freeOfCharge, new Set());
  const tell: Script = within(words, [ask([{ op: "reply", payload: { kind: "message" } }])]);
  const work: Script = within(words, [
    { op: "write", page: 0, value: { kind: "message" } },
    { op: "reply", payload: { kind: "message" } },
  ]);
  const canisters = [askersNames[0]!, bystander, askersNames[1]!].map((id) => canisterOf(id, id === bystander ? work : tell));
  const inputs: Input[] = [];
  for (let block = 0; block < blocks; block++) {
    const names = kinds.has("ingress") ? addressees(dice) : [];
    for (const id of names) {
      inputs.push({
        kind: "ingress",
        id: ingressId(`i${inputs.length}`),
        canister: id,
        method: "go",
        payload: someBytes(dice, dice.whole(0, 4)),
      });
    }
    if (kinds.has("restart") && dice.chance(15)) inputs.push({ kind: "restart" });
    for (let rounds = network.tapeLag + 1; rounds > 0; rounds--)
      inputs.push({ kind: "round", elapsed: nanoseconds(dice.pick([0n, 1n, 1_000_000_000n])), tape: freshTape(dice) });
  }
  const parameters = {
    ...network,
    roundInstructionLimit: instructions(1_000_000),
    // Callbacks must be able to say what they got, so not all of a message is kept back for cleanup.
    cleanupReserve: Math.min(network.cleanupReserve, 50),
    queueCapacity: 64,
    pageSize: network.maxPayload,
  };
  return { genesis: { parameters, time: nanoseconds(dice.big(0n, 10n ** 12n)), canisters }, inputs };
};

const askersNames = ["a-asker", "z-asker"].map(canisterId);

/** Whom the messages of a block go to: mostly somebody twice, and the bystander once, among others. */
const addressees = (dice: Dice): readonly CanisterId[] => {
  const anybody = (): CanisterId =>
    dice.weigh([
      [3, askersNames[0]!],
      [2, bystander],
      [2, askersNames[1]!],
    ]);
  const twice = dice.pick(askersNames);
  return dice.shuffle([...(dice.chance(90) ? [twice, twice, bystander] : []), ...dice.times(1, 5, anybody)]);
};

const canisterOf = (id: CanisterGenesis["id"], body: Script): CanisterGenesis => ({
  id,
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(1_000n),
  methods: [{ name: "go", body }],
  onTimer: [],
});

/** A tape that no other round has: 32 bytes, each by chance. */
export const freshTape = (dice: Dice): Hex => someBytes(dice, 32);
