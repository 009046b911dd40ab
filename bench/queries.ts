/**
 * Queries: how many the optimized engine answers in a second, executed each time, kept from before, and kept from before a round,
 * which is when what they looked at is looked at again; and how many updates that read the same it executes. A query is told with a whole
 * observation, ledger and root included; an update costs its ingress message and its share of the rounds.
 */
import { bootWithRoom } from "../impl/index.ts";
import type { Input, Observation } from "../spec/index.ts";
import { collectGarbage, interleaved, scaled, spreadOf, timed } from "./measure.ts";
import { readersOf } from "./readers.ts";
import type { QueriesRow } from "./report.ts";

/** What is read, of how many pages, and whether through calls. */
const kinds: readonly (readonly [reads: string, pages: number, calls: boolean])[] = [
  ["a page of 10", 10, false],
  ["a page of 10,000", 10_000, false],
  ["ten calls, a page each", 10, true],
];

/** Times that every canister is asked in one act: enough of them that a clock sees them. */
const times = { queries: 1_000, updates: 10 } as const;

export const queries = (repetitions: number, canisters = 20): readonly QueriesRow[] => {
  const readers = kinds.map(([reads, pages, calls]) => ({ reads, acts: actsOf(canisters, pages, calls) }));
  const samples = interleaved(
    readers.flatMap(({ acts }) => acts),
    repetitions,
    3,
  );
  return readers.map(({ reads, acts }, at): QueriesRow => {
    const perSecond = samples
      .slice(at * acts.length, (at + 1) * acts.length)
      .map((own) => scaled(spreadOf(own), (milliseconds) => 1_000 / milliseconds));
    const [executed, kept, lookedAt, updates] = perSecond;
    return {
      reads,
      canisters,
      executed: executed!,
      kept: kept!,
      lookedAt: lookedAt!,
      updates: updates!,
      overUpdate: executed!.median / updates!.median,
      keptOver: kept!.median / executed!.median,
      lookedAtOver: lookedAt!.median / executed!.median,
    };
  });
};

/** Each gives milliseconds for one question: executed, kept, looked at after a round; then for one update. */
const actsOf = (count: number, pages: number, calls: boolean): readonly (() => number)[] => {
  const readers = readersOf(count, pages, calls);
  const { genesis, settle, questions, burst, round } = readers;
  const [forgetful, mindful] = [bootWithRoom(genesis, { answers: 0, bytes: 0 }), bootWithRoom(genesis)];
  const applyTo =
    (session: typeof forgetful) =>
    (inputs: readonly Input[]): void => {
      for (const input of inputs) session.apply(input);
    };
  const [execute, recall] = [applyTo(forgetful), applyTo(mindful)];
  execute(settle);
  recall([...settle, ...questions]);
  collectGarbage();
  const again = Array.from({ length: times.queries }, () => questions).flat();
  const afterRounds = (): number => {
    let milliseconds = 0;
    for (let time = 0; time < times.queries; time++) {
      recall([round()]);
      milliseconds += timed(() => recall(questions));
    }
    return milliseconds / again.length;
  };
  const updated = (): number => {
    let milliseconds = 0;
    for (let time = 0; time < times.updates; time++) {
      const messages = burst();
      milliseconds += timed(() => {
        execute(messages);
        for (let answered = 0; answered < count;) answered += answersIn(forgetful.apply(round()));
      });
    }
    return milliseconds / (times.updates * count);
  };
  return [() => timed(() => execute(again)) / again.length, () => timed(() => recall(again)) / again.length, afterRounds, updated];
};

const answersIn = ({ events }: Observation): number => events.reduce((sum, { kind }) => sum + (kind === "ingress-answered" ? 1 : 0), 0);
