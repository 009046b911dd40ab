/**
 * Who pays together. Canisters that were last charged at the same time are due at the same time and pay for the same seconds,
 * so they are one cohort, and a charge is noted once, for all of them: the cohort counts how often it paid for how
 * many seconds. The balance of a canister stands there as it was when somebody last looked at it, with what the cohort had counted then;
 * what it paid since follows from the two when it is looked at again. It is exact, for every single charge is rounded as it was.
 *
 * A charge needs two things of its payers. The sums of what they pay: by the seconds, for the few lengths that occur again and
 * again, kept up to date by whoever comes and goes. And those who cannot pay: a balance lasts at least for
 * `balance · 86400 / (price of a day)` seconds, since rounding favours the payer, and a heap knows the one that may be the
 * first to end. It is looked at when its seconds are over, and either is empty or gets new ones. So a payer who can pay costs
 * nothing, however many there are and however many different prices they pay. What does cost: a length of time that did not occur lately
 * is a walk over the prices, and after so many different lengths that counting them apart is too long, one over the payers.
 */
import { cycles, type Cycles, type Nanoseconds } from "../spec/index.ts";
import { forSeconds } from "./fees.ts";
import { heapOf, popHeap, pushHeap, type Heap } from "./heap.ts";
import { enterHeap, leaveHeap, moveInHeap, type Placed } from "./placed-heap.ts";

/** What something costs in a day; one record for all who pay that. @unit cycles */
export interface Rate {
  readonly memoryDay: bigint;
  readonly computeDay: bigint;
  /** How many pay it, in all cohorts. */
  payers: number;
}

/** Whoever pays: a canister. */
export interface Payer extends Placed {
  /** Its number among all. */
  readonly index: number;
  /** The balance when it was last looked at; `balanceOf` says what it is. */
  stated: Cycles;
  /** When it was last charged, if it is in no cohort. */
  chargedAt: Nanoseconds;
  cohort: Cohort | null;
  /** In a cohort: what it pays, and what the cohort had counted when the balance was stated. */
  rate: Rate | null;
  mark: Tally | null;
}

/** What a cohort counted. It never changes: a charge makes another one, and payers hold that up to which they paid. */
export interface Tally {
  /** All seconds since the cohort began. */
  readonly seconds: number;
  /** How often it paid for a number of seconds. */
  readonly times: ReadonlyMap<number, number>;
}

export interface Price {
  memory: bigint;
  compute: bigint;
}

export interface Cohort {
  chargedAt: Nanoseconds;
  tally: Tally;
  /** A heap: the key of a payer is the number of seconds, counted as the tally does, up to which it certainly can pay. */
  payers: Payer[];
  /** How many pay which price. */
  rates: Map<Rate, number>;
  /** What all of them pay for a number of seconds, for the last few of these numbers. */
  sums: Map<number, Price>;
}

export interface Cohorts {
  readonly byTime: Map<Nanoseconds, Cohort>;
  /** Those charged longest ago first; among them cohorts without payers, which are gone. */
  readonly next: Heap<Cohort>;
  readonly rates: Map<string, Rate>;
}

/** What a charge took. */
export interface Bill extends Price {
  payers: number;
  /** Who could not pay, in no order; they are in no cohort any more. */
  readonly dry: Payer[];
}

export const noCohorts = (): Cohorts => ({
  byTime: new Map(),
  next: heapOf<Cohort>([], (left, right) => left.chargedAt < right.chargedAt),
  rates: new Map(),
});

/** The balance as it is. */
export const balanceOf = (payer: Payer): Cycles => {
  if (payer.cohort !== null && payer.mark !== payer.cohort.tally) restate(payer, payer.cohort.tally);
  return payer.stated;
};

/** When the payer was last charged. */
export const chargedAtOf = ({ cohort, chargedAt }: Payer): Nanoseconds => (cohort === null ? chargedAt : cohort.chargedAt);

/** No cohort was charged before this time; `null` when there is none. */
export const earliestOf = ({ next }: Cohorts): Nanoseconds | null => next.items[0]?.chargedAt ?? null;

