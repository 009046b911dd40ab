/**
 * The scale: what a round of the optimized engine costs as canisters grow from 100 to 100,000 with one in a hundred of
 * them active, what it costs when none is, and beside it what the scheduling decision alone would cost if it were made
 * by scanning and sorting all canisters.
 */
import { impl } from "../impl/index.ts";
import type { Input, Session } from "../spec/index.ts";
import { interleaved, scaled, spreadOf, timed } from "./measure.ts";
import type { ScaleRow } from "./report.ts";
import { scanAndSort, type Entry } from "./scan-and-sort.ts";
import { crowdOf, type Crowd } from "./worlds.ts";

export const sizes: readonly number[] = [100, 1_000, 10_000, 100_000];

/** The number of canisters that are active in the same way on a subnet of any size. */
const few = 10;

/** Rounds of one act: enough of them that a clock sees them, few enough that subjects take turns. */
const roundsOf = { busy: 5, quiet: 50 } as const;

export const scale = (repetitions: number, canisters: readonly number[] = sizes): readonly ScaleRow[] => {
  const subnets = canisters.map(subnetOf);
  const samples = interleaved(
    subnets.flatMap(({ acts }) => acts),
    repetitions,
    3,
  );
  return subnets.map(({ count, active, acts }, at): ScaleRow => {
    const [busy, fewBusy, quiet, baseline] = samples.slice(at * acts.length, (at + 1) * acts.length).map(spreadOf);
    const micro = (milliseconds: number): number => 1_000 * milliseconds;
    return {
      canisters: count,
      active,
      busyRound: scaled(busy!, micro),
      perActive: scaled(busy!, (time) => micro(time) / active),
      roundWithTen: scaled(fewBusy!, micro),
      quietRound: scaled(quiet!, micro),
      scanAndSort: scaled(baseline!, micro),
      ratio: baseline!.median / quiet!.median,
    };
  });
};

interface Subnet {
  readonly count: number;
  readonly active: number;
  /** Each gives milliseconds for one round: one in a hundred active, ten active, none active; then the baseline's decision. */
  readonly acts: readonly (() => number)[];
}

const subnetOf = (count: number): Subnet => {
  const active = Math.max(1, Math.floor(count / 100));
  const crowd = crowdOf(count);
  const session = booted(crowd);
  const entries = crowd.genesis.canisters.map(({ computeAllocation }, index): Entry => ({
    index,
    allocation: computeAllocation,
    priority: 0,
    active: index % 100 === 0,
  }));
  /** Bursts are submitted between the rounds, out of the time. */
  const rounds = (bursting: number, count: number) => (): number => {
    let time = 0;
    for (let at = 0; at < count; at++) {
      apply(session, crowd.burst(bursting));
      const input = crowd.round();
      time += timed(() => void session.apply(input));
    }
    return time / count;
  };
  const quiet = (): number => {
    const inputs = Array.from({ length: roundsOf.quiet }, () => crowd.round());
    return timed(() => apply(session, inputs)) / roundsOf.quiet;
  };
  const { cores } = crowd.genesis.parameters;
  return {
    count,
    active,
    acts: [rounds(active, roundsOf.busy), rounds(few, roundsOf.busy), quiet, () => timed(() => scanAndSort(entries, cores))],
  };
};

const booted = ({ genesis }: Crowd): Session => {
  const session = impl.boot(genesis);
  if (session instanceof Promise) throw new Error(`${impl.name} answers later: it cannot be measured here`);
  return session;
};

const apply = (session: Session, inputs: readonly Input[]): void => {
  for (const input of inputs) void session.apply(input);
};
