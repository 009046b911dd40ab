/**
 * Determinism: the same inputs make the same observations, whatever a machine is made of. Each of these laws drives two
 * worlds that differ in something without meaning, and compares all that came out, to the last field.
 */
import type * as fc from "fast-check";
import type { Observation, Scenario, Step, Trace } from "../../spec/index.ts";
import { busyWorld, networkedWorld, withFewerInputs } from "../arbitraries/busy.ts";
import { chargedWorld } from "../arbitraries/charged.ts";
import { scheduledWorld } from "../arbitraries/scheduled.ts";
import type { Focus } from "../arbitraries/focus.ts";
import { thriftyWorld } from "../arbitraries/thrifty.ts";
import { drawn, type Dice } from "../arbitraries/dice.ts";
import { twinOf, type Case, type Relation } from "../case.ts";
import { fails, holds, judgeBoth, vacuous, type Claim, type Property, type Verdict } from "../property.ts";
import { firstDifference } from "./comparison.ts";

interface TwinLaw extends Claim {
  readonly kind: Relation["kind"];
  readonly focus?: Focus;
  relate(dice: Dice, inputs: number): Relation;
  /** Why two worlds say nothing of this law, if they do not. */
  silent(one: Trace, other: Trace): string | null;
}

const twinLaw = ({ relate, silent, focus, kind, ...said }: TwinLaw): Property => ({
  ...said,
  kind: "law",
  cases: (vocabulary): fc.Arbitrary<Case> =>
    drawn(
      (dice) => {
        const drawWorld = dice.weigh<() => Scenario>([
          [28, () => scheduledWorld(dice, vocabulary, {})],
          [12, () => chargedWorld(dice, vocabulary)],
          [10, () => thriftyWorld(dice, vocabulary, {})],
          [36, () => busyWorld(dice, vocabulary, focus)],
          [24, () => networkedWorld(dice, vocabulary, focus)],
        ]);
        const scenario = drawWorld();
        return { scenario, relation: relate(dice, scenario.inputs.length) };
      },
      function* ({ scenario, relation }) {
        for (const smaller of withFewerInputs(scenario)) yield { scenario: smaller, relation };
      },
    ),
  check: ({ case: tried, drive }) => {
    if (tried.relation.kind !== kind) return vacuous("the two worlds are not related in the way that this law is about");
    return judgeBoth(drive(tried.scenario), drive(twinOf(tried)), (one, other) => compared(one, other, silent(one, other)));
  },
});

const compared = (one: Trace, other: Trace, silence: string | null): Verdict => {
  const [mine, theirs] = [steps(one), steps(other)];
  for (let at = 0; at < Math.max(mine.length, theirs.length); at++) {
    const difference = firstDifference(mine[at]?.step.observation, theirs[at]?.step.observation);
    if (difference !== null) return fails(mine[at]?.at ?? null, `the two worlds part in ${difference}`);
  }
  return silence === null ? holds : vacuous(silence);
};

/** The steps that both worlds have: all but restarts, of which one world may have more. */
const steps = ({ steps: all }: Trace): readonly { readonly step: Step; readonly at: number }[] =>
  all.map((step, at) => ({ step, at })).filter(({ step }) => step.input.kind !== "restart");

const executions = ({ steps: all }: Trace): number => {
  const count = (observation: Observation): number => observation.events.filter(({ kind }) => kind === "executed").length;
  return all.reduce((sum, { observation }) => sum + count(observation), 0);
};

const idle = (trace: Trace): string | null => (executions(trace) === 0 ? "nothing was executed" : null);

export const rerunAgrees = twinLaw({
  id: "rerun-agrees",
  statement: "The same scenario, driven again from the start, is observed in the same way.",
  source: "facts/scheduler.md SCH-P1; facts/messages.md MSG-P14; seed 003, deterministic execution",
  cites: ["round-begin", "randomness-answer", "schedule-order", "message-stream", "input-take", "tasks-choose"],
  kind: "rerun",
  relate: () => ({ kind: "rerun" }),
  silent: idle,
});

export const restartIsInvisible = twinLaw({
  id: "restart-is-invisible",
  statement: "A machine that writes its state out and reads it back, at any moment, goes on as if it had not.",
  source: "facts/messages.md MSG-P14, MSG-M14c; facts/scheduler.md SCH-P1, SCH-7.16",
  cites: ["restart"],
  kind: "restarted",
  focus: { always: ["call", "write", "set-timer"], plant: ["throwDice", "alarm", "pay", "crowd"], customs: ["heartbeats", "hooks"] },
  relate: (dice, inputs) => ({
    kind: "restarted",
    before: dice.chance(50) ? Array.from({ length: inputs }, (_, at) => at) : dice.times(1, 4, () => dice.whole(0, inputs - 1)),
  }),
  silent: (one, other) => idle(one) ?? (other.steps.length > one.steps.length ? null : "no restart was added"),
});

export const insertionOrderIsInvisible = twinLaw({
  id: "insertion-order-is-invisible",
  statement: "The order in which a genesis lists its canisters is not observed anywhere.",
  source: "facts/messages.md MSG-P14, MSG-M14a; facts/scheduler.md SCH-P1, SCH-M2",
  cites: ["schedule-order", "schedule-deal", "request-induct", "message-stream", "tasks-choose"],
  kind: "reordered",
  focus: { crowded: true },
  relate: (dice) => ({ kind: "reordered", keys: dice.chance(60) ? [6, 5, 4, 3, 2, 1] : dice.shuffle([1, 2, 3, 4, 5, 6]) }),
  silent: (one, other) =>
    idle(one) ??
    (firstDifference(
      one.scenario.genesis.canisters.map(({ id }) => id),
      other.scenario.genesis.canisters.map(({ id }) => id),
    ) === null
      ? "the canisters are listed in the same order"
      : null),
});

export const coreOrderIsInvisible = twinLaw({
  id: "core-order-is-invisible",
  statement:
    "The order in which cores run one after another is not observed: whatever runs on one core sees nothing of what runs on another.",
  source: "facts/scheduler.md SCH-P1, SCH-R7h",
  cites: ["schedule-deal", "iteration-end", "request-induct"],
  kind: "cores-permuted",
  focus: { crowded: true, network: (network, dice) => ({ ...network, cores: dice.whole(2, 4) }) },
  relate: (dice) => ({ kind: "cores-permuted", coreOrder: dice.chance(50) ? [3, 2, 1, 0] : dice.shuffle([0, 1, 2, 3]) }),
  silent: (one) => idle(one) ?? (usesCores(one) ? null : "no iteration used two cores"),
});

const usesCores = ({ steps: all }: Trace): boolean =>
  all.some(({ observation }) => observation.events.some((event) => event.kind === "turn-began" && event.core > 0));
