/**
 * Networks to draw worlds in: limits scaled down so far that edges are met in most runs, and fee tables of four kinds.
 * A network has plenty of everything but the slots of its queues, unless a limit is named as a scarce one. Subnet sizes
 * are those that make rounding awkward; prices reach past 2^53, where a double would lie.
 */
import {
  bytes,
  cycles,
  feesOf2025,
  feesOf2026,
  feesOfSystem,
  instructions,
  nanoseconds,
  publishedParameters,
  seconds,
  type FeeTable,
  type Instructions,
  type Nanoseconds,
  type Parameters,
} from "../../spec/index.ts";
import type { Limit, Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";

/** @source facts/cycles.md CYC-H1, CYC-P23; facts/messages.md MSG-11.1 */
export const networkOf = (dice: Dice, fees: FeeTable, scarce: ReadonlySet<Limit>): Parameters => {
  const message = dice.whole(20, 200);
  const overhead = dice.whole(1, 10);
  // A reply with randomness has 32 bytes, so the largest payload is never smaller.
  const maxPayload = dice.whole(32, 64);
  const network: Parameters = {
    ...plenty,
    cores: dice.weigh([
      [3, 1],
      [4, 2],
      [3, 3],
    ]),
    roundInstructionLimit: roomOf(message, overhead),
    messageInstructionLimit: instructions(message),
    messageOverhead: instructions(overhead),
    cleanupReserve: dice.weigh([
      [4, 5],
      [2, 0],
      [3, 20],
      [2, 50],
      [1, 100],
    ]),
    queueCapacity: dice.whole(1, 5),
    maxPayload: bytes(maxPayload),
    maxPages: dice.whole(2, 5),
    pageSize: bytes(dice.chance(70) ? dice.whole(maxPayload, 64) : dice.whole(4, maxPayload)),
    tapeLag: dice.weigh([
      [3, 1],
      [1, 2],
    ]),
    fees,
  };
  return limits.filter((limit) => scarce.has(limit)).reduce((drawn, limit) => ({ ...drawn, ...scarcities[limit](dice, drawn) }), network);
};

/** Later than any world lives, and early enough for the border when it is added to a time. */
const forever: Nanoseconds = nanoseconds(2n ** 61n);

/** So much of everything that no small world comes to the end of it. */
export const plenty: Parameters = {
  ...publishedParameters,
  guaranteedResponseMemory: bytes(1_000_000),
  bestEffortMemory: bytes(1_000_000),
  callbackLimit: 10_000,
  streamCapacity: 1_000,
  requestLifetime: forever,
  bestEffortLifetime: forever,
  ingressLifetime: forever,
  historyLifetime: forever,
  historyCapacity: 10_000,
  historyMemory: bytes(1_000_000),
  inspectionInstructionLimit: instructions(1_000),
  chargePeriod: forever,
  // Memory is paid for in advance only in worlds that are about it.
  storage: { ...publishedParameters.storage, period: seconds(0) },
};

/** Whether a drawn network has little of something. */
export const isScarce = (network: Parameters, limit: Limit): boolean =>
  limit === "roundInstructionLimit"
    ? network.roundInstructionLimit < roomOf(network.messageInstructionLimit, network.messageOverhead)
    : network[limit] < plenty[limit];

/** Instructions for a round that hardly comes to its end. */
const roomOf = (message: number, overhead: number): Instructions => instructions((message + overhead) * 400);

/** What becomes of the cycles on dropped messages where nothing is drawn about it: they go home, if the machine knows that. */
export const homeward = ({ droppedCycles }: Vocabulary): Partial<Parameters> =>
  droppedCycles.size === 0 || droppedCycles.has("returned") ? {} : { droppedCycles: "lost" };

const second = 1_000_000_000n;

/** Some rounds of a busy world, in which mostly a second or two pass, or so many minutes as in production. */
const lifetime = (dice: Dice, most: bigint): Nanoseconds =>
  nanoseconds(
    dice.weigh([
      [8, dice.big(second / 2n, most)],
      [1, second],
      [1, 300n * second],
    ]),
  );

/** How little there is of what is scarce: near what one message needs, so that a few make the difference. */
const scarcities: Readonly<Record<Limit, (dice: Dice, network: Parameters) => Partial<Parameters>>> = {
  roundInstructionLimit: (dice, { messageInstructionLimit, messageOverhead }) => ({
    roundInstructionLimit: instructions((messageInstructionLimit + messageOverhead) * dice.whole(1, 6) + dice.whole(0, messageOverhead)),
  }),
  guaranteedResponseMemory: (dice, { maxPayload, cores }) => ({
    guaranteedResponseMemory: bytes(
      dice.chance(10) ? dice.whole(0, maxPayload) : maxPayload * dice.whole(2, 3 + cores) + dice.whole(0, maxPayload - 1),
    ),
  }),
  bestEffortMemory: (dice) => ({
    bestEffortMemory: bytes(
      dice.weigh([
        [1, 0],
        [3, dice.whole(1, 12)],
        [4, dice.whole(12, 60)],
      ]),
    ),
  }),
  callbackLimit: (dice) => ({ callbackLimit: dice.whole(0, 6), callbackQuota: dice.whole(0, 3) }),
  streamCapacity: (dice) => ({ streamCapacity: dice.whole(1, 8) }),
  requestLifetime: (dice) => ({ requestLifetime: lifetime(dice, 5n * second) }),
  bestEffortLifetime: (dice) => ({ bestEffortLifetime: lifetime(dice, 5n * second) }),
  ingressLifetime: (dice) => ({ ingressLifetime: lifetime(dice, 8n * second) }),
  historyLifetime: (dice, { ingressLifetime }) => ({
    historyLifetime: nanoseconds(ingressLifetime + dice.pick([0n, 1n, second, dice.big(0n, 6n * second)])),
  }),
  historyCapacity: (dice) => ({ historyCapacity: dice.whole(3, 10) }),
  historyMemory: (dice) => ({ historyMemory: bytes(dice.whole(0, 12)) }),
  inspectionInstructionLimit: (dice) => ({ inspectionInstructionLimit: instructions(dice.whole(1, 8)) }),
  queryBudget: (dice) => ({
    queryBudget: instructions(
      dice.weigh([
        [1, 0],
        [2, 1],
        [5, dice.whole(2, 40)],
        [3, dice.whole(40, 300)],
      ]),
    ),
    queryWindow: nanoseconds(dice.pick([1n, second, 2n * second, dice.big(1n, 5n * second)])),
  }),
  chargePeriod: (dice) => ({ chargePeriod: periodDrawn(dice) }),
};

/** From every round to every ten seconds, as in production. */
export const periodDrawn = (dice: Dice): Nanoseconds =>
  nanoseconds(
    dice.weigh([
      [2, 0n],
      [2, second],
      [3, 10n * second],
      [2, dice.big(0n, 12n * second)],
    ]),
  );

/** In the order in which they are drawn: an answer is kept for at least as long as its message may take to expire. */
export const limits = Object.keys(scarcities) as readonly Limit[];

/** A fee table of one of four kinds, or that of a network where nothing costs anything, unless it must. */
export const feesDrawn = (dice: Dice, priced = false): FeeTable => {
  const subnetSize = dice.pick([1, 4, 7, 13, 28, 34, 40]);
  const kind = dice.weigh<keyof typeof tables>([
    [priced ? 0 : 3, "free"],
    [8, "small"],
    [4, "scaled"],
    [2, "published"],
    [3, "vast"],
  ]);
  return { ...tables[kind](dice), subnetSize, ...scheduleDrawn(dice, priced) };
};

/** How ingress is scaled; and, seldom, that nothing of the table has a price, unless it must. */
const scheduleDrawn = (dice: Dice, priced: boolean): Pick<FeeTable, "ingressScaled" | "schedule"> => ({
  ingressScaled: dice.pick(["apart", "together"]),
  schedule: !priced && dice.chance(6) ? "free" : "normal",
});

/** Prices of nothing: whoever has no cycles can do everything. */
export const freeOfCharge: FeeTable = { ...feesOfSystem, name: "free", ingressScaled: "together" };

const tables = {
  free: () => freeOfCharge,
  small: (dice: Dice): FeeTable => ({
    ...freeOfCharge,
    name: "small",
    execution: cycles(BigInt(dice.whole(1, 20))),
    tenInstructions: cycles(dice.pick([0n, 1n, 3n, 10n, 10n, 25n])),
    ingress: cycles(BigInt(dice.whole(0, 10))),
    ingressByte: cycles(BigInt(dice.whole(0, 3))),
    call: cycles(BigInt(dice.whole(0, 10))),
    transmissionByte: cycles(BigInt(dice.whole(0, 3))),
    gibSecond: cycles(dice.pick([0n, 127_000n, 1_000_000n, 50_000_000n])),
    baseSecond: cycles(dice.pick([0n, 0n, 1n])),
    percentSecond: cycles(dice.pick([0n, 1n, 10n])),
  }),
  scaled: (dice: Dice): FeeTable => ({
    ...freeOfCharge,
    name: "scaled",
    execution: cycles(5_000n),
    tenInstructions: cycles(dice.pick([10n, 17n])),
    ingress: cycles(1_200n),
    ingressByte: cycles(2n),
    call: cycles(260n),
    transmissionByte: cycles(1n),
    gibSecond: cycles(dice.pick([127_000n, 50_000_000n])),
    baseSecond: cycles(dice.pick([0n, 10n])),
    percentSecond: cycles(10_000n),
  }),
  published: (dice: Dice): FeeTable => {
    const { messageGibSecond, creation } = freeOfCharge;
    return { ...dice.pick([feesOf2025, feesOf2026]), name: "published", messageGibSecond, creation };
  },
  vast: (dice: Dice): FeeTable => {
    const price = (): FeeTable["call"] => cycles(dice.big(2n ** 53n, 2n ** 61n));
    return {
      ...freeOfCharge,
      name: "vast",
      execution: price(),
      tenInstructions: price(),
      ingress: price(),
      ingressByte: price(),
      call: price(),
      transmissionByte: price(),
      gibSecond: cycles(price() * 1_000n),
      baseSecond: dice.chance(50) ? price() : cycles(0n),
      percentSecond: price(),
    };
  },
};
