/**
 * Thrifty worlds: what matters in them is how much a canister keeps, what it sets aside, and by which prices. Memory becomes
 * scarce with the first pages; places for messages cost as much as pages; prices change between a call and its answer, or
 * while an execution waits to go on. Balances lie where the next page, call, attempt or charge just fits, or just does not.
 * @source facts/cycles.md CYC-4.5, CYC-4.6, CYC-P10, CYC-P13, CYC-P14, CYC-P24, CYC-H1
 */
import type * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  instructions,
  nanoseconds,
  seconds,
  type FeeTable,
  type Parameters,
  type Scenario,
  type StorageParameters,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, homeward, periodDrawn, plenty } from "./networks.ts";
import { thriftyCanister, type Household } from "./thrifty-canisters.ts";
import { thriftyMoves } from "./thrifty-moves.ts";

export interface Thrift {
  /** Memory is paid for in advance. */
  readonly stored?: boolean;
  /** Places for messages cost something. */
  readonly billed?: boolean;
  /** Prices change. */
  readonly repriced?: boolean;
  /** Whether anything but memory and messages costs something. */
  readonly priced?: boolean;
  /** Charges are due while the world lasts. */
  readonly charged?: boolean;
  /** Messages of more than a slice. */
  readonly long?: boolean;
  /** What is mostly under way when prices change. */
  readonly meanwhile?: "executions" | "calls" | "fees" | "growth";
}

/** Worlds whose memory is scarce. */
export const storedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => thriftyWorlds(vocabulary, { stored: true });

/** Worlds whose messages are billed. */
export const billedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => thriftyWorlds(vocabulary, { billed: true });

/** Worlds whose prices change. */
export const repricedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  thriftyWorlds(vocabulary, { repriced: true, priced: true });

export const thriftyWorlds = (vocabulary: Vocabulary, wanted: Thrift = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => thriftyWorld(dice, vocabulary, wanted), withFewerInputs);

/** One world of the kind. */
export const thriftyWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Thrift): Scenario => {
  const { customs, inputs, limits, instructions: words } = vocabulary;
  const stored = customs.has("reservations") && words.has("write") && (wanted.stored ?? dice.chance(30));
  const billed = customs.has("message-rents") && (wanted.billed ?? dice.chance(30));
  const repriced = inputs.has("set-fees") && (wanted.repriced ?? dice.chance(30));
  const priced = wanted.priced ?? dice.chance(55);
  const long = customs.has("slices") && (wanted.long ?? dice.chance(60));
  const charged = wanted.charged ?? dice.chance(65);
  const meanwhile = wanted.meanwhile ?? (stored && long && limits.has("roundInstructionLimit") && dice.chance(20) ? "growth" : undefined);
  const tight = !long ? 1 : meanwhile === "executions" || meanwhile === "fees" ? 60 : repriced ? 16 : 1;
  const ids = names.slice(0, dice.whole(2, 4));
  const parameters = parametersOf(dice, vocabulary, {
    stored,
    billed,
    repriced,
    priced,
    long,
    charged,
    tight,
    fees: meanwhile === "fees",
    growth: meanwhile === "growth",
    count: ids.length,
  });
  const house: Household = { dice, vocabulary, parameters, ids, long, stored, billed, repriced, meanwhile };
  const canisters = ids.map((id, at) => thriftyCanister(house, id, at === 0));
  const tables = repriced
    ? [parameters.fees, dearer(dice, parameters.fees), ...dice.times(0, 2, () => another(dice, parameters.fees))]
    : [parameters.fees];
  return {
    genesis: { parameters, time: nanoseconds(dice.big(0n, 10n ** 18n)), canisters: dice.shuffle(canisters) },
    inputs: thriftyMoves(house, canisters, tables),
  };
};

const names = ["a", "k", "m", "z"].map(canisterId);

interface Kind {
  readonly stored: boolean;
  readonly billed: boolean;
  readonly repriced: boolean;
  readonly priced: boolean;
  readonly long: boolean;
  readonly charged: boolean;
  /** How much more often a round has time for one slice alone than for more of them. */
  readonly tight: number;
  /** Fees for messages of users are to wait. */
  readonly fees: boolean;
  /** A canister is to grow with its last slice, in a round that has time for others behind it. */
  readonly growth: boolean;
  readonly count: number;
}

