/** What came of a walk, for whoever reads it by machine, and its schema. A field is never removed or given another meaning within a version. */
import * as z from "zod";

const count = z.int().min(0);
const name = z.string();
const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly();

export const exploreReportSchema = z.strictObject({
  report: z.literal("canon-explore"),
  version: z.literal(1),
  catalogue: z.string().regex(/^[0-9a-f]{64}$/),
  world: name,
  scope: z.strictObject({ canisters: count, cores: count, allocations: listOf(count), inputs: count, scheduler: name, slices: count }),
  /** The reference itself, or the rules of scheduling in compiled form. */
  system: z.enum(["model", "compiled"]),
  /** The clause that was taken out of the specification, or `null`. */
  without: name.nullable(),
  /** How many geneses the walk began from, and how many moves there are. */
  geneses: count,
  moves: count,
  states: count,
  transitions: count,
  /** The most moves to any state, by the shortest way. */
  depth: count,
  /** States that are first reached by so many moves, from 0. */
  widths: listOf(count),
  /** States that were found and not left by all of their moves. */
  frontier: count,
  /** What ended the walk before there was nothing new; `null` when all reachable states were walked. */
  stopped: z.enum(["states", "memory", "depth", "time"]).nullable(),
  invariants: listOf(z.strictObject({ id: name, statement: name, outcome: z.enum(["held", "broken"]) })),
  /** Laws of the suite, and on how many transitions they judged the path that led there. */
  laws: z.strictObject({ ids: listOf(name), judged: count, longest: count }),
  /** The greatest lag behind an allocation, and a shortest way to it, the messages before each round; `null` where lags were not watched. */
  worstLag: z.strictObject({ lag: count, allocations: listOf(count), inputs: count, moves: count, way: listOf(name) }).nullable(),
  /** Fingerprints that were equal while states were not; each was compared and told apart. */
  collisions: count,
  bytes: count,
  milliseconds: count,
  statesPerSecond: count,
  verdict: z.enum(["held", "broken", "stopped"]),
  /** The counterexample, where there is one: no other takes fewer moves. */
  broken: z.strictObject({ invariant: name, because: name, moves: count, inputs: count, failure: name }).nullable(),
});

export type ExploreReport = z.infer<typeof exploreReportSchema>;
