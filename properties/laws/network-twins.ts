/**
 * What the network may do without being noticed. A message that is delivered again is not seen again; and the streams of
 * two subnets have nothing to do with each other, so it does not matter which is handed over first.
 */
import * as fc from "fast-check";
import type { Delivery, Move, Observation, Scenario, Slice, Step, Trace } from "../../spec/index.ts";
import { networkedWorlds } from "../arbitraries/busy.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { alone } from "../case.ts";
import { fails, holds, judgeBoth, vacuous, type Claim, type Property, type Verdict } from "../property.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { firstDifference } from "./comparison.ts";
import { farJammedWorlds } from "./deadlines-jams.ts";

interface Said extends Claim {
  readonly otherwise: string;
  readonly worlds: (vocabulary: Vocabulary) => fc.Arbitrary<Scenario>;
  /** What is delivered to a round of the first world, in the place of what was drawn; and to one of the second. */
  readonly first: Redelivering;
  readonly second: Redelivering;
  /** Whether the first world shows anything of it. */
  readonly shows: (trace: Trace) => boolean;
}

type Redelivering = (deliveries: readonly Delivery[]) => readonly Delivery[];

const networkTwins = ({ worlds, first, second, shows, otherwise, ...said }: Said): Property => ({
  ...said,
  kind: "law",
  cases: (vocabulary) => worlds(vocabulary).map((scenario) => alone(redelivered(scenario, first))),
  check: ({ case: { scenario }, drive }) =>
    judgeBoth(
      drive(scenario),
      drive(redelivered(scenario, second)),
      (mine, theirs) => parted(mine, theirs) ?? (shows(mine) ? holds : vacuous(otherwise)),
    ),
});

const redelivered = (scenario: Scenario, instead: Redelivering): Scenario => ({
  ...scenario,
  inputs: scenario.inputs.map((move): Move => (move.deliveries === undefined ? move : { ...move, deliveries: instead(move.deliveries) })),
});

/** Where two worlds part that were to be observed in the same way. */
const parted = (one: Trace, other: Trace): Verdict | null => {
  for (let at = 0; at < Math.max(one.steps.length, other.steps.length); at++) {
    const difference = firstDifference(told(one.steps[at]), told(other.steps[at]));
    if (difference !== null) return fails(at, `the two worlds part in ${difference}`);
  }
  return null;
};

/** What came of a step. Whoever hands over twice what is not let in is told so twice. */
const told = (step: Step | undefined): Observation | undefined =>
  step && { ...step.observation, events: step.observation.events.filter(({ kind }) => kind !== "slice-refused") };

/** The slices of each round that hold messages. */
const handedOver = ({ steps }: Trace): readonly (readonly Slice[])[] =>
  steps.map(({ input }) => (input.kind === "round" ? (input.slices ?? []).filter(({ messages }) => messages.length > 0) : []));

export const repeatsChangeNothing = networkTwins({
  id: "repeats-change-nothing",
  statement:
    "A network that delivers messages again, in the same round or later, is observed on no subnet: without the repeats every round is observed as it was, to the last field.",
  source: "facts/messages.md MSG-P3, MSG-P15, I3, RND-6",
  cites: ["slice-admit", "message-see", "stream-request", "stream-response", "refund-induct"],
  needs: ["networks"],
  otherwise: "nothing was delivered twice",
  worlds: (vocabulary) => fc.oneof(networkedWorlds(vocabulary), slowConsumerWorlds(vocabulary), farJammedWorlds(vocabulary)),
  first: (deliveries) =>
    deliveries.flatMap(({ from, count }) => [
      { from, count },
      { from, count, again: 1 + (count % 4) },
    ]),
  second: (deliveries) => deliveries.filter(({ again }) => again === undefined),
  shows: (trace) => handedOver(trace).some((slices) => new Set(slices.map(({ from }) => from)).size < slices.length),
});

export const streamsDoNotMeet = networkTwins({
  id: "streams-do-not-meet",
  statement: "The order in which a round is handed the slices of two subnets is not observed anywhere.",
  source: "facts/messages.md MSG-P14, RND-6; facts/scheduler.md SCH-P1",
  cites: ["slice-admit", "message-see"],
  needs: ["networks"],
  otherwise: "no round was handed messages of two subnets",
  worlds: (vocabulary) => {
    const worlds = fc.oneof(
      { arbitrary: networkedWorlds(vocabulary, { plant: ["fan", "crowd"] }), weight: 1 },
      { arbitrary: slowConsumerWorlds(vocabulary), weight: 4 },
    );
    return vocabulary.customs.has("networks") ? worlds.filter(({ others = [] }) => others.length > 1) : worlds;
  },
  first: (deliveries) => [...deliveries].sort((left, right) => left.from - right.from),
  second: (deliveries) => [...deliveries].sort((left, right) => right.from - left.from),
  shows: (trace) => handedOver(trace).some((slices) => new Set(slices.map(({ from }) => from)).size > 1),
});
