/**
 * Charges: what it costs a round of the optimized engine to charge canisters that do nothing, as they grow from 1,000 to 100,000,
 * and beside it what the charges alone would cost if every canister were looked at. The whole round stands against the loop.
 */
import { impl } from "../impl/index.ts";
import { nanoseconds, type Input, type Session } from "../spec/index.ts";
import { second } from "./ample.ts";
import { chargeEverybody } from "./charge-everybody.ts";
import { debtorsOf, type Debtors } from "./debtors.ts";
import { interleaved, scaled, spreadOf, timed } from "./measure.ts";
import type { ChargesRow } from "./report.ts";

export const crowds: readonly number[] = [1_000, 10_000, 100_000];

/** Rounds of one act. */
const roundsOf = { quiet: 50, woken: 3 } as const;

export const charges = (repetitions: number, canisters: readonly number[] = crowds): readonly ChargesRow[] => {
  const subnets = canisters.map(subnetOf);
  const samples = interleaved(
    subnets.flatMap(({ acts }) => acts),
    repetitions,
    3,
  );
  return subnets.map(({ count, prices, acts }, at): ChargesRow => {
    const [quiet, charged, woken, eager] = samples.slice(at * acts.length, (at + 1) * acts.length).map(spreadOf);
    const micro = (milliseconds: number): number => 1_000 * milliseconds;
    return {
      canisters: count,
      prices,
      quietRound: scaled(quiet!, micro),
      chargedRound: scaled(charged!, micro),
      wokenRound: scaled(woken!, micro),
      chargeEverybody: scaled(eager!, micro),
      ratio: eager!.median / charged!.median,
      wokenRatio: eager!.median / woken!.median,
    };
  });
};

interface Subnet {
  readonly count: number;
  readonly prices: number;
  /** Each gives milliseconds for one round: nobody is charged, all are, all are after one in a hundred was active; then the loop. */
  readonly acts: readonly (() => number)[];
}

const subnetOf = (count: number): Subnet => {
  const crowd = debtorsOf(count);
  const session = booted(crowd);
  const period = nanoseconds(10n * second);
  /** So many rounds, each this long after the one before. */
  const rounds = (elapsed: bigint) => (): number => {
    const inputs = Array.from({ length: roundsOf.quiet }, () => crowd.round(nanoseconds(elapsed)));
    return timed(() => apply(session, inputs)) / roundsOf.quiet;
  };
  const woken = (): number => {
    let time = 0;
    for (let at = 0; at < roundsOf.woken; at++) {
      apply(session, crowd.wake(Math.floor(count / 100)));
      const input = crowd.round(period);
      time += timed(() => void session.apply(input));
    }
    return time / roundsOf.woken;
  };
  let now = 0n;
  const eager = (): number => timed(() => void chargeEverybody(crowd.debtors, (now += period), period));
  return { count, prices: crowd.prices, acts: [rounds(1n), rounds(period), woken, eager] };
};

const booted = ({ genesis, settle }: Debtors): Session => {
  const session = impl.boot(genesis);
  if (session instanceof Promise) throw new Error(`${impl.name} answers later: it cannot be measured here`);
  apply(session, settle);
  return session;
};

const apply = (session: Session, inputs: readonly Input[]): void => {
  for (const input of inputs) void session.apply(input);
};
