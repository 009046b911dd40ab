/** Every story is led through both machines: none of them is a tale, and none breaks a law. */
import { describe, expect, test } from "vitest";
import { drive, faultsOf, type Machine, type Trace } from "../../spec/index.ts";
import { impl } from "../../impl/index.ts";
import { model } from "../../model/index.ts";
import { firstDifference } from "../laws/comparison.ts";
import { properties } from "../catalogue.ts";
import { tales } from "./tales.ts";

const observations = ({ steps }: Trace): unknown => steps.map(({ observation }) => ({ ...observation, stateRoot: null }));
const differs = (machine: Machine, tale: Trace): string | null =>
  firstDifference(observations(drive(machine, tale.scenario) as Trace), observations(tale));

describe.each(Object.entries(tales))("the story %s", (_name, tale) => {
  test("begins in a world without faults", () => {
    expect(faultsOf(tale.scenario.genesis)).toEqual([]);
  });

  test("is what the reference does", () => {
    expect(differs(model, tale)).toBeNull();
  });

  test("is what the optimized machine does", () => {
    expect(differs(impl, tale)).toBeNull();
  });

  test("breaks no law", () => {
    const broken = properties.flatMap(({ id, judge }) => {
      const verdict = judge?.(tale);
      return verdict?.kind === "fails" ? [`${id}: ${verdict.because}`] : [];
    });
    expect(broken).toEqual([]);
  });
});
