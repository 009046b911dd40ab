/** `canon mutants`: takes the clauses out one by one and prints which properties notice. */
import { encodePretty, nearestOf, tryMutants } from "../conformance/index.ts";
import { clauses, rules } from "../spec/index.ts";
import { startProgress } from "./progress.ts";
import { mutantsInWords } from "./tables.ts";
import { print, Refusal, stylesFor } from "./terminal.ts";

export interface MutantsCommand {
  readonly seed?: number;
  readonly runs?: number;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Cases drawn for each property, and the seed of the table that the build publishes. */
const defaultRuns = 40;
const defaultSeed = 1;

/** 0 when every clause is killed or argued away, 1 when some is not or a property gave a false alarm. */
export const mutants = async (names: readonly string[], options: MutantsCommand): Promise<number> => {
  const ids = rules.map(({ id }) => id);
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestOf(unknown, ids);
    throw new Refusal(`there is no rule "${unknown}"${nearest === null ? "" : `; did you mean "${nearest}"?`}`);
  }
  const progress = startProgress();
  const report = await tryMutants({
    seed: options.seed ?? defaultSeed,
    runs: options.runs ?? defaultRuns,
    clauses: names.length === 0 ? clauses : clauses.filter(({ rule }) => names.includes(rule)),
    onProgress: (done, total, clause) => progress.update(done / total, clause),
  }).finally(() => progress.stop());
  if (options.json) print(encodePretty(report));
  else print(...mutantsInWords(report, stylesFor(process.stdout, options.color)));
  const lost = report.clauses.some(({ killedBy, equivalent }) => killedBy.length === 0 && equivalent === undefined);
  return lost || report.falseAlarms.length > 0 ? 1 : 0;
};
