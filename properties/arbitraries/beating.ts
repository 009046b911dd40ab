/**
 * Beating worlds, for what a reservation is worth: the heartbeat of each canister takes a slice, or several, and a slice fills a
 * core for a round. So everybody has work in every round, whatever is reserved, and a world of a hundred rounds is short to tell.
 * Some of them have canisters, too, that can pay for nothing of what they are asked.
 */
import type * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type Move,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, plenty } from "./networks.ts";

export interface Beating {
  readonly scheduler?: Parameters["scheduler"];
  /** The most slices of a heartbeat; 1 when it is not said. */
  readonly slices?: number;
  /** Whether there are one or two canisters that cannot pay, and are asked all the same; they may have reserved something, too. */
  readonly frozen?: boolean;
  /** Whether there is something left to reserve. */
  readonly roomy?: boolean;
}

export const beatingWorlds = (vocabulary: Vocabulary, wanted: Beating = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => beatingWorld(dice, vocabulary, wanted), withFewerInputs);

export const beatingWorld = (dice: Dice, { customs }: Vocabulary, wanted: Beating): Scenario => {
  const asked = wanted.scheduler ?? dice.pick(["published", "current"] as const);
  const scheduler = customs.has("current-scheduler") ? asked : "published";
  const slices = customs.has("slices") && wanted.slices !== undefined ? dice.whole(Math.min(2, wanted.slices), wanted.slices) : 1;
  const cores = scheduler === "current" ? dice.pick([2, 2, 2, 3, 4]) : dice.pick([1, 1, 2, 2, 3]);
  const parameters = networkOf(dice, { scheduler, cores, slices, frozen: wanted.frozen === true });
  const most = (scheduler === "current" ? 100 * (cores - 1) : 100 * cores) - (wanted.roomy === true ? 12 : 3);
  const allocations = allocationsOf(dice, cores + dice.whole(1, 3), most);
  const beating = allocations.map((allocation, at) => ({
    ...silent(`c${at}`, allocation),
    balance: cycles(10n ** 20n),
    onHeartbeat: [{ op: "consume" as const, instructions: instructions(parameters.sliceInstructionLimit * effortOf(dice, slices)) }],
  }));
  const frozen = wanted.frozen === true ? dice.times(1, 2, () => null).map((_, at) => silent(`f${at}`, dice.pick([0, 0, 1]))) : [];
  return {
    genesis: { parameters, time: nanoseconds(0n), canisters: dice.shuffle([...beating, ...frozen]) },
    inputs: movesOf(dice, frozen, parameters),
  };
};

interface Kind {
  readonly scheduler: Parameters["scheduler"];
  readonly cores: number;
  readonly slices: number;
  readonly frozen: boolean;
}

/** A slice fills a core. Where some cannot pay, a round has time for several refusals, too. */
const networkOf = (dice: Dice, { scheduler, cores, slices, frozen }: Kind): Parameters => {
  const slice = dice.whole(8, 40);
  const overhead = dice.whole(1, 5);
  const counter = frozen ? dice.whole(1, slice + overhead) : 1;
  return {
    ...plenty,
    scheduler,
    cores,
    roundInstructionLimit: instructions(slice + overhead + counter - 1),
    messageInstructionLimit: instructions(slice * slices),
    sliceInstructionLimit: instructions(slice),
    messageOverhead: instructions(overhead),
    canisterOverhead: instructions(0),
    finalisationOverhead: instructions(0),
    cleanupReserve: 0,
    queueCapacity: 1,
    maxPayload: bytes(32),
    maxPages: 1,
    pageSize: bytes(4),
    tapeLag: 1,
    fees: frozen ? { ...freeOfCharge, name: "attempts", execution: cycles(BigInt(dice.whole(1, 1_000))) } : freeOfCharge,
  };
};

/** One canister reserved much, the others little or nothing. */
const allocationsOf = (dice: Dice, count: number, most: number): readonly number[] => {
  let left = most;
  const given = Array.from({ length: count }, (_, at) => {
    const wanted = dice.weigh([
      [at === 0 ? 1 : 0, dice.whole(30, 99)],
      [at === 0 ? 0 : 6, 0],
      [at === 0 ? 0 : 3, dice.whole(1, 30)],
    ]);
    const reserved = Math.min(wanted, left);
    left -= reserved;
    return reserved;
  });
  return dice.shuffle(given);
};

/** One slice, as many as the longest, or something between. */
const effortOf = (dice: Dice, slices: number): number =>
  dice.weigh([
    [3, 1],
    [5, slices],
    [4, dice.whole(1, slices)],
  ]);

/** A canister that has nothing, and does nothing unless it is asked to. */
const silent = (id: string, allocation: number): CanisterGenesis => ({
  id: canisterId(id),
  computeAllocation: percent(allocation),
  freezingThreshold: seconds(0),
  balance: cycles(0n),
  methods: [{ name: "work", body: [{ op: "consume", instructions: instructions(1) }] }],
  onTimer: [],
});

const movesOf = (
  dice: Dice,
  frozen: readonly CanisterGenesis[],
  { messageOverhead, roundInstructionLimit }: Parameters,
): readonly Move[] => {
  const moves: Move[] = [];
  // Now and then more than a core refuses in a round, or little.
  const flood = Math.min(6, Math.ceil(roundInstructionLimit / messageOverhead));
  const greedy = frozen.map(() => dice.chance(50));
  let number = 0;
  for (let round = dice.whole(101, 106); round > 0; round--) {
    frozen.forEach(({ id }, at) => {
      for (let left = greedy[at]! && dice.chance(25) ? dice.whole(0, flood) : dice.pick([0, 0, 0, 0, 1]); left > 0; left--)
        moves.push({ kind: "ingress", id: ingressId(`i${number++}`), canister: id, method: "work", payload: hex("") });
    });
    moves.push({ kind: "round", elapsed: nanoseconds(1_000_000_000n), tape: hex("00".repeat(32)) });
  }
  return moves;
};
