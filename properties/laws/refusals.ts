/**
 * What is refused at the door leaves nothing behind. A message of a user that is not let in was never seen, and an
 * inspection that lets one in has changed nothing: so a world without the refused messages, in which nobody inspects, is
 * the same world.
 */
import type * as fc from "fast-check";
import type { CanisterGenesis, Genesis, Module, Move, Scenario, Step, Trace } from "../../spec/index.ts";
import { inspectingWorlds } from "../arbitraries/focuses.ts";
import { alone, type Case } from "../case.ts";
import { fails, holds, readable, vacuous, type Property, type Verdict } from "../property.ts";
import { firstDifference } from "./comparison.ts";

export const refusalsChangeNothing: Property = {
  id: "refusals-change-nothing",
  statement:
    "A message that is refused at its submission costs nothing and leaves nothing: without all those messages, and without any inspection, everything else is observed as it was, to the last field.",
  source: "facts/messages.md MSG-P16, A1, A4, SEED-003-14; seed 003, spam",
  cites: ["ingress-submit", "ingress-inspect", "message-accept", "system-call"],
  kind: "law",
  cases: (vocabulary): fc.Arbitrary<Case> => inspectingWorlds(vocabulary).map(alone),
  check: ({ case: { scenario }, drive }) => {
    const judged = (one: Trace, other: Trace): Verdict => readable(() => compared(one, other));
    const one = drive(scenario);
    if (one instanceof Promise) return one.then(async (trace) => judged(trace, await drive(without(scenario, trace))));
    const other = drive(without(scenario, one));
    return other instanceof Promise ? other.then((trace) => judged(one, trace)) : judged(one, other);
  },
};

/** The same world without what was refused, and without inspections. */
const without = (scenario: Scenario, { steps }: Trace): Scenario => ({
  ...scenario,
  genesis: uninspected(scenario.genesis),
  ...(scenario.others && { others: scenario.others.map(uninspected) }),
  inputs: scenario.inputs.filter((_, at): _ is Move => !isRefused(steps[at])),
});

const uninspected = (genesis: Genesis): Genesis => ({
  ...genesis,
  ...(genesis.modules && { modules: genesis.modules.map(({ inspect: _, ...module }): Module => module) }),
  canisters: genesis.canisters.map(({ inspect: _, ...canister }): CanisterGenesis => canister),
});

const isRefused = (step: Step | undefined): boolean =>
  step?.input.kind === "ingress" && step.observation.events[0]?.kind === "ingress-refused";

const compared = (one: Trace, other: Trace): Verdict => {
  const kept = one.steps.map((step, at) => ({ step, at })).filter(({ step }) => !isRefused(step));
  for (let k = 0; k < Math.max(kept.length, other.steps.length); k++) {
    const difference = firstDifference(kept[k]?.step.observation, other.steps[k]?.observation);
    if (difference !== null)
      return fails(kept[k]?.at ?? null, `without the messages that were refused, and without inspections, this is another: ${difference}`);
  }
  const said = one.steps.filter(isRefused).length;
  return said > 0 ? holds : vacuous("no message was refused");
};
