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
import { interrogated } from "../arbitraries/interrogated.ts";
import { allottedWorld, codedWorld } from "../arbitraries/coded.ts";
import { managedWorld } from "../arbitraries/managed.ts";
import { outcallWorld } from "../arbitraries/outcalls.ts";
import { queryWorld } from "../arbitraries/queries.ts";
import { twinOf, type Case, type Relation } from "../case.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { fails, holds, judgeBoth, vacuous, type Claim, type Property, type Verdict } from "../property.ts";
import { firstDifference } from "./comparison.ts";

interface TwinLaw extends Claim {
  readonly kind: Relation["kind"];
  readonly focus?: Focus;
  relate(dice: Dice, inputs: number): Relation;
  /** Worlds that are drawn before any others, in so many of a hundred cases. */
  readonly chapter?: readonly [chance: number, draw: (dice: Dice, vocabulary: Vocabulary) => Scenario];
  /** What is done to all other worlds. */
  dress?(dice: Dice, vocabulary: Vocabulary, scenario: Scenario): Scenario;
  /** What one of the worlds shows by itself. */
  marked?(one: Trace): Verdict | null;
  /** Whether a step of the one world is not compared. */
  exempt?(step: Step): boolean;
  /** Why two worlds say nothing of this law, if they do not. */
  silent(one: Trace, other: Trace): string | null;
}

const twinLaw = ({
  relate,
  silent,
  focus,
  kind,
  chapter,
  dress,
  exempt = () => false,
  marked = () => null,
  ...said
}: TwinLaw): Property => ({
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
        const dressed = (world: Scenario): Scenario => dress?.(dice, vocabulary, world) ?? world;
        const scenario = chapter !== undefined && dice.chance(chapter[0]) ? chapter[1](dice, vocabulary) : dressed(drawWorld());
        return { scenario, relation: relate(dice, scenario.inputs.length) };
      },
      function* ({ scenario, relation }) {
        for (const smaller of withFewerInputs(scenario)) yield { scenario: smaller, relation };
      },
    ),
  check: ({ case: tried, drive }) => {
    if (tried.relation.kind !== kind) return vacuous("the two worlds are not related in the way that this law is about");
    return judgeBoth(
      drive(tried.scenario),
      drive(twinOf(tried)),
      (one, other) => marked(one) ?? compared(one, other, kind, exempt, silent(one, other)),
    );
  },
});

const compared = (one: Trace, other: Trace, kind: Relation["kind"], exempt: (step: Step) => boolean, silence: string | null): Verdict => {
  const [mine, theirs] = [steps(one, kind), steps(other, kind)];
  for (let at = 0; at < Math.max(mine.length, theirs.length); at++) {
    const step = mine[at]?.step;
    if (step !== undefined && exempt(step)) continue;
    const difference = firstDifference(mine[at]?.step.observation, theirs[at]?.step.observation);
    if (difference !== null) return fails(mine[at]?.at ?? null, `the two worlds part in ${difference}`);
  }
  return silence === null ? holds : vacuous(silence);
};

/** The steps that both worlds have: all but restarts, of which one world may have more, and the queries that one does not have. */
const steps = ({ steps: all }: Trace, kind: Relation["kind"]): readonly { readonly step: Step; readonly at: number }[] => {
  const alone = kind === "queries-dropped" ? "query" : "restart";
  return all.map((step, at) => ({ step, at })).filter(({ step }) => step.input.kind !== alone);
};

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

/** Budgets are forgotten, and nothing else: with more of its budget used, a canister turns users away. */
const isTurnedAway = ({ observation: { events } }: Step): boolean => events[0]?.kind === "query-refused" && events[0].error === "CN0021";

export const restartIsInvisible = twinLaw({
  id: "restart-is-invisible",
  statement:
    "A machine that writes its state out and reads it back, at any moment, goes on as if it had not; but a query that found no budget may then find some.",
  source: "facts/messages.md MSG-P14, MSG-M14c, MSG-6.4; facts/scheduler.md SCH-P1, SCH-7.16",
  cites: ["restart"],
  kind: "restarted",
  focus: { always: ["call", "write", "set-timer"], plant: ["throwDice", "alarm", "pay", "crowd"], customs: ["heartbeats", "hooks"] },
  relate: (dice, inputs) => ({
    kind: "restarted",
    before: dice.chance(50) ? Array.from({ length: inputs }, (_, at) => at) : dice.times(1, 4, () => dice.whole(0, inputs - 1)),
  }),
  chapter: [20, (dice, vocabulary) => dice.pick([queryWorld, managedWorld, codedWorld, allottedWorld, outcallWorld])(dice, vocabulary)],
  exempt: isTurnedAway,
  silent: (one, other) => idle(one) ?? (other.steps.length > one.steps.length ? null : "no restart was added"),
});

export const insertionOrderIsInvisible = twinLaw({
  id: "insertion-order-is-invisible",
  statement: "The order in which a genesis lists its canisters, and the code that can be installed, is not observed anywhere.",
  source: "facts/messages.md MSG-P14, MSG-M14a; facts/scheduler.md SCH-P1, SCH-M2",
  cites: ["schedule-order", "schedule-deal", "request-induct", "message-stream", "tasks-choose"],
  kind: "reordered",
  focus: { crowded: true },
  relate: (dice) => ({ kind: "reordered", keys: dice.chance(60) ? [6, 5, 4, 3, 2, 1] : dice.shuffle([1, 2, 3, 4, 5, 6]) }),
  chapter: [6, (dice, vocabulary) => codedWorld(dice, vocabulary)],
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

export const queriesChangeNothing = twinLaw({
  id: "queries-change-nothing",
  statement:
    "A query moves no cycles, draws no randomness and leaves the state root as it was; and a world in which nobody asks anything between rounds is observed as it would be with all the questions, to the last field.",
  source: "facts/messages.md D3, MSG-6.1, MSG-P16, X12; seed 000, query calls",
  cites: ["query-end", "query-open", "query-resume", "query-nest", "memory-grow", "system-call"],
  needs: ["queries"],
  kind: "queries-dropped",
  chapter: [60, queryWorld],
  dress: interrogated,
  relate: () => ({ kind: "queries-dropped" }),
  marked: (one) => markedStep(one),
  silent: (one) => (one.steps.some(({ observation }) => observation.events[0]?.kind === "query-answered") ? null : "nobody was answered"),
});

/** The first query that left something behind in what is observed of it. */
const markedStep = ({ steps: all }: Trace): Verdict | null => {
  const before = new Map<number, Observation>();
  for (const [at, { subnet = 0, input, observation }] of all.entries()) {
    const { ledger, stateRoot, draws, events } = observation;
    const earlier = before.get(subnet);
    before.set(subnet, observation);
    if (input.kind !== "query") continue;
    if (events.length !== 1 || draws.length > 0) return fails(at, `a query made ${events.length} events and ${draws.length} draws`);
    if (earlier === undefined) continue;
    const difference = firstDifference({ ledger, stateRoot }, { ledger: earlier.ledger, stateRoot: earlier.stateRoot });
    if (difference !== null) return fails(at, `a query left something behind: ${difference}`);
  }
  return null;
};
