/**
 * Worlds drawn from a seed in which canisters are charged for what they occupy. They are the other drawn worlds, in which now seconds
 * pass where nanoseconds did, and sometimes hours; what they pay is so much that some run dry.
 */
import {
  bytes,
  cycles,
  type CanisterGenesis,
  nanoseconds,
  seconds,
  type Genesis,
  type Move,
  type Parameters,
  type Scenario,
} from "../spec/index.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { drawnWorld } from "./drawn-world.ts";

export const drawnCharges = (seed: number): Scenario => {
  const draw = drawFrom(seed);
  const { genesis, others = [], inputs } = slowed(draw.chance(1, 2) ? drawnWorld(seed) : drawnSchedule(seed));
  const period = nanoseconds(draw.of([0n, 1n, 1_000n, 3_000n, 10_000n]) * millisecond);
  const charging = (one: Genesis): Genesis => ({
    ...one,
    parameters: chargingIn(draw, one.parameters, period),
    canisters: one.canisters.map((born) => ({
      ...born,
      ...(draw.chance(1, 5) ? { reservedLimit: cycles(draw.of([0n, 20n, 500n])) } : {}),
      ...(draw.chance(1, 3) ? frugalFrom(draw) : {}),
    })),
  });
  return { genesis: charging(genesis), others: others.map(charging), inputs: inputs.map((move) => withElapsed(draw, move)) };
};

const millisecond = 1_000_000n;
const second = 1_000n * millisecond;

const chargingIn = (draw: Draw, parameters: Parameters, chargePeriod: Parameters["chargePeriod"]): Parameters => ({
  ...parameters,
  chargePeriod,
  storage: storageFrom(draw, parameters),
  fees: {
    ...parameters.fees,
    gibSecond: cycles(draw.of([0n, 2n ** 18n, 2n ** 20n, 2n ** 20n, 2n ** 24n])),
    baseSecond: cycles(draw.of([0n, 1n, 40n])),
    percentSecond: cycles(draw.of([0n, 1n, 25n])),
    messageGibSecond: cycles(draw.of([0n, 2n ** 24n, 2n ** 28n, 2n ** 31n, 2n ** 33n])),
    ingressScaled: draw.of(["apart", "together"] as const),
    subnetSize: draw.of([13, 13, 7]),
    schedule: draw.chance(1, 12) ? "free" : "normal",
  },
});

/** A canister that has hardly more than it needs to go on, so that each slot that it takes may be one too many. */
const frugalFrom = (draw: Draw): Partial<CanisterGenesis> => ({
  freezingThreshold: seconds(draw.of([1, 5, 20])),
  balance: cycles(1_100n + BigInt(draw.of([2_000, 8_000, 40_000]) + draw.below(4_000))),
});

/** Often so little memory that canisters set cycles aside for their pages. */
const storageFrom = (draw: Draw, { cores, pageSize, storage }: Parameters): Parameters["storage"] => {
  if (draw.chance(1, 4)) return storage;
  const threshold = cores * draw.of([0, 0, 1, 3]) * pageSize;
  return {
    threshold: bytes(threshold),
    capacity: bytes(threshold + cores * draw.of([2, 5, 12]) * pageSize),
    period: seconds(draw.of([100, 2_000, 2_000, 30_000])),
  };
};

const withElapsed = (draw: Draw, move: Move): Move => {
  if (move.kind !== "round" || draw.chance(2, 3)) return move;
  return { ...move, elapsed: nanoseconds(draw.of([0n, 1n, 400n, 999n, 1_500n, 10_000n, 500_000n, 20_000_000n]) * millisecond) };
};

/** The fields that say times. */
const times: ReadonlySet<string> = new Set([
  "after",
  "bestEffortLifetime",
  "deadline",
  "elapsed",
  "expiry",
  "historyLifetime",
  "ingressLifetime",
  "requestLifetime",
  "stopTimeout",
  "time",
  "timeout",
]);

/** The same world, in which a nanosecond lasts a second. */
const slowed = <T>(value: T): T => {
  const slow = (part: unknown, name: string): unknown => {
    if (typeof part === "bigint") return times.has(name) ? part * second : part;
    if (Array.isArray(part)) return part.map((item) => slow(item, name));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([field, inner]) => [field, slow(inner, field)]));
  };
  return slow(value, "") as T;
};
