#!/usr/bin/env node
/**
 * The command `canon`. This file knows the commands, their options and the exit codes; what a command does lies in the
 * file of its name, and is loaded when it is asked for.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { VectorsCommand } from "./vectors.ts";
import { inform, Refusal } from "./terminal.ts";
import { duration, natural, percentages, seed, shard, wholeNumber } from "./words.ts";

/** What follows `--` is the command of a machine in another process, and none of our business. */
const split = (argv: readonly string[]): { readonly ours: readonly string[]; readonly command: readonly string[] } => {
  const at = argv.indexOf("--");
  return at < 0 ? { ours: argv, command: [] } : { ours: argv.slice(0, at), command: argv.slice(at + 1) };
};

const version = (): string => {
  // From the sources this file lies one folder below the package, from the build two.
  for (const place of ["../package.json", "../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return "unknown";
};

/** A reader of an option, whose complaint becomes one line. */
const option =
  <T>(reader: (text: string) => T) =>
  (text: string): T => {
    try {
      return reader(text);
    } catch (reason) {
      throw new InvalidArgumentError(reason instanceof Error ? reason.message : String(reason));
    }
  };

const program = (command: readonly string[], done: (code: number) => void): Command => {
  const canon = new Command("canon")
    .description("The executable specification of the Internet Computer's execution layer, and what holds machines to it.")
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "canon: ")) })
    .showHelpAfterError("(canon --help says more)");

  canon
    .command("check")
    .description("try properties on a machine: the built-in engine, or the one that COMMAND starts")
    .usage("[property|rule...] [options] [-- COMMAND]")
    .argument("[property|rule...]", "properties to try, or rules whose properties are tried; all when none is named")
    .option("--seed <number>", "draw the cases from this seed", option(seed))
    .option("--path <path>", "try only the case at this path of the seed, with one property")
    .option("--runs <number>", "runs of each property", option(wholeNumber))
    .option("--max-time <time>", "end after this time, as in 30s, 5m or 1h", option(duration))
    .option("--json", "print the report as JSON")
    .option("--list", "list rules and properties, and try nothing")
    .option("--no-color", "print without colours")
    .action(async (names: string[], options: object) => done(await (await import("./check.ts")).check(names, options, command)));

  canon
    .command("replay")
    .description("try a stored failure again and tell its story")
    .usage("FILE [options] [-- COMMAND]")
    .argument("<file>", "a failure, as it lies in .canon/failures")
    .option("--no-color", "print without colours")
    .action(async (file: string, options: object) => done(await (await import("./replay.ts")).replay(file, options, command)));

  const failures = canon.command("failures").description("the failures that are stored, and tried first by every check");
  failures
    .command("list", { isDefault: true })
    .description("list them")
    .option("--json", "print them as JSON")
    .action(async (options: object) => done(await (await import("./failures.ts")).listFailures(options)));
  failures
    .command("remove")
    .description("remove some of them, or all that are fixed")
    .argument("[id...]", "ids of failures")
    .option("--fixed", "remove all that no longer fail")
    .action(async (ids: string[], options: object) => done(await (await import("./failures.ts")).removeFailures(ids, options)));

  canon
    .command("mutants")
    .description("take the clauses of the specification out one by one, and see which properties notice")
    .argument("[rule...]", "rules whose clauses are taken out; all when none is named")
    .option("--seed <number>", "draw the cases from this seed", option(seed))
    .option("--runs <number>", "cases drawn for each property", option(wholeNumber))
    .option("--jobs <number>", "processes that share the work", option(wholeNumber))
    .addOption(new Option("--shard <share>", "only this share of the clauses, as 0/2").argParser(option(shard)).hideHelp())
    .option("--json", "print the report as JSON")
    .option("--no-color", "print without colours")
    .action(async (names: string[], options: object) => done(await (await import("./mutants.ts")).mutants(names, options)));

  canon
    .command("faults")
    .description("let the suite hunt for named faults of the reference, and see who finds them, from which seeds and how soon")
    .argument("[fault...]", "faults; all of them when none is named")
    .option("--list", "say what there is to be found, and find nothing")
    .option("--seed <number>", "the first seed", option(seed))
    .option("--seeds <number>", "how many seeds there are", option(wholeNumber))
    .option("--max-time <time>", "the time of each hunt, as in 30s or 5m", option(duration))
    .option("--jobs <number>", "processes that share the seeds", option(wholeNumber))
    .addOption(new Option("--shard <share>", "only this share of the seeds, as 0/2").argParser(option(shard)).hideHelp())
    .option("--json", "print the report as JSON")
    .option("--no-color", "print without colours")
    .action(async (names: string[], options: object) => done(await (await import("./faults.ts")).faults(names, options)));

  const vectors = canon
    .command("vectors")
    .description("recorded sessions, at least one for each clause: write them, or hold a machine to them");
  vectors
    .command("build")
    .description("record what the reference answers, anew")
    .option("--folder <folder>", "where they lie", "vectors")
    .option("--seed <number>", "draw the cases from this seed", option(seed))
    .option("--runs <number>", "cases drawn for each property", option(wholeNumber))
    .option("--from <folder>", "keep the scenarios of these vectors that still tell their clauses apart; draw for the others alone")
    .option("--vector-version <version>", "the version of what is written, as MAJOR.MINOR.PATCH")
    .option("--jobs <number>", "processes that share the work", option(wholeNumber))
    .addOption(new Option("--shard <share>", "only this share of the clauses, as 0/2").argParser(option(shard)).hideHelp())
    .action(async (options: VectorsCommand) => done(await (await import("./vectors.ts")).buildVectors(options)));
  vectors
    .command("verify")
    .description("hold the built-in engine, or the machine that COMMAND starts, to them")
    .usage("[options] [-- COMMAND]")
    .option("--folder <folder>", "where they lie", "vectors")
    .option("--no-color", "print without colours")
    .action(async (options: VectorsCommand) => done(await (await import("./vectors.ts")).verifyVectors(options, command)));

  canon
    .command("predict")
    .description("let adversaries bet on the draws of a machine, with all that may be known before, and tell what each of them wins")
    .usage("[options] [-- COMMAND]")
    .option("--seed <number>", "draw the worlds from this seed", option(seed))
    .option("--runs <number>", "worlds to play in", option(wholeNumber))
    .option("--no-color", "print without colours")
    .action(async (options: object) => done(await (await import("./predict.ts")).predictions(options, command)));

  canon
    .command("explore")
    .description("walk all states of a small world, check every transition, and tell the shortest way to whatever is wrong")
    .argument("[world]", "scheduler, calls or timers")
    .option("--canisters <number>", "how many canisters there are", option(wholeNumber))
    .option("--cores <number>", "how many cores there are", option(wholeNumber))
    .option("--allocations <list>", "the compute allocations that each canister may have, as 0,30,60", option(percentages))
    .option("--inputs <number>", "most messages under way to one canister at once", option(wholeNumber))
    .option("--scheduler <profile>", "the profile of the scheduler, as in the parameters of a genesis")
    .option("--slices <number>", "how many slices a long message has, in the scheduler world", option(wholeNumber))
    .addOption(new Option("--system <system>", "walk the reference, or the compiled rules of scheduling").choices(["model", "compiled"]))
    .option("--lag <percent>", "most that a canister may be behind its allocation, in percent of a round", option(natural))
    .option("--no-lag", "do not watch how far canisters are behind")
    .option("--priority <rounds>", "most priority or debt of a canister, in rounds", option(wholeNumber))
    .option("--laws <inputs>", "let the laws of the suite judge paths of up to so many inputs; 0 for none", option(natural))
    .option("--without <clause>", "take this clause out of the specification, as in schedule-order.then.ties")
    .option("--max-states <number>", "stop at so many states", option(wholeNumber))
    .option("--max-depth <number>", "go no further than so many moves", option(wholeNumber))
    .option("--max-memory <megabytes>", "use no more memory for states", option(wholeNumber))
    .option("--max-time <time>", "stop after this time, as in 30s, 5m or 1h", option(duration))
    .option("--json", "print the report as JSON")
    .option("--no-color", "print without colours")
    .action(async (world: string | undefined, options: object) => done(await (await import("./explore.ts")).exploration(world, options)));

  canon
    .command("timeline")
    .description("draw the rounds of a scenario: cores, canisters, priorities, and the guarantee of each allocation")
    .usage("SCENARIO [options] [-- COMMAND]")
    .argument("<scenario>", "a file with a scenario, a stored failure or a vector")
    .option("--html <file>", "write a page that needs no other file, instead of drawing on the terminal")
    .option("--from <height>", "begin with this round", option(wholeNumber))
    .option("--rounds <number>", "draw so many rounds; else as many as there is room for", option(wholeNumber))
    .option("--json", "print the data of the picture as JSON")
    .option("--no-color", "print without colours")
    .action(async (file: string, options: object) => done(await (await import("./timeline.ts")).timeline(file, options, command)));

  canon
    .command("ledger")
    .description("keep the books of a scenario, double-entry: every cycle by flow and by canister, held against what the machine says")
    .usage("SCENARIO [options] [-- COMMAND]")
    .argument("<scenario>", "a file with a scenario, a stored failure or a vector")
    .option("--html <file>", "write a page that needs no other file, with the picture of the flows")
    .option("--svg <file>", "write the picture alone")
    .option("--json", "print the books as JSON, every posting in them")
    .option("--no-color", "print without colours")
    .action(async (file: string, options: object) => done(await (await import("./ledger.ts")).ledger(file, options, command)));

  canon
    .command("schema")
    .description("print a public shape as JSON Schema, or the names of all of them")
    .argument("[name]", "a shape")
    .action(async (name: string | undefined) => done(await (await import("./schema.ts")).schema(name)));

  return canon;
};

const main = async (argv: readonly string[]): Promise<number> => {
  const { ours, command } = split(argv);
  let code = 0;
  try {
    await program(command, (told) => (code = told)).parseAsync(ours, { from: "user" });
    return code;
  } catch (reason) {
    if (reason instanceof CommanderError) return reason.exitCode === 0 ? 0 : 2;
    if (reason instanceof Refusal || (reason instanceof Error && ["BorderError", "CannotStart"].includes(reason.name))) {
      inform(`canon: ${reason.message}`);
      return 2;
    }
    inform(`canon: this is a fault of canon itself: ${reason instanceof Error ? reason.message : String(reason)}`);
    if (process.env["CANON_STACK"] && reason instanceof Error) inform(reason.stack ?? "");
    return 2;
  }
};

// A reader that has seen enough (`canon check | head`) is no fault.
process.stdout.on("error", (reason: NodeJS.ErrnoException) => process.exit(reason.code === "EPIPE" ? 0 : 2));
process.exitCode = await main(process.argv.slice(2));
