/** Agreement: a machine makes exactly the observations of the reference. It is the sharpest of all properties, and says the least about why. */
import * as fc from "fast-check";
import { rules, type Observation, type Scenario, type Trace } from "../../spec/index.ts";
import { allWorlds } from "../arbitraries/focuses.ts";
import { committeeWorlds } from "../arbitraries/committees.ts";
import { scheduledWorlds } from "../arbitraries/scheduled.ts";
import { thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { fails, holds, judgeBoth, vacuous, type Property, type Verdict } from "../property.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { firstDifference } from "./comparison.ts";

export const agreesWithReference: Property = {
  id: "agrees-with-reference",
  statement: "Step by step, a machine makes the observations of the reference state machine, to the last field.",
  source: "facts/messages.md MSG-P1",
  cites: rules.map(({ id }) => id),
  kind: "agreement",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: allWorlds(vocabulary), weight: 6 },
        { arbitrary: scheduledWorlds(vocabulary), weight: 2 },
        { arbitrary: abortedWhenDearer(vocabulary), weight: 1 },
        { arbitrary: thriftyWorlds(vocabulary, { repriced: true, priced: true, meanwhile: "calls" }), weight: 1 },
        { arbitrary: committeeWorlds(vocabulary), weight: vocabulary.committee ? 1 : 0 },
      )
      .map(alone),
  check: ({ case: { scenario }, drive, reference }) => judgeBoth(drive(scenario), reference(scenario), compared),
};

/** Rare among all worlds: an execution that is aborted, and cannot pay when it starts again. */
const abortedWhenDearer = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  thriftyWorlds(vocabulary, { repriced: true, priced: true, long: true, meanwhile: "executions" });

const compared = (subject: Trace, expected: Trace): Verdict => {
  for (let at = 0; at < Math.max(subject.steps.length, expected.steps.length); at++) {
    const difference = parts(subject.steps[at]?.observation, expected.steps[at]?.observation);
    if (difference !== null) return fails(at, `${subject.machine} and ${expected.machine} part in ${difference}`);
  }
  return subject.steps.length === 0 ? vacuous("there was no input") : holds;
};

/** A root that a machine does not compute is not compared. */
const parts = (subject: Observation | undefined, expected: Observation | undefined): string | null => {
  if (subject?.stateRoot === null && expected !== undefined) return firstDifference(subject, { ...expected, stateRoot: null });
  return firstDifference(subject, expected);
};
