/**
 * Worlds drawn from a seed in which canisters are charged for what they occupy. They are the other drawn worlds, in which now seconds
 * pass where nanoseconds did, and sometimes hours; what they pay is so much that some run dry.
 */
import { cycles, nanoseconds, type Genesis, type Move, type Parameters, type Scenario } from "../spec/index.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawFrom, drawnWorld, type Draw } from "./drawn-world.ts";

export const drawnCharges = (seed: number): Scenario => {
  const draw = drawFrom(seed);
  const { genesis, others = [], inputs } = slowed(draw.chance(1, 2) ? drawnWorld(seed) : drawnSchedule(seed));
  const period = nanoseconds(draw.of([0n, 1n, 1_000n, 3_000n, 10_000n]) * millisecond);
  const charging = (one: Genesis): Genesis => ({ ...one, parameters: chargingIn(draw, one.parameters, period) });
  return { genesis: charging(genesis), others: others.map(charging), inputs: inputs.map((move) => withElapsed(draw, move)) };
};

const millisecond = 1_000_000n;
const second = 1_000n * millisecond;

const chargingIn = (draw: Draw, parameters: Parameters, chargePeriod: Parameters["chargePeriod"]): Parameters => ({
  ...parameters,
  chargePeriod,
  fees: {
    ...parameters.fees,
    gibSecond: cycles(draw.of([0n, 2n ** 18n, 2n ** 20n, 2n ** 24n])),
    baseSecond: cycles(draw.of([0n, 1n, 40n])),
    percentSecond: cycles(draw.of([0n, 1n, 25n])),
    ingressScaled: draw.of(["apart", "together"] as const),
    subnetSize: draw.of([13, 13, 7]),
    schedule: draw.chance(1, 12) ? "free" : "normal",
  },
});

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
