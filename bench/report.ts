/** The report of the benchmarks as data, public and versioned: what `npm run bench -- --json` prints, and its schema. */
import { z } from "zod";
import { exploreReport } from "./explore.ts";

const spread = z
  .strictObject({ median: z.number().positive(), lower: z.number().positive(), upper: z.number().positive() })
  .describe("the median of the repetitions, and the range of the middle half of them");

const both = z.strictObject({ model: spread, impl: spread });

const pairRow = z.strictObject({
  worlds: z.string(),
  scenarios: z.int().positive(),
  repetitions: z.int().positive(),
  canisters: z.number().positive().describe("mean over the scenarios"),
  inputs: z.int().positive().describe("in all scenarios together"),
  rounds: z.int().positive().describe("in all scenarios together"),
  inputsPerSecond: both,
  roundsPerSecond: both,
  ratio: spread.describe("time of the model over time of impl"),
});

const scaleRow = z.strictObject({
  canisters: z.int().positive(),
  active: z.int().min(0).describe("canisters that get a message before each round"),
  round: spread.describe("microseconds of a round, and of its part of forgetting the messages later"),
  perActive: spread.nullable().describe("the same for each active canister; null where none is"),
  scanAndSort: spread.describe("microseconds of the scheduling decision alone, made by scanning and sorting all canisters"),
  ratio: z.number().positive().describe("median of scanAndSort over median of round"),
});

const lockstepRow = z.strictObject({
  model: z.string(),
  machine: z.string(),
  compared: z.string(),
  perSecond: spread.describe("rounds that are drawn, done by both and compared"),
  ratio: z.number().positive().describe("median rounds per second over those of the naive pairing, which is the first row"),
});

const threadsReport = z.strictObject({
  workers: z.int().positive(),
  rows: z.array(
    z.strictObject({
      active: z.int().positive(),
      events: z.int().positive().describe("that the cores leave"),
      bytes: z.int().positive().describe("of these events as V8 serialises them"),
      round: spread.describe("microseconds of a whole round on one thread"),
      cloned: spread.describe("inputs to the workers and events back as messages, over the round"),
      shared: spread.describe("serialising inputs and deserialising events, over the round"),
      rebuilt: spread.describe("making the events out of lanes of numbers, over the round"),
    }),
  ),
});

const chargesRow = z.strictObject({
  canisters: z.int().positive(),
  prices: z.int().positive().describe("different prices that they pay for memory and allocation"),
  quietRound: spread.describe("microseconds of a round in which nobody is active and nobody is charged"),
  chargedRound: spread.describe("microseconds of a round in which nobody is active and everybody is charged"),
  wokenRound: spread.describe("the same, when one canister in a hundred was active since the last charge"),
  chargeEverybody: spread.describe("microseconds of the charges alone, when every canister is looked at"),
  ratio: z.number().positive().describe("median of chargeEverybody over median of chargedRound"),
  wokenRatio: z.number().positive().describe("median of chargeEverybody over median of wokenRound"),
});

const tapeOperation = z.strictObject({
  operation: z.string(),
  noble: spread.describe("milliseconds with @noble/curves"),
  mcl: spread.describe("milliseconds with mcl-wasm"),
  ratio: spread.describe("time of noble over time of mcl-wasm"),
});

const tapeWay = z.strictObject({
  task: z.string(),
  library: z.string(),
  plainly: z.string().describe("how it is done without a thought"),
  cleverly: z.string().describe("how it is done with one"),
  plain: spread.describe("milliseconds"),
  clever: spread.describe("milliseconds"),
  ratio: spread.describe("time of the plain way over time of the clever one"),
});

const tapeReport = z.strictObject({ operations: z.array(tapeOperation), ways: z.array(tapeWay) });

const deliveredRow = z.strictObject({
  calls: z.string(),
  pairs: z.int().positive().describe("of a canister that calls and one that answers"),
  messages: z.int().positive().describe("requests and responses that are delivered in one repetition"),
  rounds: z.int().positive().describe("that it takes, of all subnets together"),
  perSecond: spread.describe("delivered messages for each second of these rounds"),
});

const memoryRow = z.strictObject({
  canisters: z.int().positive(),
  state: z.string(),
  bytes: z.number().positive().describe("that the engine holds for each canister, beside its genesis"),
  genesis: z.number().positive().describe("bytes of the genesis of each canister"),
});

const messagesReport = z.strictObject({ delivered: z.array(deliveredRow), memory: z.array(memoryRow) });

const queriesRow = z.strictObject({
  reads: z.string(),
  canisters: z.int().positive().describe("that are asked in turn"),
  executed: spread.describe("queries for each second, when every one is executed"),
  kept: spread.describe("queries for each second, when answers are kept and nothing happened since"),
  lookedAt: spread.describe("queries for each second, when answers are kept and a round passed since, in which nothing happened"),
  updates: spread.describe("updates that read the same for each second, from the ingress message to the answer"),
  overUpdate: z.number().positive().describe("median of executed over median of updates"),
  keptOver: z.number().positive().describe("median of kept over median of executed"),
  lookedAtOver: z.number().positive().describe("median of lookedAt over median of executed"),
});

const rootRow = z.strictObject({
  canisters: z.int().positive(),
  touched: z.int().positive().describe("canisters that write a page between two roots"),
  kept: spread.describe("microseconds of a root and of what was told since the last one, with the digests that are kept"),
  perTouched: spread.describe("the same for each canister that was touched"),
  scratch: spread.describe("microseconds of the same root when every digest is made again"),
  ratio: z.number().positive().describe("median of scratch over median of kept"),
});

export const benchReport = z.strictObject({
  report: z.literal("canon-bench"),
  version: z.literal(1),
  node: z.string(),
  cores: z.int().positive().describe("of the machine that measured"),
  seed: z.int(),
  repetitions: z.int().positive(),
  pair: z.array(pairRow).optional(),
  scale: z.array(scaleRow).optional(),
  lockstep: z.array(lockstepRow).optional(),
  threads: threadsReport.optional(),
  charges: z.array(chargesRow).optional(),
  tape: tapeReport.optional(),
  messages: messagesReport.optional(),
  queries: z.array(queriesRow).optional(),
  root: z.array(rootRow).optional(),
  explore: exploreReport.optional(),
});

export type PairRow = z.infer<typeof pairRow>;
export type ScaleRow = z.infer<typeof scaleRow>;
export type LockstepRow = z.infer<typeof lockstepRow>;
export type ThreadsReport = z.infer<typeof threadsReport>;
export type ChargesRow = z.infer<typeof chargesRow>;
export type DeliveredRow = z.infer<typeof deliveredRow>;
export type MemoryRow = z.infer<typeof memoryRow>;
export type MessagesReport = z.infer<typeof messagesReport>;
export type QueriesRow = z.infer<typeof queriesRow>;
export type RootRow = z.infer<typeof rootRow>;
export type TapeOperation = z.infer<typeof tapeOperation>;
export type TapeWay = z.infer<typeof tapeWay>;
export type TapeReport = z.infer<typeof tapeReport>;
export type BenchReport = z.infer<typeof benchReport>;
