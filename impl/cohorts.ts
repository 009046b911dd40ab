/**
 * Who pays together. Canisters that were last charged at the same time are due at the same time and pay for the same seconds,
 * so they are one cohort, and a charge is noted once, for all of them: the cohort counts how often it paid for how
 * many seconds. The balance of a canister stands there as it was when somebody last looked at it, with what the cohort had counted then;
 * what it paid since follows from the two when it is looked at again. It is exact, for every single charge is rounded as it was.
 *
 * Who set cycles aside pays out of these as long as they cover whole charges. What is left when they do not goes to the balance, just before
 * that charge is taken from there: it comes to the same. So every payer pays each charge out of one purse.
 *
 * A charge needs two things of its payers. The sums of what they pay: by the seconds, for the few lengths that occur again and
 * again, kept up to date by whoever comes and goes. And those who cannot pay: a purse lasts at least for
 * `cycles · 86400 / (price of a day)` seconds, since rounding favours the payer, and a heap knows the one that may be the
 * first to end. It is looked at when its seconds are over, and either is empty or gets new ones. So a payer who can pay costs
 * nothing, however many there are and however many different prices they pay. What does cost: a length of time that did not occur lately
 * is a walk over the prices, and after so many different lengths that counting them apart is too long, one over the payers.
 */
import { cycles, type Cycles, type Nanoseconds } from "../spec/index.ts";
import { forSeconds } from "./fees.ts";
import { heapOf, popHeap, pushHeap, type Heap } from "./heap.ts";
import { enterHeap, leaveHeap, moveInHeap, type Placed } from "./placed-heap.ts";
import {
  addPrice,
  dropRate,
  isRateOf,
  lasting,
  noPrice,
  takeRate,
  wholePrice,
  type Price,
  type Rate,
  type Rates,
  type Upkeep,
} from "./rates.ts";
import { noTally, paidBetween, tallyWith, type Tally } from "./tally.ts";

/** Whoever pays: a canister. */
export interface Payer extends Placed {
  /** Its number among all. */
  readonly index: number;
  /** The balance when it was last looked at; `balanceOf` says what it is. */
  stated: Cycles;
  /** What was set aside then; `reservedOf` says what is. */
  statedReserve: Cycles;
  /** When it was last charged, if it is in no cohort. */
  chargedAt: Nanoseconds;
  cohort: Cohort | null;
  /** In a cohort: what it pays, and what the cohort had counted when the balance was stated. */
  rate: Rate | null;
  mark: Tally | null;
}

export interface Cohort {
  chargedAt: Nanoseconds;
  tally: Tally;
  /** A heap: the key of a payer is the number of seconds, counted as the tally does, up to which it certainly can pay out of its purse. */
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
  readonly rates: Rates;
}

