/**
 * Builds the reading room: a page for each chapter, rule and property, those on silent sources, system calls, attacks, claims,
 * peers, views and named faults, and the front page with the heat map, in `docs/site`, where TypeDoc then puts the API
 * reference; it is read from that folder, without a server. With `--fresh` nothing is written: the pages are put together,
 * and the committed evidence is held to the catalogue and the suite.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { catalogueHash, suite } from "../conformance/index.ts";
import { clauses } from "../spec/index.ts";
import { makeBook, type Book } from "./book.ts";
import { transitionsOf } from "./clause-sources.ts";
import { objectionsToHunts } from "./hunts.ts";
import { faultsOfKillTable, strengthOf, type KillTable } from "./kill-table.ts";
import { pagesOf } from "./pages.ts";
import {
  huntsPath,
  killTablePath,
  namedFaults,
  readHunts,
  readKillTable,
  readModel,
  readOpenings,
  root,
  rulesByName,
} from "./repository.ts";

const main = async (flags: readonly string[]): Promise<number> => {
  const unknown = flags.find((flag) => flag !== "--fresh");
  if (unknown !== undefined) return complain([`docs: expected --fresh or nothing, got ${unknown}`]);
  try {
    const kills = readKillTable();
    const hunts = await readHunts();
    const known = { properties: suite, catalogue: catalogueHash() };
    const stale = [
      ...staleness(killTablePath, writesKills, kills === null ? [] : faultsOfKillTable(kills, { ...known, clauses })),
      ...staleness(huntsPath, writesHunts, hunts === null ? [] : objectionsToHunts(hunts, { ...known, faults: namedFaults() })),
    ];
    if (stale.length > 0) return complain(stale);
    const book = makeBook({
      rules: rulesByName(),
      openings: readOpenings(),
      transitions: transitionsOf(readModel()),
      properties: suite,
      kills,
      hunts,
    });
    if (flags.includes("--fresh")) return tellFreshness(kills, book);
    console.log(`${writeSite(join(root, "docs/site"), book)} pages in docs/site; begin with docs/site/index.html`);
    return 0;
  } catch (reason) {
    return complain([`docs: ${reason instanceof Error ? reason.message : String(reason)}`]);
  }
};

const writesKills = "`npm run evidence:mutants` writes it";
const writesHunts = "`npm run evidence:faults` writes it";

/** What is wrong with a file of evidence, and how it is written anew. */
const staleness = (path: string, toWrite: string, faults: readonly string[]): readonly string[] =>
  faults.length === 0 ? [] : [`${path} is stale; ${toWrite}:`, ...faults.map((fault) => `  ${fault}`)];

/** Writes all pages anew, so that the page of a rule that is gone is gone too; gives their number. */
const writeSite = (site: string, book: Book): number => {
  rmSync(site, { recursive: true, force: true });
  const pages = pagesOf(book);
  for (const { path, text } of pages) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), text);
  }
  return pages.length;
};

const tellFreshness = (kills: KillTable | null, { rules, properties, hunts }: Book): number => {
  if (kills === null) return complain([`${killTablePath} is missing; ${writesKills}`]);
  if (hunts === null) return complain([`${huntsPath} is missing; ${writesHunts}`]);
  const { clauses: all, byLaw, killed } = strengthOf(kills);
  console.log(
    `docs are fresh: ${rules.length} rules, ${properties.length} properties, ${all} clauses, ${killed} killed, ${byLaw} by a law, ${hunts.faults.length} faults hunted`,
  );
  return 0;
};

const complain = (lines: readonly string[]): number => {
  for (const line of lines) console.error(line);
  return 1;
};

process.exitCode = await main(process.argv.slice(2));