/** The payer, with the balance that it has now, pays these prices from now on with those who were last charged when it was. */
export const joinCohort = (cohorts: Cohorts, payer: Payer, memoryDay: bigint, computeDay: bigint): void => {
  balanceOf(payer);
  if (payer.cohort !== null && payer.rate!.memoryDay === memoryDay && payer.rate!.computeDay === computeDay) {
    payer.key = payer.cohort.tally.seconds + lasting(payer.rate!, payer.stated);
    return moveInHeap(payer.cohort.payers, payer);
  }
  leaveCohort(cohorts, payer);
  const cohort = cohortAt(cohorts, payer.chargedAt);
  payer.rate = rateOf(cohorts, memoryDay, computeDay);
  payer.key = cohort.tally.seconds + lasting(payer.rate, payer.stated);
  enter(cohort, payer);
  count(cohort, payer.rate, 1);
};

/** From now on the payer pays nothing, and remembers by itself when it was last charged. */
export const leaveCohort = ({ rates }: Cohorts, payer: Payer): void => {
  const { cohort, rate } = payer;
  if (cohort === null || rate === null) return;
  balanceOf(payer);
  payer.chargedAt = cohort.chargedAt;
  payer.cohort = payer.mark = payer.rate = null;
  leaveHeap(cohort.payers, payer);
  count(cohort, rate, -1);
  if (--rate.payers === 0) rates.delete(nameOf(rate.memoryDay, rate.computeDay));
};

/**
 * Charges everybody who was not charged for at least a period, for the whole seconds since then. All of them are charged again at the
 * same time from now on, so they become one cohort: the others join the largest.
 */
export const chargeDue = (cohorts: Cohorts, now: Nanoseconds, period: Nanoseconds): Bill => {
  const { byTime, next } = cohorts;
  const bill: Bill = { payers: 0, memory: 0n, compute: 0n, dry: [] };
  const charged: Cohort[] = [];
  for (let at = earliestOf(cohorts); at !== null && now - at >= period; at = earliestOf(cohorts)) {
    const cohort = popHeap(next);
    if (byTime.get(cohort.chargedAt) === cohort) byTime.delete(cohort.chargedAt);
    if (cohort.payers.length === 0) continue;
    chargeCohort(cohorts, cohort, now, bill);
    cohort.chargedAt = now;
    charged.push(cohort);
  }
  if (charged.length === 0) return bill;
  const same = byTime.get(now); // charged in an earlier round at the same moment
  const largest = [...charged, ...(same === undefined ? [] : [same])].reduce((one, other) =>
    other.payers.length > one.payers.length ? other : one,
  );
  if (largest !== same) pushHeap(next, largest);
  byTime.set(now, largest);
  for (const cohort of charged) if (cohort !== largest) pour(cohort, largest);
  if (same !== undefined && same !== largest) pour(same, largest);
  return bill;
};

/** So many lengths of time are counted apart before all payers are looked at, and counting begins anew. */
const mostLengths = 16;
/** Of so many lengths of time the sums are kept. */
const mostSums = 4;

const noTally: Tally = { seconds: 0, times: new Map() };

const restate = (payer: Payer, tally: Tally): void => {
  payer.stated = cycles(payer.stated - paidBetween(payer.rate!, payer.mark!, tally));
  payer.mark = tally;
};

const paidBetween = ({ memoryDay, computeDay }: Rate, from: Tally, to: Tally): bigint => {
  let paid = 0n;
  for (const [seconds, times] of to.times) {
    const since = times - (from.times.get(seconds) ?? 0);
    if (since > 0) paid += BigInt(since) * (forSeconds(memoryDay, seconds) + forSeconds(computeDay, seconds));
  }
  return paid;
};

/** For how many seconds a balance certainly lasts. */
const lasting = ({ memoryDay, computeDay }: Rate, balance: bigint): number => {
  const ofDay = memoryDay + computeDay;
  if (ofDay === 0n) return Infinity;
  const seconds = (balance * 86_400n) / ofDay;
  return seconds > longest ? Infinity : Number(seconds);
};

/** More seconds than there ever are. */
const longest = 2n ** 52n;

const cohortAt = ({ byTime, next }: Cohorts, chargedAt: Nanoseconds): Cohort => {
  const known = byTime.get(chargedAt);
  if (known !== undefined) return known;
  const cohort: Cohort = { chargedAt, tally: noTally, payers: [], rates: new Map(), sums: new Map() };
  byTime.set(chargedAt, cohort);
  pushHeap(next, cohort);
  return cohort;
};

const nameOf = (memoryDay: bigint, computeDay: bigint): string => `${memoryDay} ${computeDay}`;

