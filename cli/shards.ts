/**
 * Work that falls apart is shared with other processes of the same command: each takes every n-th clause, or seed, and prints
 * its report as JSON for the first one to read. The first one works, too.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSchemas, openVectors, type FaultsReport, type MutantsReport, type Vector } from "../conformance/index.ts";
import { startProgress } from "./progress.ts";
import type { Shard } from "./words.ts";

/** Shares work among so many processes, this one included, or does here what one share is; the reports, that of this process first. */
export const sharedOut = async <Report>(
  jobs: number,
  shard: Shard | undefined,
  elsewhere: (share: Shard) => Promise<Report>,
  here: (share: Shard, onProgress: (done: number, total: number, what: string) => void) => Promise<Report>,
): Promise<readonly [Report, ...Report[]]> => {
  const others = shard ? [] : Array.from({ length: jobs - 1 }, (_, at) => elsewhere({ index: at + 1, count: jobs }));
  const progress = startProgress();
  try {
    const own = await here(shard ?? { index: 0, count: jobs }, (done, total, what) => progress.update(done / total, what));
    return [own, ...(await Promise.all(others))];
  } finally {
    progress.stop();
  }
};

export const inShard = <T>(items: readonly T[], { index, count }: Shard): readonly T[] => items.filter((_, at) => at % count === index);

export const shardInWords = ({ index, count }: Shard): string => `${index}/${count}`;

/** What another process of this command finds out about its share. */
export const mutantsElsewhere = async (args: readonly string[], share: Shard): Promise<MutantsReport> => {
  const output = await outputOf([process.argv[1]!, "mutants", ...args, "--json", "--shard", shardInWords(share)]);
  const { read, schemas } = await openSchemas();
  return read(schemas["report-mutants"], JSON.parse(output), `the report on share ${shardInWords(share)}`);
};

/** The same for the seeds of a hunt. */
export const faultsElsewhere = async (args: readonly string[], share: Shard): Promise<FaultsReport> => {
  const output = await outputOf([process.argv[1]!, "faults", ...args, "--json", "--shard", shardInWords(share)]);
  const { read, schemas } = await openSchemas();
  return read(schemas["report-faults"], JSON.parse(output), `the report on share ${shardInWords(share)}`);
};

/** The vectors of a share, which come in a folder of their own. */
export const vectorsElsewhere = async (args: readonly string[], share: Shard): Promise<readonly Vector[]> => {
  const folder = mkdtempSync(join(tmpdir(), "canon-vectors-"));
  try {
    await outputOf([process.argv[1]!, "vectors", "build", ...args, "--folder", folder, "--shard", shardInWords(share)]);
    return (await openVectors()).readVectors(folder).vectors;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const outputOf = (args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0 || code === 1) resolve(Buffer.concat(chunks).toString("utf8"));
      else reject(new Error(`another process of canon ended with ${code}`));
    });
  });
