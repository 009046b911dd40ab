/**
 * Slices cost nothing. However a message is cut, paused, aborted and begun again, on however many cores, and whatever is paid to
 * its canister meanwhile: each canister ends with the balance of the world in which nothing is cut, to the cycle.
 */
import * as fc from "fast-check";
import type { CanisterId, Trace } from "../../spec/index.ts";
import { drawn } from "../arbitraries/dice.ts";
import { scheduledWorlds } from "../arbitraries/scheduled.ts";
import { twinOf, type Case } from "../case.ts";
import { fails, holds, judgeBoth, vacuous, type Property, type Verdict } from "../property.ts";
import { absorb, anticipate } from "../tracking/absorb.ts";
import { openWorld } from "../tracking/world.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { firstDifference } from "./comparison.ts";

export const slicesCostNothing: Property = {
  id: "slices-cost-nothing",
  statement:
    "Where nobody looks at the time, at a balance or at others, and everybody can pay, each canister ends with the balance that it has where nothing is sliced, on more cores: whatever was paused, aborted and begun again, and whatever it was given meanwhile; and each of its messages ended as it does there, after as many instructions, for the same charge.",
  source: "facts/cycles.md CYC-P5, CYC-8b.6; facts/scheduler.md SCH-P15",
  cites: [
    "execution-pause",
    "execution-resume",
    "execution-hold",
    "execution-finish",
    "execution-abort",
    "execution-settle",
    "ingress-postpone",
    "checkpoint",
    "top-up",
  ],
  needs: ["slices"],
  kind: "law",
  cases: (vocabulary) => slicedCases(vocabulary),
  check: ({ case: tried, drive }) => {
    if (tried.relation.kind !== "unsliced") return vacuous("the two worlds are not related in the way that this law is about");
    return judgeBoth(drive(tried.scenario), drive(twinOf(tried)), judged);
  },
};

const judged = (sliced: Trace, whole: Trace): Verdict => {
  const [mine, theirs] = [endOf(sliced), endOf(whole)];
  if (!mine.paid) return vacuous("nobody paid for anything that was executed in slices");
  if (mine.open > 0 || theirs.open > 0) return vacuous("not everything was over in the end");
  const difference = firstDifference(mine.canisters, theirs.canisters);
  return difference === null ? holds : fails(sliced.steps.length - 1, `in the end, the sliced world and the other part in ${difference}`);
};

interface End {
  /** Whether something that was executed in slices cost anything. */
  paid: boolean;
  /** Messages of users that nobody answered. */
  readonly open: number;
  readonly canisters: Readonly<Record<CanisterId, object>>;
}

/** What each canister has when all is over, and what its messages came to, one after the other. */
const endOf = ({ scenario: { genesis }, steps }: Trace): End => {
  const world = openWorld(genesis);
  const messages = new Map<CanisterId, object[]>();
  let paid = false;
  for (const step of steps)
    for (const event of step.observation.events) {
      anticipate(world, event, step);
      if (event.kind === "executed") {
        const { canister, cause, trap, instructions, charged } = event;
        paid ||= charged > 0n && world.canisters.get(canister)?.execution != null;
        messages.set(canister, [...(messages.get(canister) ?? []), { cause, trap, instructions, charged }]);
      }
      absorb(world, event, step);
    }
  const open = [...world.ingress.values()].filter(({ status }) => status === "received" || status === "processing").length;
  const ends = [...world.canisters.values()].map(({ id, balance, reserved }) => {
    return [id, { balance, reserved, messages: messages.get(id) ?? [] }] as const;
  });
  return { paid, open, canisters: Object.fromEntries(ends) };
};

/** Worlds in which everything costs something, and is over in the end; the second one has some cores more. */
const slicedCases = (vocabulary: Vocabulary): fc.Arbitrary<Case> =>
  fc
    .tuple(
      fc.oneof(scheduledWorlds(vocabulary, { ...calm, aborting: true }), scheduledWorlds(vocabulary, calm)),
      drawn((dice) => dice.whole(0, 3)),
    )
    .map(([scenario, more]): Case => ({
      scenario,
      relation: { kind: "unsliced", ...(more > 0 && { cores: scenario.genesis.parameters.cores + more }) },
    }));

const calm = { long: true, heap: false, members: false, calm: true, priced: true, rounds: [3, 8] } as const;
