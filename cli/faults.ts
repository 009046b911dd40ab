/** `canon faults`: lets the suite hunt for named faults of the reference, from several seeds, and prints who found them. */
import { encodePretty, huntFaults, mergeFaults, nearestOf, type FaultEvidence, type FaultsReport } from "../conformance/index.ts";
import { faults as knownFaults, type Fault } from "../model/index.ts";
import { faultsElsewhere, inShard, sharedOut } from "./shards.ts";
import { table } from "./tables.ts";
import { print, Refusal, stylesFor, type Styles } from "./terminal.ts";
import { timeInWords, type Shard } from "./words.ts";

export interface FaultsCommand {
  readonly seed?: number;
  readonly seeds?: number;
  readonly maxTime?: number;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** The first seed, how many there are, and the time of a hunt. */
const usual = { seed: 1, seeds: 10, milliseconds: 60_000, jobs: 2 } as const;

/** 0 when every fault was found from every seed, 1 when not. */
export const faults = async (names: readonly string[], options: FaultsCommand): Promise<number> => {
  const chosen = chooseFaults(names);
  const styles = stylesFor(process.stdout, options.color);
  if (options.list) {
    print(...chosen.flatMap(({ id, source, sentence }) => [styles.bold(id), `  ${sentence}`, styles.dim(`  ${source}`)]));
    return 0;
  }
  const report = await shared(chosen, options);
  if (options.json) print(encodePretty(report));
  else print(...faultsInWords(report, styles));
  return report.faults.every(({ hunts }) => hunts.every(({ first }) => first !== null)) ? 0 : 1;
};

const chooseFaults = (names: readonly string[]): readonly Fault[] => {
  const ids = knownFaults.map(({ id }) => id);
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestOf(unknown, ids);
    throw new Refusal(`there is no fault "${unknown}"${nearest === null ? "" : `; did you mean "${nearest}"?`}`);
  }
  return names.length === 0 ? knownFaults : knownFaults.filter(({ id }) => names.includes(id));
};

/** The report on all seeds, made by this process and by others at the same time. */
const shared = async (chosen: readonly Fault[], options: FaultsCommand): Promise<FaultsReport> => {
  const { seed = usual.seed, seeds: count = usual.seeds, maxTime: milliseconds = usual.milliseconds } = options;
  const seeds = Array.from({ length: count }, (_, at) => seed + at);
  const jobs = Math.min(options.jobs ?? usual.jobs, count);
  const asked = ["--seed", String(seed), "--seeds", String(count), "--max-time", `${milliseconds}ms`];
  const args = [...chosen.map(({ id }) => id), ...asked];
  const shares = await sharedOut(
    jobs,
    options.shard,
    (share) => faultsElsewhere(args, share),
    (share, onProgress) => huntFaults({ faults: chosen, seeds: inShard(seeds, share), milliseconds, onProgress }),
  );
  return mergeFaults(shares);
};

const faultsInWords = ({ faults: hunted, limit, milliseconds }: FaultsReport, styles: Styles): readonly string[] => {
  const { good, bad, dim } = styles;
  const missed = hunted.filter(({ hunts }) => hunts.some(({ first }) => first === null));
  const whole = hunted.length - missed.length;
  return [
    table(
      ["fault", "found", "by a law", "cases", "time", "inputs", "seen by"],
      hunted.map((fault) => {
        const { hunts } = fault;
        const found = hunts.filter(({ first }) => first !== null).length;
        const byLaw = hunts.filter((hunt) => hunt.byLaw !== null);
        return [
          fault.fault,
          (found === hunts.length ? good : bad)(`${found}/${hunts.length}`),
          `${byLaw.length}/${hunts.length}`,
          String(middleOf(hunts.flatMap(({ first }) => first?.cases ?? []))),
          timeInWords(middleOf(hunts.flatMap(({ first }) => first?.milliseconds ?? []))),
          String(middleOf(hunts.flatMap(({ shrunk }) => shrunk?.inputs ?? []))),
          finders(fault),
        ];
      }),
      styles,
      [1, 2, 3, 4, 5],
    ),
    "",
    dim("cases, time and inputs: the middle one of those that were found; inputs: what is left of the scenario when it is made small"),
    (missed.length === 0 ? good : bad)(
      missed.length === 0
        ? `every fault was found from every seed, ${timeInWords(limit)} at most each`
        : `${whole} of ${hunted.length} faults were found from every seed; not always: ${missed.map(({ fault }) => fault).join(", ")}`,
    ),
    timeInWords(milliseconds),
  ];
};

/** Those that made a find, the most frequent first. */
const finders = ({ hunts }: FaultEvidence): string => {
  const counts = new Map<string, number>();
  for (const { first, byLaw } of hunts) {
    const property = (byLaw ?? first)?.property;
    if (property !== undefined) counts.set(property, (counts.get(property) ?? 0) + 1);
  }
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .map(([property, count]) => `${property} ${count}`)
    .join(", ");
};

const middleOf = (counts: readonly number[]): number => [...counts].sort((left, right) => left - right)[Math.floor(counts.length / 2)] ?? 0;
