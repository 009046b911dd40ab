/** `canon mutants`: takes the clauses out one by one and prints which properties notice. */
import { encodePretty, mergeMutants, nearestOf, tryMutants, type MutantsReport } from "../conformance/index.ts";
import { clauses, rules } from "../spec/index.ts";
import { inShard, mutantsElsewhere, sharedOut } from "./shards.ts";
import { mutantsInWords } from "./tables.ts";
import { print, Refusal, stylesFor } from "./terminal.ts";
import type { Shard } from "./words.ts";

export interface MutantsCommand {
  readonly seed?: number;
  readonly runs?: number;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Cases drawn for each property, the seed of the table that the build publishes, and the processes that share the work. */
const defaultRuns = 4;
const defaultSeed = 1;
const defaultJobs = 2;

/** 0 when every clause is killed or rightly argued away, 1 when some is not or a property gave a false alarm. */
export const mutants = async (names: readonly string[], options: MutantsCommand): Promise<number> => {
  const ids: readonly string[] = rules.map(({ id }) => id);
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestOf(unknown, ids);
    throw new Refusal(`there is no rule "${unknown}"${nearest === null ? "" : `; did you mean "${nearest}"?`}`);
  }
  const report = await shared(names, options);
  if (options.json) print(encodePretty(report));
  else print(...mutantsInWords(report, stylesFor(process.stdout, options.color)));
  const unsettled = report.clauses.some(({ killedBy, equivalent }) => (killedBy.length === 0) !== (equivalent !== undefined));
  return unsettled || report.falseAlarms.length > 0 ? 1 : 0;
};

/** The report on all chosen clauses, made by this process and by others at the same time. */
const shared = async (names: readonly string[], options: MutantsCommand): Promise<MutantsReport> => {
  const seed = options.seed ?? defaultSeed;
  const runs = options.runs ?? defaultRuns;
  const chosen = names.length === 0 ? clauses : clauses.filter(({ rule }) => names.includes(rule));
  const jobs = Math.min(options.jobs ?? defaultJobs, Math.ceil(chosen.length / 16));
  const args = [...names, "--seed", String(seed), "--runs", String(runs)];
  const shares = await sharedOut(
    jobs,
    options.shard,
    (share) => mutantsElsewhere(args, share),
    (share, onProgress) => tryMutants({ seed, runs, clauses: inShard(chosen, share), onProgress }),
  );
  return mergeMutants(shares);
};
