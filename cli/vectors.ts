/** `canon vectors`: records what the reference answers, for every clause, and holds a machine to what was recorded. */
import {
  catalogueHash,
  drivenBy,
  findVectors,
  isWithin,
  messageOf,
  MachineFault,
  missedBy,
  openVectors,
  rulesIn,
  scenarioOf,
  type Vector,
} from "../conformance/index.ts";
import { clauseName, clauses } from "../spec/index.ts";
import { inShard, sharedOut, vectorsElsewhere } from "./shards.ts";
import { openSubject, type Subject } from "./subjects.ts";
import { inform, print, stylesFor } from "./terminal.ts";
import type { Shard } from "./words.ts";

export interface VectorsCommand {
  readonly folder: string;
  readonly seed?: number;
  readonly runs?: number;
  readonly vectorVersion?: string;
  /** The folder of vectors of before, whose scenarios are kept where they still tell their clauses apart. */
  readonly from?: string;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly color?: boolean;
}

const defaultSeed = 1;
const defaultRuns = 3;
const defaultJobs = 2;

/** Records vectors anew. 0 when every clause has one, 1 when not. */
export const buildVectors = async (options: VectorsCommand): Promise<number> => {
  const { versionIn, writeVectors } = await openVectors();
  const vectors = await found(options);
  writeVectors(options.folder, vectors, options.vectorVersion ?? versionIn(options.folder) ?? "0.1.0");
  if (options.shard) return 0;
  const silent = vectors.filter(({ tells }) => !tells);
  const covered = new Set(vectors.map(clauseName));
  print(`${vectors.length} vectors in ${options.folder}, ${vectors.length - silent.length} of which tell their clause apart`);
  for (const vector of silent) inform(`only meets its clause: ${clauseName(vector)}`);
  for (const clause of clauses) if (!covered.has(clauseName(clause))) inform(`no vector: ${clauseName(clause)}`);
  return covered.size === clauses.length ? 0 : 1;
};

/** The vectors of the chosen clauses, found by this process and by others at the same time. */
const found = async (options: VectorsCommand): Promise<readonly Vector[]> => {
  const { seed = defaultSeed, runs = defaultRuns, from } = options;
  const args = ["--seed", String(seed), "--runs", String(runs), ...(from === undefined ? [] : ["--from", from])];
  const before = from === undefined ? [] : (await openVectors()).readVectors(from).vectors;
  const shares = await sharedOut(
    options.jobs ?? defaultJobs,
    options.shard,
    (share) => vectorsElsewhere(args, share),
    (share, onProgress) => {
      const own = inShard(clauses, share);
      const names = new Set(own.map(clauseName));
      return findVectors({ seed, runs, clauses: own, known: before.filter((vector) => names.has(clauseName(vector))), onProgress });
    },
  );
  return shares.flat();
};

/** Holds a machine to the vectors. 0 when it answers as recorded, 1 when not, 2 when the vectors are not what they claim. */
export const verifyVectors = async ({ folder, color }: VectorsCommand, command: readonly string[]): Promise<number> => {
  const { readVectors } = await openVectors();
  const { manifest, vectors } = readVectors(folder);
  const { good, bad } = stylesFor(process.stdout, color);
  const subject = await openSubject(command);
  const chosen = vectors.filter((vector) => isFollowed(vector, subject));
  const missed: string[] = [];
  try {
    for (const vector of chosen) {
      const why = await missOf(vector, (scenario) => drivenBy(subject.machine, scenario));
      if (why !== null) missed.push(`${clauseName(vector)}: ${why}`);
    }
  } finally {
    await subject.end();
  }
  for (const line of missed) print(bad(`! ${line}`));
  const stale = manifest.catalogue !== catalogueHash();
  if (stale)
    print(
      bad(`! the vectors are of catalogue ${manifest.catalogue.slice(0, 12)}, this is ${catalogueHash().slice(0, 12)}; build them anew`),
    );
  const untried = vectors.length - chosen.length;
  print(
    `${subject.machine.name}: ${chosen.length - missed.length} of ${chosen.length} vectors answered as recorded${untried > 0 ? `, ${untried} not tried` : ""}`,
  );
  const passed = missed.length === 0 && !stale && chosen.length > 0;
  print(passed ? good("green") : bad("failed"));
  return passed ? 0 : 1;
};

/** Whether a machine knows all words of a vector, and follows all the rules that take place in it. */
const isFollowed = (vector: Vector, { excluded, vocabulary }: Subject): boolean => {
  if (excluded.some(({ rule }) => rule === vector.rule)) return false;
  const scenario = excluded.length === 0 ? null : scenarioOf(vector);
  if (scenario === null) return true;
  if (!isWithin(scenario, vocabulary)) return false;
  const needed = rulesIn(scenario);
  return !excluded.some(({ rule }) => needed.has(rule));
};

const missOf = async (
  vector: Vector,
  lead: (scenario: NonNullable<ReturnType<typeof scenarioOf>>) => ReturnType<typeof drivenBy>,
): Promise<string | null> => {
  const scenario = scenarioOf(vector);
  if (!scenario) return "it does not begin with a boot";
  try {
    const miss = missedBy(vector, await lead(scenario));
    return miss && `input ${miss.at + 1}, ${miss.difference.field}: expected ${miss.difference.expected}, got ${miss.difference.came}`;
  } catch (reason) {
    if (reason instanceof MachineFault) return `${reason.fault}: ${messageOf(reason)}`;
    throw reason;
  }
};
