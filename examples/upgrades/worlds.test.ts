/**
 * The world of this folder as a file, written from its source by `npx vitest run examples/upgrades -u`; and what the page beside it says of
 * it, on the reference and on the engine.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { describe, expect, test } from "vitest";
import { openLedgers } from "../../conformance/index.ts";
import { impl } from "../../impl/index.ts";
import { createModel } from "../../model/index.ts";
import { drive, type Event, type Machine, type Result, type Scenario, type Trace } from "../../spec/index.ts";
import { hookTraps, questions } from "./worlds.ts";

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const page = readFileSync(fileOf("README.md"), "utf8");

const textOf = async (scenario: Scenario, file: string): Promise<string> => {
  const encoded = JSON.stringify(scenario, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each));
  return format(encoded, { ...(await resolveConfig(file)), parser: "json" });
};

const eventsOf = <Kind extends Event["kind"]>({ steps }: Trace, kind: Kind): readonly Extract<Event, { readonly kind: Kind }>[] =>
  steps.flatMap(({ observation }) =>
    observation.events.filter((event): event is Extract<Event, { readonly kind: Kind }> => event.kind === kind),
  );

const bytesOf = (result: Result): string => (result.kind === "reply" ? result.payload : result.error);
const asciiIn = (bytes: string): string => Buffer.from(bytes, "hex").toString("ascii");

/** What a canister and its owner show when all is over, as the page lays it out. */
const shownOf = (trace: Trace, id: "well" | "badly"): readonly string[] => {
  const answers = eventsOf(trace, "query-answered").filter(({ canister }) => canister === id);
  const [code, heap, stable, version] = questions.map((name) => bytesOf(answers.find(({ method }) => method === name)!.result));
  const heard = (ingress: string): string =>
    bytesOf(eventsOf(trace, "ingress-answered").find((answer) => answer.ingress === ingress)!.result);
  const reply = heard(`upgrade-${id}`);
  const { timer, instructions, charged } = eventsOf(trace, "installation-ran").find(({ canister }) => canister === id)!;
  return [
    reply === "" ? "an empty reply" : `a reject with code ${Number.parseInt(reply, 16)}`,
    `\`${asciiIn(code!)}\``,
    heap === "" ? "nothing" : `\`${heap}\``,
    stable === "" ? "nothing" : `\`${stable}\``,
    timer === null ? "nothing" : `${timer / 1_000_000_000n} seconds`,
    String(Number.parseInt(version!, 16)),
    asciiIn(heard(`history-${id}`)),
    `${instructions} instructions`,
    `${charged} cycles`,
  ];
};

describe("hook-traps.json", () => {
  test("is what its source says", async () => {
    const file = fileOf("hook-traps.json");
    await expect(await textOf(hookTraps(), file)).toMatchFileSnapshot(file);
  });

  const machines: readonly Machine[] = [createModel(), impl];
  test.each(machines)("shows what the page says, row by row ($name)", async (machine) => {
    const trace = await drive(machine, hookTraps());
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.includes("afterwards"));
    const [well, badly] = [shownOf(trace, "well"), shownOf(trace, "badly")];
    expect(rows.map((row) => row.split(" | ").slice(1).join(" | "))).toEqual(well.map((shown, at) => `${shown} | ${badly[at]} |`));
    expect(eventsOf(trace, "installation-ran").map(({ trap }) => trap)).toEqual([null, "IC0503"]);
  });

  test.each(machines)("costs what the page says, and the books balance ($name)", async (machine) => {
    const { inGroups, ledgerOf } = await openLedgers();
    const { balanced, subnets } = ledgerOf(await drive(machine, hookTraps()));
    const installation = subnets[0]!.flows.find(({ flow }) => flow === "installation")!;
    expect(balanced).toBe(true);
    expect(page).toMatch(new RegExp(`^installation .* ${installation.count} +${inGroups(installation.cycles)}$`, "m"));
  });

  test("would look otherwise if what the old code wrote stayed", async () => {
    const trace = await drive(createModel({ mutation: { rule: "install-rollback", kind: "then", clause: "memory" } }), hookTraps());
    expect(shownOf(trace, "badly").slice(1, 4)).toEqual(["`first`", "`0b`", "`0b`"]);
  });
});
