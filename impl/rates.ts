/**
 * What payers pay. Whoever pays the same out of the same purse has one record of it, so that a sum over payers is one over records.
 */
import { forSeconds } from "./fees.ts";

/** What somebody occupies costs so much in a day. @unit cycles */
export interface Upkeep {
  readonly memoryDay: bigint;
  readonly messagesDay: bigint;
  readonly computeDay: bigint;
}

export interface Rate extends Upkeep {
  /** Whether all of it is drawn from what is set aside; otherwise all of it leaves the balance. */
  readonly isDrawn: boolean;
  /** How many pay it, in all cohorts. */
  payers: number;
}

/** Those that somebody pays, by name. */
export type Rates = Map<string, Rate>;

/** What some payers pay for some seconds. @unit cycles */
export interface Price {
  memory: bigint;
  messages: bigint;
  compute: bigint;
  /** How much of it is drawn from what is set aside. */
  drawn: bigint;
}

export const noPrice = (): Price => ({ memory: 0n, messages: 0n, compute: 0n, drawn: 0n });

/** One more pays this. */
export const takeRate = (rates: Rates, upkeep: Upkeep, isDrawn: boolean): Rate => {
  const name = nameOf(upkeep, isDrawn);
  const known = rates.get(name);
  if (known !== undefined) {
    known.payers++;
    return known;
  }
  const { memoryDay, messagesDay, computeDay } = upkeep;
  const rate: Rate = { memoryDay, messagesDay, computeDay, isDrawn, payers: 1 };
  rates.set(name, rate);
  return rate;
};

/** One pays this no more. */
export const dropRate = (rates: Rates, rate: Rate): void => {
  if (--rate.payers === 0) rates.delete(nameOf(rate, rate.isDrawn));
};

export const isRateOf = (rate: Rate, { memoryDay, messagesDay, computeDay }: Upkeep, isDrawn: boolean): boolean =>
  rate.memoryDay === memoryDay && rate.messagesDay === messagesDay && rate.computeDay === computeDay && rate.isDrawn === isDrawn;

/** Adds what so many payers pay; fewer than none leave. */
export const addPrice = (sum: Price, { memoryDay, messagesDay, computeDay, isDrawn }: Rate, seconds: number, payers: number): void => {
  const times = BigInt(payers);
  const memory = times * forSeconds(memoryDay, seconds);
  const messages = times * forSeconds(messagesDay, seconds);
  const compute = times * forSeconds(computeDay, seconds);
  sum.memory += memory;
  sum.messages += messages;
  sum.compute += compute;
  if (isDrawn) sum.drawn += memory + messages + compute;
};

/** What one payer pays in all. */
export const wholePrice = ({ memoryDay, messagesDay, computeDay }: Rate, seconds: number): bigint =>
  forSeconds(memoryDay, seconds) + forSeconds(messagesDay, seconds) + forSeconds(computeDay, seconds);

/** For how many seconds so many cycles certainly last: rounding favours the payer. */
export const lasting = ({ memoryDay, messagesDay, computeDay }: Rate, purse: bigint): number => {
  const ofDay = memoryDay + messagesDay + computeDay;
  if (ofDay === 0n) return Infinity;
  const seconds = (purse * 86_400n) / ofDay;
  return seconds > longest ? Infinity : Number(seconds);
};

/** More seconds than there ever are. */
export const longest = 2n ** 52n;

const nameOf = ({ memoryDay, messagesDay, computeDay }: Upkeep, isDrawn: boolean): string =>
  `${memoryDay} ${messagesDay} ${computeDay}${isDrawn ? " drawn" : ""}`;