const parametersOf = (
  dice: Dice,
  vocabulary: Vocabulary,
  { stored, billed, repriced, priced, long, charged, tight, fees, growth, count }: Kind,
): Parameters => {
  const { customs, limits, instructions: words } = vocabulary;
  const current = customs.has("current-scheduler") && dice.chance(30);
  const cores = current ? dice.whole(2, 3) : growth ? 1 : dice.whole(1, 3);
  const slice = dice.whole(10, 24);
  const overhead = dice.whole(1, 4);
  // What is to be aborted must not be over in the round in which it begins.
  const room = growth
    ? 3
    : limits.has("roundInstructionLimit")
      ? dice.weigh([
          [tight, 1],
          [4, dice.whole(2, 8)],
        ])
      : 400;
  const maxPages = dice.whole(3, 8);
  const shape = {
    ...plenty,
    ...homeward(vocabulary),
    scheduler: current ? ("current" as const) : ("published" as const),
    cores,
    messageInstructionLimit: instructions(long ? slice * (growth ? 4 : dice.whole(2, 4)) + dice.whole(0, slice - 1) : slice),
    sliceInstructionLimit: instructions(slice),
    roundInstructionLimit: instructions((slice + overhead) * room + dice.whole(0, overhead)),
    messageOverhead: instructions(overhead),
    maxPausedExecutions: dice.pick(fees ? [1, 2] : repriced ? [0, 0, 1] : [0, 1, 2]),
    cleanupReserve: dice.pick([20, 50]),
    queueCapacity: dice.whole(2, 5),
    maxPayload: bytes(32),
    maxPages,
    ...(words.has("stable-grow") && dice.chance(40) && { heapPages: dice.whole(0, maxPages - 1) }),
    pageSize: bytes(dice.pick([8, 16, 32, 50])),
    tapeLag: dice.whole(1, 3),
    ...(limits.has("chargePeriod") && charged && { chargePeriod: periodDrawn(dice) }),
  };
  return {
    ...shape,
    ...(stored && { storage: storageOf(dice, shape, count) }),
    fees: tableOf(dice, { stored, billed, priced, fees }),
  };
};

/** Mostly nothing is free of it when all have written half of their pages, and sometimes the memory is full before. */
const storageOf = (dice: Dice, { cores, maxPages, pageSize }: Parameters, count: number): StorageParameters => {
  const all = count * maxPages * pageSize;
  const threshold = dice.weigh([
    [6, 0],
    [3, dice.whole(0, Math.floor(all / 8))],
    [1, dice.whole(0, Math.floor(all / 3))],
  ]);
  const width = dice.weigh([
    [4, dice.whole(Math.ceil(all / 2), all)],
    [1, dice.whole(1, all)],
  ]);
  return {
    threshold: bytes(threshold),
    capacity: bytes(threshold + width + cores),
    period: seconds(
      dice.weigh([
        [1, 7],
        [8, dice.whole(60, 400)],
        [2, 1_000],
        [1, 300_000_000],
      ]),
    ),
  };
};

const gibibyte = 2n ** 30n;

const tableOf = (dice: Dice, { stored, billed, priced, fees }: Pick<Kind, "stored" | "billed" | "priced" | "fees">): FeeTable => {
  const vast = dice.chance(8) ? 10n ** 17n : 1n;
  const price = (count: bigint): FeeTable["call"] => cycles(count * vast);
  const memory = dice.weigh([
    [stored ? 0 : 2, 0n],
    [2, gibibyte / dice.big(1n, 16n)],
    [3, gibibyte * dice.big(1n, 3n) + dice.big(0n, gibibyte)],
  ]);
  return {
    ...freeOfCharge,
    name: "drawn",
    subnetSize: dice.pick([7, 13, 13, 34]),
    ingressScaled: dice.pick(["apart", "together"]),
    ...(priced && {
      execution: price(dice.big(1n, 40n)),
      tenInstructions: price(dice.pick([0n, 0n, 10n, 10n, 25n])),
      ingress: price(dice.pick(fees ? [3n, 9n] : [0n, 3n, 9n])),
      ingressByte: price(dice.pick([0n, 1n])),
      call: price(dice.pick([0n, 5n])),
      transmissionByte: price(dice.pick([0n, 0n, 1n, 3n])),
    }),
    gibSecond: price(memory),
    baseSecond: price(dice.pick([0n, 0n, 1n])),
    percentSecond: price(dice.pick([0n, 1n])),
    ...(billed && { messageGibSecond: price(dice.chance(50) ? gibibyte / dice.big(1n, 40n) : gibibyte * dice.big(1n, 3n)) }),
    creation: price(dice.pick([0n, 20n, 500n])),
    schedule: !stored && dice.chance(4) ? "free" : "normal",
  };
};

/** Other prices: those of a subnet of another size, or of another schedule, or dearer or cheaper ones. */
const another = (dice: Dice, fees: FeeTable): FeeTable =>
  dice.weigh<() => FeeTable>([
    [3, () => ({ ...fees, name: "resized", subnetSize: dice.pick([7, 13, 34]) })],
    [2, () => ({ ...fees, name: "rescheduled", schedule: fees.schedule === "free" ? "normal" : "free" })],
    [2, () => dearer(dice, fees)],
    [
      2,
      () => {
        const changed = changedBy(dice);
        const { gibSecond, messageGibSecond, ingress } = fees;
        return {
          ...fees,
          name: "occupied",
          gibSecond: changed(gibSecond),
          messageGibSecond: changed(messageGibSecond),
          ingress: changed(ingress),
        };
      },
    ],
  ])();

/** Execution costs more, or less. */
const dearer = (dice: Dice, fees: FeeTable): FeeTable => {
  const changed = changedBy(dice);
  const { execution, tenInstructions, transmissionByte } = fees;
  return {
    ...fees,
    name: "executed",
    execution: changed(execution),
    tenInstructions: changed(tenInstructions),
    transmissionByte: dice.chance(50) ? changed(transmissionByte) : transmissionByte,
  };
};

const changedBy = (dice: Dice): ((count: bigint) => FeeTable["call"]) => {
  const times = dice.pick([2n, 3n, 10n]);
  const rises = dice.chance(70);
  return (count) => cycles(rises ? count * times : count / times);
};
