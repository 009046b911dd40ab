/**
 * The scale: what a round of the optimized engine costs as canisters grow from 100 to 100,000, with none of them active, with
 * ten, and with 1, 10 and 100 percent, and beside it what the scheduling decision alone would cost if it were made by scanning
 * and sorting all canisters.
 */
import { impl } from "../impl/index.ts";
import { nanoseconds, type Input, type Observation, type Session } from "../spec/index.ts";
import { ranged, rounded, tableOf } from "./markdown.ts";
import { interleaved, scaled, spreadOf, timed } from "./measure.ts";
import type { ScaleRow } from "./report.ts";
import { scanAndSort, type Entry } from "./scan-and-sort.ts";
import { crowdOf, type Crowd } from "./worlds.ts";

export const sizes: readonly number[] = [100, 1_000, 10_000, 100_000];

/** Canisters that are active: shares of all, and a number that is the same on a subnet of any size. */
const shares: readonly number[] = [0.01, 0.1, 1];
const few = 10;

/** Rounds of one act: enough messages that a clock sees them, few enough that subjects take turns. */
const roundsFor = (active: number): number => (active === 0 ? 50 : Math.min(50, Math.max(1, Math.floor(5_000 / active))));

/** Turns are taken among subjects of one size: a large one leaves much behind that is swept up in the time of whoever comes next. */
export const scale = (repetitions: number, canisters: readonly number[] = sizes): readonly ScaleRow[] =>
  canisters.flatMap((count) => measured(subjectsOf(count), repetitions));

const measured = (subjects: readonly Subject[], repetitions: number): readonly ScaleRow[] => {
  const samples = interleaved(
    subjects.flatMap(({ round, decide }) => [round, decide]),
    repetitions,
    2,
  ).map(spreadOf);
  return subjects.map(({ canisters: count, active }, at): ScaleRow => {
    const [round, decision] = [samples[2 * at]!, samples[2 * at + 1]!];
    const micro = (milliseconds: number): number => 1_000 * milliseconds;
    return {
      canisters: count,
      active,
      round: scaled(round, micro),
      perActive: active === 0 ? null : scaled(round, (time) => micro(time) / active),
      scanAndSort: scaled(decision, micro),
      ratio: decision.median / round.median,
    };
  });
};

interface Subject {
  readonly canisters: number;
  readonly active: number;
  /** Each gives milliseconds: for a round of the engine, for a decision of the baseline. */
  readonly round: () => number;
  readonly decide: () => number;
}

/** A subnet, in all its moods. */
const subjectsOf = (canisters: number): readonly Subject[] => {
  const crowd = crowdOf(canisters);
  const session = booted(crowd);
  const counts = new Set([0, few, ...shares.map((share) => Math.max(1, Math.floor(canisters * share)))]);
  return [...counts]
    .filter((active) => active <= canisters)
    .sort((left, right) => left - right)
    .map((active) => ({ canisters, active, round: () => roundOf(session, crowd, active), decide: decisionOf(crowd, active) }));
};

/** Longer than the history remembers an answer. */
const long = nanoseconds(301_000_000_000n);

/**
 * Messages are submitted between the rounds, out of the time. A last round forgets them: it is part of what they cost, and
 * must not fall on another subject. @throws Error when somebody who was asked did not reply
 */
const roundOf = (session: Session, crowd: Crowd, active: number): number => {
  const count = roundsFor(active);
  let time = 0;
  const run = (input: Input): Observation => {
    let observation: Observation | null = null;
    time += timed(() => (observation = session.apply(input) as Observation));
    return observation!;
  };
  for (let at = 0; at < count; at++) {
    for (const input of crowd.burst(active)) void session.apply(input);
    const replies = run(crowd.round()).events.reduce((sum, { kind }) => sum + (kind === "ingress-answered" ? 1 : 0), 0);
    if (replies !== active) throw new Error(`${replies} of ${active} canisters replied in a round`);
  }
  if (active > 0) run(crowd.round(long));
  return time / count;
};

const decisionOf = ({ genesis }: Crowd, active: number): (() => number) => {
  const count = genesis.canisters.length;
  const { cores } = genesis.parameters;
  const entries = genesis.canisters.map(({ computeAllocation }, index): Entry => ({
    index,
    allocation: computeAllocation,
    priority: 0,
    active: Math.floor((index * active) / count) < Math.floor(((index + 1) * active) / count),
  }));
  return () => timed(() => scanAndSort(entries, cores));
};

const booted = ({ genesis }: Crowd): Session => {
  const session = impl.boot(genesis);
  if (session instanceof Promise) throw new Error(`${impl.name} answers later: it cannot be measured here`);
  return session;
};

const scaleText = `## The scale: a round of impl as canisters and active canisters grow

An active canister has a message: 1,000 instructions, a page written, a reply. The time of a round is that of everything: induction, scheduling, execution, ledger, state root and events, and its part of forgetting the messages later. Submitting them is not in it. A scan and sort of all canisters is the scheduling decision alone, without any execution; the ratio says how many whole rounds of impl fit into it. The scheduler is the published one. Turns are taken among the rows of one size.`;

export const scaleSection = (rows: readonly ScaleRow[]): string =>
  [
    scaleText,
    tableOf(
      ["canisters", "active", "share", "round, µs", "per active, µs", "per active and log₂, µs", "scan and sort, µs", "ratio"],
      rows.map(({ canisters, active, round, perActive, scanAndSort, ratio }) => [
        rounded(canisters),
        rounded(active),
        `${rounded((100 * active) / canisters)} %`,
        ranged(round),
        perActive === null ? "" : ranged(perActive),
        perActive === null ? "" : rounded(perActive.median / Math.log2(active + 1)),
        ranged(scanAndSort),
        `**${rounded(ratio)}**`,
      ]),
    ),
    ...follows(rows),
  ].join("\n\n");

/** Whether the curve follows active × log, in numbers of this run. */
const follows = (rows: readonly ScaleRow[]): readonly string[] => {
  const all = rows.filter(({ active, canisters }) => active === canisters);
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const grows = last.perActive!.median / first.perActive!.median;
  const logs = Math.log2(last.active + 1) / Math.log2(first.active + 1);
  const same = [...new Set(rows.map(({ active }) => active))]
    .filter((active) => active > few)
    .map((active) => rows.filter((row) => row.active === active))
    .filter(({ length }) => length > 1)
    .map((some) => {
      const [small, large] = [some[0]!, some.at(-1)!];
      return `${rounded(small.active)} active among ${rounded(large.canisters)} instead of ${rounded(small.canisters)}: ${rounded(large.round.median / small.round.median)}`;
    });
  return [
    `A round follows its active canisters. With all of them active, ${rounded(last.active)} instead of ${rounded(first.active)}, each costs ${rounded(grows)} times as much, and the logarithm is ${rounded(logs)} times as large: active × log is ${grows <= logs ? "kept" : "passed"}. Beside the logarithm, large rounds pay for memory: they fit no cache, and leave more to sweep up. How much more a round costs when the same number of canisters is active on a larger subnet: ${same.join("; ")}. With everybody active, executing everybody is nearly all of a round, so the ratio with the decision alone is below one there: what the engine saves is the looking at those that have nothing to do.`,
  ];
};
