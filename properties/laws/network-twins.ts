/**
 * What the network may do without being noticed. A message that is delivered again is not seen again; and the streams of
 * two subnets have nothing to do with each other, so it does not matter which is handed over first.
 */
import * as fc from "fast-check";
import type { Delivery, Move, RuleId, Scenario, Source, Trace } from "../../spec/index.ts";
import { networkedWorlds } from "../arbitraries/busy.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { alone } from "../case.ts";
import { fails, holds, readable, vacuous, type Property, type Verdict } from "../property.ts";
import { firstDifference } from "./comparison.ts";
import { farJammedWorlds } from "./deadlines-jams.ts";

interface Said {
  readonly id: string;
  readonly statement: string;
  readonly source: Source;
  readonly cites: readonly RuleId[];
  readonly otherwise: string;
  /** What is delivered to a round of the second world. */
  readonly instead: (deliveries: readonly Delivery[]) => readonly Delivery[];
  /** Whether the two worlds differ in something that was delivered. */
  readonly differs: (one: Trace, other: Trace) => boolean;
  /** Made for this law out of a world that was drawn. */
  readonly prepared: (scenario: Scenario) => Scenario;
}

const networkTwins = ({ instead, differs, prepared, otherwise, ...said }: Said): Property => ({
  ...said,
  kind: "law",
  cases: (vocabulary) =>
    fc
      .oneof(networkedWorlds(vocabulary), slowConsumerWorlds(vocabulary), farJammedWorlds(vocabulary))
      .map((scenario) => alone(prepared(scenario))),
  check: ({ case: { scenario }, drive }) => {
    const [one, other] = [drive(scenario), drive(redelivered(scenario, instead))];
    const judged = (first: Trace, second: Trace): Verdict =>
      readable(() => parted(first, second) ?? (differs(first, second) ? holds : vacuous(otherwise)));
    return one instanceof Promise || other instanceof Promise
      ? Promise.all([one, other]).then(([first, second]) => judged(first, second))
      : judged(one, other);
  },
});

const redelivered = (scenario: Scenario, instead: Said["instead"]): Scenario => ({
  ...scenario,
  inputs: scenario.inputs.map((move): Move => (move.deliveries === undefined ? move : { ...move, deliveries: instead(move.deliveries) })),
});

/** Where two worlds part that were to be observed in the same way. */
const parted = (one: Trace, other: Trace): Verdict | null => {
  for (let at = 0; at < Math.max(one.steps.length, other.steps.length); at++) {
    const difference = firstDifference(one.steps[at]?.observation, other.steps[at]?.observation);
    if (difference !== null) return fails(at, `the two worlds part in ${difference}`);
  }
  return null;
};

/** What was handed over in all, in the order of the rounds. */
const handedOver = ({ steps }: Trace): readonly (readonly [from: string, messages: number])[] =>
  steps.flatMap(({ input }) =>
    input.kind === "round" ? (input.slices ?? []).map(({ from, messages }): readonly [string, number] => [from, messages.length]) : [],
  );

const messagesIn = (trace: Trace): number => handedOver(trace).reduce((sum, [, messages]) => sum + messages, 0);

export const repeatsChangeNothing = networkTwins({
  id: "repeats-change-nothing",
  statement:
    "A network that delivers messages again is observed on no subnet: without the repeats every round is observed as it was, to the last field.",
  source: "facts/messages.md MSG-P3, MSG-P15, I3, RND-6",
  cites: ["slice-admit", "message-see", "stream-request", "stream-response", "refund-induct"],
  otherwise: "nothing was delivered twice",
  instead: (deliveries) => deliveries.map(({ from, count }) => ({ from, count })),
  differs: (one, other) => messagesIn(one) > messagesIn(other),
  // What arrived stays in its stream until its signals came back, which every second round forgets to carry.
  prepared: (scenario) =>
    redelivered(scenario, (deliveries) =>
      deliveries.map((delivery, k) => (delivery.again === undefined ? { ...delivery, again: 1 + (k % 4) } : delivery)),
    ),
});

export const streamsDoNotMeet = networkTwins({
  id: "streams-do-not-meet",
  statement: "The order in which a round is handed the slices of two subnets is not observed anywhere.",
  source: "facts/messages.md MSG-P14, RND-6; facts/scheduler.md SCH-P1",
  cites: ["slice-admit", "message-see"],
  otherwise: "no round was handed slices of two subnets",
  instead: (deliveries) => [...deliveries].sort((left, right) => right.from - left.from),
  differs: (one, other) => firstDifference(handedOver(one), handedOver(other)) !== null,
  prepared: (scenario) => redelivered(scenario, (deliveries) => [...deliveries].sort((left, right) => left.from - right.from)),
});
