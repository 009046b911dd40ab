/**
 * Worlds for the scheduler: short and long messages, much and little written, canisters that come, go and change what they
 * reserve, checkpoints and gates. Little else happens in them, so that hundreds of rounds cost little.
 */
import * as fc from "fast-check";
import { bytes, instructions, nanoseconds, type CanisterGenesis, type Genesis, type Parameters, type Scenario } from "../../spec/index.ts";
import type { Custom, Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { feesDrawn, freeOfCharge, homeward, periodDrawn, plenty } from "./networks.ts";
import { rentsDrawn } from "./rents.ts";
import { canisterOf } from "./scheduled-canisters.ts";
import { movesOf } from "./scheduled-moves.ts";

export interface Scheduled {
  readonly scheduler?: Parameters["scheduler"];
  /** Messages of more than a slice. */
  readonly long?: boolean;
  /** Limits on what is written. */
  readonly heap?: boolean;
  readonly members?: boolean;
  /** Prices, and balances that are not always enough. */
  readonly priced?: boolean;
  readonly rounds?: readonly [least: number, most: number];
  /** Little room for heap delta between two checkpoints. */
  readonly gated?: boolean;
  /** Everybody has much to do. */
  readonly busy?: boolean;
  /** Nobody looks at the time or at a balance, or calls anybody; everybody can pay. */
  readonly calm?: boolean;
  /** Rounds keep few paused executions, and there are checkpoints. */
  readonly aborting?: boolean;
  /** Executions wait for each other, and for nothing else. */
  readonly steady?: boolean;
  /** Little memory for guaranteed responses, and few callbacks. */
  readonly cramped?: boolean;
  /** Canisters pay for what they occupy. */
  readonly charged?: boolean;
}

export const scheduledWorlds = (vocabulary: Vocabulary, wanted: Scheduled = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => scheduledWorld(dice, vocabulary, wanted), withFewerInputs);

/** Worlds of some kind, and among them some in which the scheduler has much to do. */
export const orScheduled = (worlds: fc.Arbitrary<Scenario>, vocabulary: Vocabulary, wanted: Scheduled = {}): fc.Arbitrary<Scenario> =>
  fc.oneof({ arbitrary: worlds, weight: 4 }, { arbitrary: scheduledWorlds(vocabulary, wanted), weight: 1 });

/** Worlds of the current scheduler; of the published one for a machine that knows no other. */
export const currentWorlds = (vocabulary: Vocabulary, wanted: Scheduled = {}): fc.Arbitrary<Scenario> =>
  scheduledWorlds(vocabulary, { scheduler: "current", ...wanted });

/** The same, and among them many in which whoever wrote too much is suspended, often with nothing to do. */
export const suspendingWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  fc.oneof(
    { arbitrary: currentWorlds(vocabulary), weight: 1 },
    { arbitrary: currentWorlds(vocabulary, { heap: true, busy: false, rounds: [6, 16] }), weight: 1 },
  );

/** Worlds in which much is executed in slices, and some of it aborted. */
export const slicedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => scheduledWorlds(vocabulary, { long: true, busy: true });

/** The same, with more aborts. */
export const abortingWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  scheduledWorlds(vocabulary, { long: true, busy: true, aborting: true, charged: false, rounds: [8, 24] });

/** Worlds in which much is written; `gated`: so much that rounds are skipped. */
export const heapWorlds = (vocabulary: Vocabulary, gated = false): fc.Arbitrary<Scenario> =>
  scheduledWorlds(vocabulary, { heap: true, busy: true, ...(gated && { gated }) });

/** Worlds in which canisters come and go. */
export const memberWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  scheduledWorlds(vocabulary, { members: true, calm: false, rounds: [8, 24] });

/** Worlds in which long executions wait for each other for long. */
export const steadyWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  currentWorlds(vocabulary, { long: true, busy: true, heap: false, members: false, priced: false, steady: true, rounds: [15, 30] });

/** Worlds in which nobody sees anybody or anything but its messages, and in which everything is over in the end. */
export const calmWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  scheduledWorlds(vocabulary, { long: true, heap: false, members: false, calm: true, rounds: [3, 8] });

export const scheduledWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Scheduled): Scenario => {
  const { customs } = vocabulary;
  const may = (custom: Custom, wished: boolean | undefined, chance: number): boolean =>
    customs.has(custom) && (wished ?? dice.chance(chance));
  const { calm = false, steady = false, gated = false, aborting = false, busy = dice.chance(50) } = wanted;
  const long = may("slices", wanted.long, 75);
  const heap = may("heap-limits", wanted.heap, 40);
  const { members = dice.chance(40), priced = dice.chance(40) } = wanted;
  const charged = vocabulary.limits.has("chargePeriod") && (wanted.charged ?? (priced && !calm && dice.chance(20)));
  const drawnScheduler = wanted.scheduler ?? dice.pick(["published", "current"] as const);
  const scheduler = customs.has("current-scheduler") ? drawnScheduler : "published";
  const cores =
    scheduler === "current"
      ? dice.weigh([
          [5, 2],
          [3, 3],
          [1, 4],
        ])
      : dice.whole(1, 3);
  const overheads = customs.has("overheads");
  const drawnParameters = networkOf(dice, {
    scheduler,
    cores,
    long,
    heap,
    priced,
    overheads,
    gated,
    steady,
    calm,
    aborting,
    written: wanted.heap === true,
    slow: wanted.members === true,
    cramped: wanted.cramped === true && vocabulary.limits.has("guaranteedResponseMemory"),
  });
  const parameters = {
    ...drawnParameters,
    ...homeward(vocabulary),
    ...(charged && { chargePeriod: periodDrawn(dice), fees: rentsDrawn(dice, undefined, !priced) }),
  };
  const count = steady ? cores + dice.whole(1, 3) : dice.chance(85) ? cores + dice.whole(0, 4) : dice.whole(1, cores);
  const allocations = allocationsOf(dice, count, parameters);
  const newcomer = (at: number, allocation: number): CanisterGenesis =>
    canisterOf(dice, vocabulary, parameters, { at, count, allocation, long, heap, written: wanted.heap === true, priced, charged, calm });
  const canisters = dice.shuffle(allocations.map((allocation, at) => newcomer(at, allocation)));
  const genesis: Genesis = { parameters, time: nanoseconds(0n), canisters };
  return {
    genesis,
    inputs: movesOf(dice, vocabulary, genesis, {
      rounds: wanted.rounds ?? [5, 24],
      long,
      members,
      busy,
      calm,
      gated,
      steady,
      aborting,
      charged,
      newcomer,
    }),
  };
};