/** What a charge took. */
export interface Bill extends Price {
  payers: number;
  /** What went from what was set aside to balances, which then paid. */
  released: bigint;
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

/** What is set aside as it is. */
export const reservedOf = (payer: Payer): Cycles => {
  balanceOf(payer);
  return payer.statedReserve;
};

/** When the payer was last charged. */
export const chargedAtOf = ({ cohort, chargedAt }: Payer): Nanoseconds => (cohort === null ? chargedAt : cohort.chargedAt);

/** No cohort was charged before this time; `null` when there is none. */
export const earliestOf = ({ next }: Cohorts): Nanoseconds | null => next.items[0]?.chargedAt ?? null;

/** The payer, with what it has now, pays this from now on with those who were last charged when it was. */
export const joinCohort = (cohorts: Cohorts, payer: Payer, upkeep: Upkeep): void => {
  const isDrawn = reservedOf(payer) > 0n;
  if (payer.cohort !== null && isRateOf(payer.rate!, upkeep, isDrawn)) {
    payer.key = payer.cohort.tally.seconds + lasting(payer.rate!, purseOf(payer));
    return moveInHeap(payer.cohort.payers, payer);
  }
  leaveCohort(cohorts, payer);
  const cohort = cohortAt(cohorts, payer.chargedAt);
  payer.rate = takeRate(cohorts.rates, upkeep, isDrawn);
  payer.key = cohort.tally.seconds + lasting(payer.rate, purseOf(payer));
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
  dropRate(rates, rate);
};

/**
 * Charges everybody who was not charged for at least a period, for the whole seconds since then. All of them are charged again at the
 * same time from now on, so they become one cohort: the others join the largest.
 */
export const chargeDue = (cohorts: Cohorts, now: Nanoseconds, period: Nanoseconds): Bill => {
  const { byTime, next } = cohorts;
  const bill: Bill = { ...noPrice(), payers: 0, released: 0n, dry: [] };
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

const restate = (payer: Payer, tally: Tally): void => {
  const paid = paidBetween(payer.rate!, payer.mark!, tally);
  if (payer.rate!.isDrawn) payer.statedReserve = cycles(payer.statedReserve - paid);
  else payer.stated = cycles(payer.stated - paid);
  payer.mark = tally;
};

/** That out of which a payer pays by its rate. */
const purseOf = ({ rate, stated, statedReserve }: Payer): Cycles => (rate!.isDrawn ? statedReserve : stated);

const cohortAt = ({ byTime, next }: Cohorts, chargedAt: Nanoseconds): Cohort => {
  const known = byTime.get(chargedAt);
  if (known !== undefined) return known;
  const cohort: Cohort = { chargedAt, tally: noTally, payers: [], rates: new Map(), sums: new Map() };
  byTime.set(chargedAt, cohort);
  pushHeap(next, cohort);
  return cohort;
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
  for (const [seconds, sum] of sums) addPrice(sum, rate, seconds, by);
};

/**
 * Whoever cannot pay leaves first; then the cohort pays as one.
 * @rule memory-charge
 * @rule messages-charge
 * @rule allocation-charge
 */
const chargeCohort = (cohorts: Cohorts, cohort: Cohort, now: Nanoseconds, bill: Bill): void => {
  const seconds = Number((now - cohort.chargedAt) / 1_000_000_000n);
  bill.payers += cohort.payers.length;
  if (seconds === 0) return;
  const end = cohort.tally.seconds + seconds;
  while (cohort.payers.length > 0 && cohort.payers[0]!.key < end) chargeAlone(cohorts, cohort, cohort.payers[0]!, seconds, now, bill);
  if (cohort.payers.length === 0) return;
  const { memory, messages, compute, drawn } = sumOf(cohort, seconds);
  bill.memory += memory;
  bill.messages += messages;
  bill.compute += compute;
  bill.drawn += drawn;
  const isNew = !cohort.tally.times.has(seconds);
  if (isNew && cohort.tally.times.size === mostLengths) countAnew(cohort);
  cohort.tally = tallyWith(cohort.tally, seconds);
};

/** One whose seconds may be over: it is found to last beyond this charge, or it pays what it can and leaves. */
const chargeAlone = (cohorts: Cohorts, cohort: Cohort, payer: Payer, seconds: number, now: Nanoseconds, bill: Bill): void => {
  const price = wholePrice(payer.rate!, seconds);
  balanceOf(payer);
  if (payer.rate!.isDrawn && payer.statedReserve < price) release(cohorts, cohort, payer, bill);
  const purse = purseOf(payer);
  if (purse >= price) {
    payer.key = cohort.tally.seconds + seconds + lasting(payer.rate!, purse - price);
    return moveInHeap(cohort.payers, payer); // it pays with the others
  }
  const rate = payer.rate!;
  leaveCohort(cohorts, payer);
  payer.chargedAt = now;
  bill.dry.push(payer);
  if (payOne(payer, bill, "memory", forSeconds(rate.memoryDay, seconds)))
    payOne(payer, bill, "messages", forSeconds(rate.messagesDay, seconds)); // and then it does not reach for its allocation
};

/** What is set aside does not cover a charge any more: from this one on the balance pays, and has what was left. */
const release = ({ rates }: Cohorts, cohort: Cohort, payer: Payer, bill: Bill): void => {
  const drawn = payer.rate!;
  bill.released += payer.statedReserve;
  payer.stated = cycles(payer.stated + payer.statedReserve);
  payer.statedReserve = cycles(0n);
  payer.rate = takeRate(rates, drawn, false);
  count(cohort, payer.rate, 1);
  count(cohort, drawn, -1);
  dropRate(rates, drawn);
};

/** Whether the balance covers this price; if so, it is paid. */
const payOne = (payer: Payer, bill: Bill, what: "memory" | "messages", price: bigint): boolean => {
  if (payer.stated < price) return false;
  payer.stated = cycles(payer.stated - price);
  bill[what] += price;
  return true;
};

const sumOf = ({ sums, rates }: Cohort, seconds: number): Price => {
  const known = sums.get(seconds);
  if (known !== undefined) return known;
  const sum = noPrice();
  for (const [rate, payers] of rates) addPrice(sum, rate, seconds, payers);
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
