/** Worlds with a committee: they meet every way to refuse, the reference keeps every law in them, and no clause can go unnoticed. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createModel, model } from "../../model/index.ts";
import { clauseName, clauses, drive, type Machine, type Scenario, type Trace } from "../../spec/index.ts";
import { properties } from "../catalogue.ts";
import { noTapeBeforeFinality, sharesAreRecognised, thresholdSuffices } from "../laws/committee.ts";
import { fewerSharesSayNothing, roundsWaitForTheirTape, tapeIsOne, tapeVerifies } from "../laws/delivery.ts";
import { judgeTogether, type WatchedLaw } from "../tracking/watch.ts";
import { everything, without } from "../vocabulary.ts";
import { committeeWorlds } from "./committees.ts";

const worlds = fc.sample(committeeWorlds(everything), { seed: 5, numRuns: 120 });
const led = (machine: Machine, scenario: Scenario): Trace => drive(machine, scenario) as Trace;
const ofCommittee = [
  noTapeBeforeFinality,
  sharesAreRecognised,
  thresholdSuffices,
  tapeIsOne,
  tapeVerifies,
  roundsWaitForTheirTape,
  fewerSharesSayNothing,
];
let traces: readonly Trace[] = [];
beforeAll(() => void (traces = worlds.map((world) => led(model, world))), 60_000);

describe("worlds with a committee", () => {
  test("are the same for the same seed", () => {
    expect(fc.sample(committeeWorlds(everything), { seed: 5, numRuns: 3 })).toEqual(worlds.slice(0, 3));
  });

  test("meet tapes, draws and every refusal of the committee", () => {
    const met = new Set(
      traces.flatMap(({ steps }) =>
        steps.flatMap(({ observation }) =>
          observation.events.map((event) => ("error" in event ? `${event.kind} ${event.error}` : event.kind)),
        ),
      ),
    );
    const shares = ["CN0003", "CN0005", "CN0006", "CN0007"].map((error) => `share-refused ${error}`);
    const others = ["block-refused CN0003", "block-refused CN0004", "round-refused CN0008", "round-refused CN0009"];
    for (const kind of [...shares, ...others, "tape-made", "randomness-answered", "restarted"]) expect(met, kind).toContain(kind);
  });

  test("are without a committee where a machine has none", () => {
    for (const id of ["block-finalise", "share-admit", "tape-make", "tape-deliver"]) {
      const drawn = fc.sample(committeeWorlds(without(new Set([id]))), { seed: 1, numRuns: 20 });
      for (const { genesis, inputs } of drawn) {
        expect(genesis.committee).toBeUndefined();
        expect(inputs.filter(({ kind }) => kind === "finalise" || kind === "share")).toEqual([]);
      }
    }
  });

  test("are worlds in which the reference keeps every law of one trace", () => {
    const laws = properties.filter((property): property is WatchedLaw => "watch" in property && "otherwise" in property);
    expect(laws.length).toBeGreaterThan(25);
    for (const trace of traces) {
      const broken = judgeTogether(trace, laws).flatMap((verdict, at) =>
        verdict.kind === "fails" ? [`${laws[at]!.id}: ${verdict.because}`] : [],
      );
      expect(broken).toEqual([]);
    }
  });

  const chapter = clauses.filter(({ rule }) => ["block-finalise", "share-admit", "tape-make", "tape-deliver"].includes(rule));
  test.each([...chapter.map(clauseName), "restart.then.committee"])("show that %s is gone", (name) => {
    const mutant = createModel({ mutation: clauses.find((clause) => clauseName(clause) === name)! });
    const killed = worlds.some((world) => {
      try {
        return judgeTogether(led(mutant, world), ofCommittee).some(({ kind }) => kind === "fails");
      } catch {
        // A reference without the condition that a node is seated breaks down before it says anything.
        return name.endsWith(".when.seated");
      }
    });
    expect(killed).toBe(true);
  });
});