const rateOf = ({ rates }: Cohorts, memoryDay: bigint, computeDay: bigint): Rate => {
  const name = nameOf(memoryDay, computeDay);
  const known = rates.get(name);
  const rate = known ?? { memoryDay, computeDay, payers: 0 };
  if (known === undefined) rates.set(name, rate);
  rate.payers++;
  return rate;
};

/** The payer has its rate and its key. */
const enter = (cohort: Cohort, payer: Payer): void => {
  payer.cohort = cohort;
  payer.mark = cohort.tally;
  enterHeap(cohort.payers, payer);
};

/** So many more pay this. */
const count = ({ rates, sums }: Cohort, rate: Rate, by: number): void => {
  const payers = (rates.get(rate) ?? 0) + by;
  if (payers === 0) rates.delete(rate);
  else rates.set(rate, payers);
  for (const [seconds, sum] of sums) add(sum, rate, seconds, by);
};

const add = (sum: Price, { memoryDay, computeDay }: Rate, seconds: number, times: number): void => {
  const factor = BigInt(times);
  sum.memory += factor * forSeconds(memoryDay, seconds);
  sum.compute += factor * forSeconds(computeDay, seconds);
};

/**
 * Whoever cannot pay leaves first; then the cohort pays as one.
 * @rule memory-charge
 * @rule allocation-charge
 */
const chargeCohort = (cohorts: Cohorts, cohort: Cohort, now: Nanoseconds, bill: Bill): void => {
  const seconds = Number((now - cohort.chargedAt) / 1_000_000_000n);
  bill.payers += cohort.payers.length;
  if (seconds === 0) return;
  const end = cohort.tally.seconds + seconds;
  while (cohort.payers.length > 0 && cohort.payers[0]!.key < end) chargeAlone(cohorts, cohort, cohort.payers[0]!, seconds, now, bill);
  if (cohort.payers.length === 0) return;
  const { memory, compute } = sumOf(cohort, seconds);
  bill.memory += memory;
  bill.compute += compute;
  const isNew = !cohort.tally.times.has(seconds);
  if (isNew && cohort.tally.times.size === mostLengths) countAnew(cohort);
  const { times } = cohort.tally;
  cohort.tally = { seconds: end, times: new Map(times).set(seconds, (times.get(seconds) ?? 0) + 1) };
};

/** One whose seconds may be over: it is found to last beyond this charge, or it pays what it can and leaves. */
const chargeAlone = (cohorts: Cohorts, cohort: Cohort, payer: Payer, seconds: number, now: Nanoseconds, bill: Bill): void => {
  const memory = forSeconds(payer.rate!.memoryDay, seconds);
  const compute = forSeconds(payer.rate!.computeDay, seconds);
  const balance = balanceOf(payer);
  if (balance >= memory + compute) {
    payer.key = cohort.tally.seconds + seconds + lasting(payer.rate!, balance - memory - compute);
    return moveInHeap(cohort.payers, payer); // it pays with the others
  }
  leaveCohort(cohorts, payer);
  payer.chargedAt = now;
  bill.dry.push(payer);
  if (balance < memory) return;
  payer.stated = cycles(balance - memory);
  bill.memory += memory;
};

const sumOf = ({ sums, rates }: Cohort, seconds: number): Price => {
  const known = sums.get(seconds);
  if (known !== undefined) return known;
  const sum: Price = { memory: 0n, compute: 0n };
  for (const [rate, payers] of rates) add(sum, rate, seconds, payers);
  if (sums.size === mostSums) sums.delete(sums.keys().next().value!);
  sums.set(seconds, sum);
  return sum;
};

const countAnew = (cohort: Cohort): void => {
  const tally: Tally = { seconds: cohort.tally.seconds, times: new Map() };
  for (const payer of cohort.payers) {
    balanceOf(payer);
    payer.mark = tally;
  }
  cohort.tally = tally;
};

/** All payers of one cohort join another one, which was charged at the same time, and last as long there. */
const pour = (from: Cohort, into: Cohort): void => {
  for (const [rate, payers] of from.rates) count(into, rate, payers);
  const ahead = into.tally.seconds - from.tally.seconds;
  for (const payer of from.payers) {
    balanceOf(payer);
    payer.key += ahead;
    enter(into, payer);
  }
  from.payers = [];
};
