/**
 * What the end of a round does to the priorities of the current scheduler: full rounds are paid, allocations granted, what lies
 * outside the bounds decays, and the rest is shared. Written from `docs/machine.md` section 11 alone.
 */
import { byId, priorityPercent, type Event, type PriorityBounds } from "../../spec/index.ts";
import type { Book, Booked, BookedRound } from "./schedule.ts";

/** A full round, in accumulated priority. */
export const whole = 100n * priorityPercent;

export type Sums = Omit<Extract<Event, { readonly kind: "priorities-settled" }>, "kind">;

/** Does the sums, canister by canister, and says what they come to. */
export const settle = ({ canisters, parameters }: Book, round: BookedRound): Sums => {
  const all = [...canisters.values()];
  let charged = whole * BigInt(round.charged.size);
  const charge = (canister: Booked, amount: bigint): void => {
    canister.priority -= amount;
    charged += amount;
  };
  for (const canister of all) {
    if (!round.full.has(canister.id)) continue;
    canister.executed += 1;
    if (canister.underway?.since === round.height) charge(canister, whole);
  }
  for (const canister of all) {
    if (canister.executed === 0 || (canister.underway !== null && !round.completed.has(canister.id))) continue;
    charge(canister, whole * BigInt(Math.max(canister.executed - 1, 1)));
    canister.executed = 0;
  }
  const granted = sum(all.map(({ allocation }) => BigInt(allocation) * priorityPercent));
  for (const canister of all) canister.priority += BigInt(canister.allocation) * priorityPercent;
  const decayed = sum(all.map((canister) => decay(canister, parameters.priority)));
  const shared = share(all);
  return { charged, granted, decayed, shared, total: sum(all.map(({ priority }) => priority)) };
};

/** What a canister keeps of priority or debt outside the bounds; the change. */
const decay = (canister: Booked, { ceiling, floor, decay: kept }: PriorityBounds): bigint => {
  const before = canister.priority;
  const [most, least] = [BigInt(ceiling) * whole, -BigInt(floor) * whole];
  const bound = before > most ? most : before < least ? least : before;
  canister.priority = bound + ((before - bound) * BigInt(kept)) / 100n;
  return canister.priority - before;
};

/** What is left of the charges goes round, those with the largest allocation first; what was given. */
const share = (all: readonly Booked[]): bigint => {
  const missing = -sum(all.map(({ priority }) => priority));
  if (missing <= 0n) return 0n;
  const allocated = sum(all.map(({ allocation }) => BigInt(allocation) * priorityPercent));
  const count = BigInt(all.length);
  const cap = missing + allocated > whole * count ? (missing + allocated + count - 1n) / count : whole;
  let free = missing;
  const order = [...all].sort((left, right) => right.allocation - left.allocation || byId(left.id, right.id));
  order.forEach((canister, at) => {
    const even = free / BigInt(order.length - at);
    const room = cap - BigInt(canister.allocation) * priorityPercent;
    const part = even < room ? even : room;
    canister.priority += part;
    free -= part;
  });
  return missing - free;
};

const sum = (numbers: readonly bigint[]): bigint => numbers.reduce((total, number) => total + number, 0n);
