/**
 * Worlds in which canisters ask for what only the Bitcoin canister knows. It is here, asks itself, is on another subnet, on one that
 * never says a word, is gone or not there yet, or nobody named it. Whoever asks does so once or more often than there are slots,
 * also with calls of its own to that canister, in haste or with all the time there is; and ordinary canisters export methods of the
 * same names, and are called by these.
 * @source facts/messages.md F30, F41, MSG-CAP01; seed 003, messages to Bitcoin
 */
import type * as fc from "fast-check";
import {
  canisterId,
  instructions,
  nanoseconds,
  subnetId,
  type CanisterGenesis,
  type CanisterId,
  type Delivery,
  type Genesis,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { busyWorld, withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { freeOfCharge, homeward, networkOf } from "./networks.ts";
import { openDiary } from "./plain.ts";
import { exchangeOf, payerOf, payerMethods, type Payers } from "./payers.ts";

/** Where the Bitcoin canister is. */
type BitcoinPlace = "here" | "caller" | "elsewhere" | "silent" | "nowhere" | "unnamed";

/** What a property needs of such a world. */
export interface Ledgers {
  readonly place?: BitcoinPlace;
  /** Whether there are few slots, and many calls. */
  readonly crowded?: boolean;
}

export const bitcoinWorlds = (vocabulary: Vocabulary, wanted: Ledgers = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => bitcoinWorld(dice, vocabulary, wanted), withFewerInputs);

/** One world of the kind; a busy one where a machine knows no such canister. */
const bitcoinWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Ledgers = {}): Scenario => {
  if (!vocabulary.customs.has("bitcoin")) return busyWorld(dice, vocabulary);
  const place = placeOf(dice, vocabulary, wanted);
  const parameters = parametersOf(dice, vocabulary, wanted);
  const ids = dice.shuffle(names).slice(0, dice.whole(1, 3));
  const bitcoin = place === "caller" ? ids[0]! : dice.pick(keepers);
  const payers: Payers = { dice, vocabulary, parameters, ids, bitcoin };
  const sending = ids.map((id) => payerOf(payers, id));
  const keeper = exchangeOf(payers);
  const count = place === "elsewhere" ? 2 : 1;
  const hosted = count === 2 ? [sending, [keeper]] : [[...sending, ...(place === "here" ? [keeper] : [])]];
  // Whom the subnet of the Bitcoin canister knows matters to that canister alone.
  const strange = vocabulary.customs.has("strays") && vocabulary.randomness;
  const knows = (own: number): boolean => place !== "unnamed" && (own === 0 || !strange || dice.chance(50));
  const time = nanoseconds(dice.big(0n, 10n ** 12n));
  const subnets = hosted.map((canisters, own): Genesis => ({
    parameters,
    time,
    ...(knows(own) && { bitcoin }),
    ...((count === 2 || place === "silent") && { network: { own: places[own]!, routes: routesFrom(own, hosted, bitcoin) } }),
    canisters: dice.shuffle(canisters),
  }));
  return { genesis: subnets[0]!, ...(count === 2 && { others: subnets.slice(1) }), inputs: movesOf(payers, place, keeper) };
};

const names = ["a", "k", "y"].map(canisterId);
const keepers = ["b-bitcoin", "z-bitcoin"].map(canisterId);
const places = ["here", "there"].map(subnetId);

const placeOf = (dice: Dice, { customs, randomness }: Vocabulary, { place }: Ledgers): BitcoinPlace => {
  const strays = customs.has("strays");
  const may: Readonly<Record<BitcoinPlace, boolean>> = {
    here: true,
    caller: true,
    elsewhere: customs.has("networks"),
    silent: customs.has("networks"),
    nowhere: strays,
    unnamed: strays && randomness,
  };
  if (place !== undefined && may[place]) return place;
  return dice.weigh<BitcoinPlace>([
    [9, "here"],
    [3, "caller"],
    [may.elsewhere ? 7 : 0, "elsewhere"],
    [may.silent ? 2 : 0, "silent"],
    [may.nowhere ? 2 : 0, "nowhere"],
    [may.unnamed ? 2 : 0, "unnamed"],
  ]);
};

const routesFrom = (own: number, hosted: readonly (readonly CanisterGenesis[])[], bitcoin: CanisterId) =>
  hosted.length === 1
    ? [{ canister: bitcoin, subnet: places[1]! }]
    : hosted.flatMap((others, at) => (at === own ? [] : others.map(({ id }) => ({ canister: id, subnet: places[at]! }))));

const parametersOf = (dice: Dice, vocabulary: Vocabulary, { crowded }: Ledgers): Parameters => {
  const scarce = (["roundInstructionLimit", "streamCapacity", "guaranteedResponseMemory"] as const).filter(() => dice.chance(25));
  const { customs, limits } = vocabulary;
  const network = networkOf(dice, freeOfCharge, among(limits, scarce));
  return {
    ...network,
    ...homeward(vocabulary),
    queueCapacity: crowded === true ? dice.whole(1, 2) : dice.whole(1, 4),
    cleanupReserve: Math.min(50, network.cleanupReserve),
    tapeLag: dice.whole(1, 3),
    ...(customs.has("slices") &&
      limits.has("roundInstructionLimit") &&
      dice.chance(15) && { sliceInstructionLimit: instructions(dice.whole(1, 3)) }),
  };
};

const movesOf = ({ dice, vocabulary, ids, bitcoin }: Payers, place: BitcoinPlace, keeper: CanisterGenesis): Scenario["inputs"] => {
  const { inputs: kinds, customs } = vocabulary;
  const diary = openDiary(dice, vocabulary);
  const elsewhere = place === "elsewhere";
  const round = (prompt: boolean): void => {
    const elapsed = dice.chance(80) ? 1_000_000_000n : dice.pick([0n, 1n]);
    const from = (other: number): { readonly deliveries?: readonly Delivery[] } =>
      elsewhere ? { deliveries: [{ from: other, count: prompt ? 100 : dice.pick([0, 1, 9]) }] } : {};
    diary.round(elapsed, from(1));
    if (elsewhere && (prompt || dice.chance(80))) diary.round(elapsed, { subnet: 1, ...from(0) });
  };
  const { asking, composites } = payerMethods(vocabulary);
  for (let rounds = dice.whole(4, 8); rounds > 0; rounds--) {
    for (const id of ids) if (dice.chance(80)) dice.times(1, 3, () => diary.ingress(id, dice.pick(asking)));
    if (customs.has("queries") && kinds.has("query") && composites.length > 0 && dice.chance(30))
      diary.moves.push({
        kind: "query",
        canister: dice.pick(ids),
        method: dice.pick(composites),
        payload: someBytes(dice, dice.whole(0, 3)),
      });
    if (kinds.has("uninstall") && place !== "silent" && dice.chance(3))
      diary.moves.push({ kind: "uninstall", canister: bitcoin, ...(elsewhere && { subnet: 1 }) });
    if (kinds.has("create-canister") && place === "nowhere" && dice.chance(10))
      diary.moves.push({ kind: "create-canister", canister: keeper });
    if (kinds.has("delete-canister") && place === "here" && dice.chance(3))
      diary.moves.push({ kind: "delete-canister", canister: bitcoin });
    diary.restart(6);
    round(false);
  }
  dice.times(3, 6, () => round(true));
  return diary.moves;
};
