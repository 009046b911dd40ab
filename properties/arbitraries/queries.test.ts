/** Worlds of queries: for machines that know all of them, or some, or none. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { drive, faultsOf, type Event, type Mode, type Scenario, type Trace } from "../../spec/index.ts";
import { everything, without, type Vocabulary } from "../vocabulary.ts";
import { floodWorlds } from "./floods.ts";
import { interrogatedWorlds } from "./interrogated.ts";
import { queryWorlds } from "./queries.ts";

const seed = 7;
const drawnFrom = (vocabulary: Vocabulary, numRuns: number): readonly Scenario[] => fc.sample(queryWorlds(vocabulary), { seed, numRuns });
const leaving = (...excluded: readonly string[]): readonly Scenario[] => drawnFrom(without(new Set(excluded)), 30);
const modesIn = (worlds: readonly Scenario[]): ReadonlySet<Mode | undefined> =>
  new Set(worlds.flatMap(({ genesis }) => genesis.canisters.flatMap(({ methods }) => methods.map(({ mode }) => mode))));
const eventsOf = (world: Scenario): readonly Event[] =>
  (drive(model, world) as Trace).steps.flatMap(({ observation }) => observation.events);
const asks = ({ inputs }: Scenario): boolean => inputs.some(({ kind }) => kind === "query");

describe("worlds of queries", () => {
  test("can be booted", () => {
    for (const worlds of [queryWorlds, interrogatedWorlds, floodWorlds])
      for (const { genesis } of fc.sample(worlds(everything), { seed, numRuns: 30 })) expect(faultsOf(genesis)).toEqual([]);
  });
  test("have methods of all modes, and users who ask", () => {
    const worlds = drawnFrom(everything, 30);
    expect(modesIn(worlds)).toEqual(new Set([undefined, "query", "composite"]));
    expect(worlds.filter(asks).length).toBeGreaterThan(25);
  });
  test("have only updates for who answers no queries", () => {
    const worlds = leaving("query-admit", "query-discard");
    expect(modesIn(worlds)).toEqual(new Set([undefined]));
    expect(worlds.some(asks)).toBe(false);
  });
  test("call nobody for who knows no composite query", () => expect(modesIn(leaving("query-nest")).has("composite")).toBe(false));
  test("have budgets without limit where that is wished for", () => {
    const worlds = fc.sample(queryWorlds(everything, { scarce: false }), { seed, numRuns: 20 });
    expect(worlds.flatMap(eventsOf).some((event) => event.kind === "query-refused" && event.error === "CN0021")).toBe(false);
  });
  test("execute no query in a round for who cannot", () => {
    const called = leaving("query-discard").flatMap(({ inputs }) =>
      inputs.flatMap((move) => (move.kind === "ingress" ? [move.method] : [])),
    );
    expect(called.filter((method) => method === "read" || method === "look")).toEqual([]);
  });
});

test("floods use a budget up in all worlds, and end", () => {
  const told = fc.sample(floodWorlds(everything), { seed, numRuns: 30 }).map(eventsOf);
  for (const events of told) expect(events.some((event) => event.kind === "query-refused" && event.error === "CN0021")).toBe(true);
});
