/** What a cohort counted, from which follows what each of its payers paid since. */
import { wholePrice, type Rate } from "./rates.ts";

/** It never changes: a charge makes another one, and payers hold that up to which they paid. */
export interface Tally {
  /** All seconds since the cohort began. */
  readonly seconds: number;
  /** How often it paid for a number of seconds. */
  readonly times: ReadonlyMap<number, number>;
}

export const noTally: Tally = { seconds: 0, times: new Map() };

/** One more charge, for so many seconds. */
export const tallyWith = ({ seconds, times }: Tally, more: number): Tally => ({
  seconds: seconds + more,
  times: new Map(times).set(more, (times.get(more) ?? 0) + 1),
});

/** What a payer paid between two tallies of its cohort. */
export const paidBetween = (rate: Rate, from: Tally, to: Tally): bigint => {
  let paid = 0n;
  for (const [seconds, times] of to.times) {
    const since = times - (from.times.get(seconds) ?? 0);
    if (since > 0) paid += BigInt(since) * wholePrice(rate, seconds);
  }
  return paid;
};