interface Kind {
  readonly scheduler: Parameters["scheduler"];
  readonly cores: number;
  readonly long: boolean;
  readonly heap: boolean;
  readonly priced: boolean;
  readonly overheads: boolean;
  readonly gated: boolean;
  readonly steady: boolean;
  readonly calm: boolean;
  readonly aborting: boolean;
  readonly written: boolean;
  /** Whether who asks for randomness may wait for some rounds. */
  readonly slow: boolean;
  readonly cramped: boolean;
}

const networkOf = (
  dice: Dice,
  { scheduler, cores, long, heap, priced, overheads, gated, steady, calm, aborting, written, slow, cramped }: Kind,
): Parameters => {
  const slice = dice.whole(6, 30);
  const message = long ? slice * dice.whole(2, steady ? 4 : 7) + dice.whole(0, slice - 1) : slice;
  const overhead = dice.whole(1, 4);
  const room = (slice + overhead) * (steady ? 1 : dice.whole(1, 3)) + dice.whole(0, overhead);
  return {
    ...plenty,
    scheduler,
    cores,
    messageInstructionLimit: instructions(message),
    sliceInstructionLimit: instructions(slice),
    roundInstructionLimit: instructions(Math.max(room, slice + overhead)),
    messageOverhead: instructions(overhead),
    canisterOverhead: instructions(
      dice.weigh([
        [3, 0],
        [overheads ? 2 : 0, dice.whole(1, 8)],
      ]),
    ),
    finalisationOverhead: instructions(
      dice.weigh([
        [3, 0],
        [overheads ? 1 : 0, 1],
      ]),
    ),
    maxPausedExecutions: dice.weigh([
      [2, 1],
      [aborting ? 0 : 2, 2],
      [aborting ? 0 : 1, 4],
      [steady || calm ? 0 : 1, 0],
    ]),
    allocatable: dice.pick([50, 100, 100]),
    priority: {
      resetInterval: dice.weigh([
        [3, 86_400],
        [2, dice.whole(5, 20)],
      ]),
      ceiling: dice.pick([5, 2, 1]),
      floor: dice.pick([20, 3, 1]),
      decay: dice.pick([80, 50]),
    },
    cleanupReserve: dice.pick([0, 5, 20]),
    queueCapacity: dice.whole(1, 4),
    maxPayload: bytes(32),
    maxPages: 4,
    pageSize: bytes(8),
    ...(cramped && {
      guaranteedResponseMemory: bytes(32 * dice.whole(1, 5)),
      callbackLimit: dice.whole(1, 5),
      callbackQuota: dice.whole(0, 1),
    }),
    ...(slow && { tapeLag: dice.pick([1, 4, 4, 5, 5, 6]) }),
    ...(heap && {
      heapDeltaIterationLimit: bytes(
        dice.weigh([
          [2, 8],
          [2, 16],
          [2, 24],
          [3, 1_000],
        ]),
      ),
      heapDeltaRateLimit: bytes(dice.pick(written ? [3, 3, 4, 5] : [5, 8, 12, 16])),
      heapDeltaCapacity: bytes(
        dice.weigh([
          [2, gated ? dice.whole(8, 24) : dice.whole(30, 120)],
          [gated ? 0 : 2, 100_000],
        ]),
      ),
      heapDeltaReserve: bytes(gated ? dice.whole(1, 16) : dice.whole(8, 40)),
    }),
    fees: priced ? feesDrawn(dice, true) : freeOfCharge,
  };
};

/** Within what may be allocated, mostly with one canister that reserved much. */
const allocationsOf = (dice: Dice, count: number, { scheduler, cores, allocatable }: Parameters): readonly number[] => {
  let left = Math.max(0, Math.floor((scheduler === "current" ? cores - 1 : cores) * allocatable) - 1);
  const much = dice.whole(0, count - 1);
  return Array.from({ length: count }, (_, at) => {
    const wanted =
      at === much
        ? dice.whole(20, 100)
        : dice.weigh([
            [3, 0],
            [3, dice.pick([5, 10, 10, 20])],
            [1, dice.whole(1, 40)],
          ]);
    const given = Math.min(wanted, left, 100);
    left -= given;
    return given;
  });
};
