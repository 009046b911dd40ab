/**
 * Who pays which part of a charge. A machine tells what all canisters together paid for what they occupy; what each of them
 * paid follows from its memory, its allocation and the time since it was last charged. Written from `docs/machine.md`
 * sections 2 and 14 alone, so that a sum that is wrong is found here.
 */
import { scale, type World } from "../../properties/index.ts";
import type { CanisterId, Event, Genesis } from "../../spec/index.ts";

/** What one canister paid. @unit cycles */
export interface Share {
  readonly canister: CanisterId;
  readonly memory: bigint;
  readonly compute: bigint;
}

/** When each canister was last charged. */
export type Meter = Map<CanisterId, bigint>;

/** What the meter has to know of the world. */
export type Metered = Pick<World, "canisters" | "parameters" | "time">;

export const openMeter = ({ canisters, time }: Genesis): Meter => new Map(canisters.map(({ id }) => [id, time]));

/** Notes an event that changes who was charged when, after its shares were asked for. */
export const noteOnMeter = (meter: Meter, event: Event, world: Metered): void => {
  if (event.kind === "canister-created") meter.set(event.canister, world.time);
  if (event.kind === "resources-charged") for (const canister of due(meter, world)) meter.set(canister, world.time);
};

/** What each canister that is due pays now, with such a balance. */
export const sharesOf = (meter: Meter, world: Metered, balanceOf: (canister: CanisterId) => bigint): readonly Share[] =>
  due(meter, world).map((canister) => {
    const passed = (world.time - meter.get(canister)!) / second;
    const balance = balanceOf(canister);
    const memory = (memoryOfDay(canister, world) * passed) / day;
    // What is not covered is not taken; the canister runs dry, which is told by an event of its own.
    if (memory > balance) return { canister, memory: 0n, compute: 0n };
    const compute = (computeOfDay(canister, world) * passed) / day;
    return { canister, memory, compute: compute > balance - memory ? 0n : compute };
  });

const second = 1_000_000_000n;
const day = 86_400n;
const gibibyte = 2n ** 30n;

/** Those that have no execution under way, and were not charged for the whole charge period. */
const due = (meter: Meter, { canisters, parameters: { chargePeriod }, time }: Metered): readonly CanisterId[] =>
  [...canisters.values()].flatMap(({ id, execution }) =>
    execution === null && time - (meter.get(id) ?? time) >= chargePeriod ? [id] : [],
  );

const memoryOfDay = (canister: CanisterId, { canisters, parameters }: Metered): bigint => {
  const { fees, pageSize } = parameters;
  const memory = BigInt(canisters.get(canister)?.pages.size ?? 0) * BigInt(pageSize);
  if (memory === 0n) return 0n;
  return scale(parameters, (memory * fees.gibSecond * day) / gibibyte) + scale(parameters, fees.baseSecond * day);
};

const computeOfDay = (canister: CanisterId, { canisters, parameters }: Metered): bigint =>
  scale(parameters, parameters.fees.percentSecond * BigInt(canisters.get(canister)?.genesis.computeAllocation ?? 0) * day);
