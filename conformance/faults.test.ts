/** Named faults are found, and what is not wrong is not. */
import { describe, expect, test } from "vitest";
import { createModel, faults, type Fault } from "../model/index.ts";
import { clauseName, clauses, drive } from "../spec/index.ts";
import { properties, type Property } from "../properties/index.ts";
import { huntFaults, mergeFaults } from "./faults.ts";
import { schemas } from "./schemas/index.ts";
import { conversation } from "./testing/worlds.ts";

const named = (...ids: readonly string[]): readonly Fault[] => faults.filter(({ id }) => ids.includes(id));
const laws = (...ids: readonly string[]): readonly Property[] => properties.filter(({ id }) => ids.includes(id));

describe("every fault", () => {
  test("has a name of its own, a source, and a clause that it reads otherwise", () => {
    expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
    const known = new Set(clauses.map(clauseName));
    for (const { id, source, sentence, replacement } of faults) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(source).toMatch(/^facts\/(scheduler.md SCH-M[0-9]+|cycles.md CYC-[0-9].*)$/);
      expect(sentence).toMatch(/^[A-Z].*[.]$/);
      expect(known.has(clauseName(replacement.clause))).toBe(true);
    }
  });
  test("there is one at least for each mutation hint of the fact sheet on scheduling", () => {
    const hints = new Set(faults.flatMap(({ source }) => /SCH-M([0-9]+)$/.exec(source)?.[1] ?? []));
    expect([...hints].map(Number).sort((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe("a hunt", () => {
  test("finds faults by a law and makes the case small", async () => {
    const hunted = named("ties-go-to-the-greater-id", "allocations-are-credited-twice");
    const judges = laws("turns-are-dealt", "priorities-order-the-round", "agrees-with-reference");
    const report = await huntFaults({ faults: hunted, seeds: [3], milliseconds: 30_000, properties: judges, shrinking: 3_000 });
    for (const { hunts } of report.faults) {
      expect(hunts).toMatchObject([{ seed: 3, first: {}, byLaw: { property: expect.not.stringContaining("agrees") as string } }]);
      expect(hunts[0]!.shrunk!.inputs).toBeLessThan(hunts[0]!.byLaw!.inputs + 1);
    }
    expect(schemas["report-faults"].parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  }, 60_000);
  test("says so when nobody who looks on can see the fault", async () => {
    const hunted = named("ties-go-to-the-greater-id");
    const report = await huntFaults({ faults: hunted, seeds: [1], milliseconds: 1_500, properties: laws("cycles-conserved") });
    expect(report.faults[0]!.hunts).toMatchObject([{ seed: 1, first: null, byLaw: null, shrunk: null }]);
  }, 30_000);
  test("of several seeds is put together from reports on some of them", async () => {
    const hunted = named("ties-go-to-the-greater-id");
    const one = await huntFaults({ faults: hunted, seeds: [], milliseconds: 1 });
    const hunt = { seed: 2, first: null, byLaw: null, shrunk: null, cases: 0, milliseconds: 0 };
    const other = { ...one, faults: one.faults.map((fault) => ({ ...fault, hunts: [{ ...hunt, seed: 9 }, hunt] })) };
    expect(mergeFaults([one, other]).faults[0]!.hunts.map(({ seed }) => seed)).toEqual([2, 9]);
  });
});

test("a fault that does not show in a world leaves it as it is", () => {
  const expected = drive(createModel(), conversation);
  const ofScheduling = faults.filter(({ source }) => source.startsWith("facts/scheduler.md"));
  for (const { replacement } of ofScheduling) expect(drive(createModel({ replacement }), conversation)).toEqual(expected);
});
