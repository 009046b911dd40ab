/**
 * `npm run bench`: measures, and prints tables. `-- pair`, `-- lockstep`, `-- scale`, `-- threads`, `-- charges`, `-- messages`, `-- queries`, `-- root`, `-- tape` or `-- explore` measures one part;
 * `--json` prints the report as JSON instead, `--out FILE` writes what is printed into a file too, `--write` writes the tables into `bench/RESULTS.md`,
 * `--schema` prints the schema of the report.
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { charges } from "./charges.ts";
import { lockstep } from "./lockstep.ts";
import { messages } from "./messages.ts";
import { exploreBench } from "./explore.ts";
import { pair } from "./pair.ts";
import { queries } from "./queries.ts";
import { benchReport, type BenchReport } from "./report.ts";
import { toMarkdown } from "./results.ts";
import { root } from "./root.ts";
import { scale } from "./scale.ts";
import { tape } from "./tape.ts";
import { threads } from "./threads.ts";

const parts: readonly string[] = ["pair", "lockstep", "scale", "threads", "charges", "messages", "queries", "root", "tape", "explore"];

const results = fileURLToPath(new URL("RESULTS.md", import.meta.url));

const main = async (args: readonly string[]): Promise<number> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        out: { type: "string" },
        write: { type: "boolean", default: false },
        schema: { type: "boolean", default: false },
        seed: { type: "string", default: "1" },
        repetitions: { type: "string", default: "15" },
      },
    });
    if (values.schema) {
      console.log(JSON.stringify(z.toJSONSchema(benchReport), null, 2));
      return 0;
    }
    const unknown = positionals.find((name) => !parts.includes(name));
    if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}: expected ${parts.join(", ")}, or nothing for all`);
    const chosen = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
    const seed = whole(values.seed, "--seed", 0);
    const repetitions = whole(values.repetitions, "--repetitions", 1);
    const report: BenchReport = benchReport.parse({
      report: "canon-bench",
      version: 1,
      node: process.versions.node,
      cores: availableParallelism(),
      seed,
      repetitions,
      ...(chosen("pair") ? { pair: pair(seed, repetitions) } : {}),
      ...(chosen("lockstep") ? { lockstep: lockstep(repetitions) } : {}),
      ...(chosen("scale") ? { scale: scale(repetitions) } : {}),
      ...(chosen("threads") ? { threads: await threads(repetitions) } : {}),
      ...(chosen("charges") ? { charges: charges(repetitions) } : {}),
      ...(chosen("messages") ? { messages: messages(repetitions) } : {}),
      ...(chosen("queries") ? { queries: [...queries(repetitions)] } : {}),
      ...(chosen("root") ? { root: [...root(repetitions)] } : {}),
      ...(chosen("tape") ? { tape: await tape(seed, repetitions) } : {}),
      ...(chosen("explore") ? { explore: exploreBench(repetitions) } : {}),
    });
    const markdown = toMarkdown(report, ["npm run bench", ...(args.length > 0 ? ["--", ...args] : [])].join(" "));
    const text = values.json ? `${JSON.stringify(report, null, 2)}\n` : markdown;
    process.stdout.write(text);
    if (values.out !== undefined) writeFileSync(values.out, text);
    if (values.write) writeFileSync(results, markdown);
    return 0;
  } catch (reason) {
    console.error(`bench: ${reason instanceof Error ? reason.message : String(reason)}`);
    return 2;
  }
};

const whole = (text: string, option: string, least: number): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`${option}: expected a whole number of at least ${least}, got "${text}"`);
  return value;
};

process.exitCode = await main(process.argv.slice(2));
