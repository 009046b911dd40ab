/**
 * The worlds of this folder as files, for `canon timeline`: written from their source by `npx vitest run examples/scheduler -u`,
 * and showing what they are there to show.
 */
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { describe, expect, test } from "vitest";
import { openTimelines } from "../../conformance/index.ts";
import { createModel } from "../../model/index.ts";
import type { Scenario } from "../../spec/index.ts";
import { longAgainstShort } from "./worlds.ts";

/** A scenario as text, laid out like every file here. */
const textOf = async (scenario: Scenario, file: string): Promise<string> =>
  format(encode(scenario), { ...(await resolveConfig(file)), parser: "json" });
const encode = (value: unknown): string => JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each));

describe("long-against-short.json", () => {
  test("is what its source says", async () => {
    const file = fileURLToPath(new URL("long-against-short.json", import.meta.url));
    await expect(await textOf(longAgainstShort(600), file)).toMatchFileSnapshot(file);
  });

  test("gives a reservation of 82 percent fewer than 20 full rounds in 100, always behind long executions with less priority", async () => {
    const { record, timelineOf } = await openTimelines();
    const { canisters } = timelineOf(await record(createModel(), longAgainstShort(160)));
    const cells = canisters.find(({ canister }) => canister === "reserved-2")?.cells ?? [];
    expect(cells.every(({ work }) => work)).toBe(true);
    const waiting = cells.filter(({ state }) => state === "waits");
    expect(new Set(waiting.map(({ overtaken }) => overtaken?.because))).toEqual(new Set(["age"]));
    expect(cells.at(-1)?.window).toMatchObject({ rounds: 100, promised: 82 });
    expect(Math.max(...cells.slice(100).map(({ window }) => window?.full ?? 100))).toBeLessThan(20);
  });
});
