/** To reserve more is never to get less. Two worlds show it, in one of which one canister reserved more and all else is the same. */
import * as fc from "fast-check";
import type { CanisterId, Scenario, Trace } from "../../spec/index.ts";
import { beatingWorlds } from "../arbitraries/beating.ts";
import { drawn } from "../arbitraries/dice.ts";
import { twinOf, type Case } from "../case.ts";
import { fails, holds, judgeBoth, vacuous, type Property, type Verdict } from "../property.ts";
import { absorb, anticipate } from "../tracking/absorb.ts";
import { openWorld } from "../tracking/world.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { fullRounds, isMembership, windowGuarantee } from "./fairness.ts";
import { allocationsAreKept } from "./promises.ts";

/** The number of rounds over which an allocation of so many percent is so many full rounds. */
const window = 100;
/** So many full rounds less are put down to where the window begins. */
const slack = 1;

export const moreAllocationIsNeverLess: Property = {
  id: "more-allocation-is-never-less",
  statement:
    "While all canisters have short work, a canister that reserved more, all else being the same, gets in any 100 rounds at most one full round less than in the same rounds of the other world; and all others still get what they reserved.",
  source: "facts/scheduler.md SCH-P17, SCH-P3",
  cites: [
    "schedule-plan",
    "schedule-order",
    "schedule-charge",
    "schedule-rank",
    "full-round",
    "rounds-charge",
    "allocation-grant",
    "free-share",
  ],
  needs: ["heartbeats"],
  kind: "law",
  cases: (vocabulary) => raisedCases(vocabulary),
  check: ({ case: tried, drive }) => {
    const { relation } = tried;
    if (relation.kind !== "allocation-raised") return vacuous("the two worlds are not related in the way that this law is about");
    const twin = twinOf(tried);
    const raised = ({ genesis }: Scenario) => genesis.canisters.find(({ id }) => id === relation.canister)?.computeAllocation ?? 0;
    if (raised(twin) === raised(tried.scenario)) return vacuous("nobody could reserve more");
    return judgeBoth(drive(tried.scenario), drive(twin), (less, more) => judged(less, more, relation.canister));
  },
};

const judged = (less: Trace, more: Trace, id: CanisterId): Verdict => {
  const [before, after] = [roundsOf(less, id), roundsOf(more, id)];
  let compared = false;
  for (let end = window; end <= Math.min(before.length, after.length); end++) {
    const [one, other] = [before.slice(end - window, end), after.slice(end - window, end)];
    if (![...one, ...other].every(({ busy }) => busy)) continue;
    compared = true;
    const [had, got] = [one, other].map((rounds) => rounds.filter(({ full }) => full).length) as [number, number];
    if (got + slack < had)
      return fails(other.at(-1)!.at, `${id} got ${had} full rounds of ${window}, and ${got} of the same rounds where it reserved more`);
  }
  if (!compared) return vacuous("not everybody had work for 100 rounds");
  const others = guarantee(more).judge(more);
  return others.kind === "fails" ? fails(others.at, `where ${id} reserved more: ${others.because}`) : holds;
};

const guarantee = ({ scenario: { genesis } }: Trace) => (genesis.parameters.scheduler === "current" ? allocationsAreKept : windowGuarantee);

interface Round {
  readonly at: number;
  /** Whether everybody had work when it began. */
  readonly busy: boolean;
  /** Whether the canister had a full round. */
  readonly full: boolean;
}

/** What each round was to a canister. Where others come or go, or reserve more, it is not one of which anything is said. */
const roundsOf = ({ scenario: { genesis }, steps }: Trace, id: CanisterId): readonly Round[] => {
  const world = openWorld(genesis);
  const current = genesis.parameters.scheduler === "current";
  const rounds: Round[] = [];
  let constant = true;
  steps.forEach((step, at) => {
    let marked = false;
    for (const event of step.observation.events) {
      anticipate(world, event, step);
      constant &&= !isMembership(event);
      marked ||= event.kind === "full-round" && event.canister === id;
      absorb(world, event, step);
      if (event.kind !== "round-ended" || world.round === null) continue;
      const busy = constant && world.round.iterations[0]?.active.length === genesis.canisters.length;
      rounds.push({ at, busy, full: current ? marked : fullRounds(world.round).has(id) });
    }
  });
  return rounds;
};

/** Somebody reserved a little or much more. */
const raisedCases = (vocabulary: Vocabulary): fc.Arbitrary<Case> =>
  fc
    .tuple(
      beatingWorlds(vocabulary, { roomy: true }),
      drawn((dice) => ({ at: dice.whole(0, 999), by: dice.pick([1, 1, 2, 5, 10, 20, 40, 100]) })),
    )
    .map(([scenario, { at, by }]): Case => {
      const { canisters } = scenario.genesis;
      return { scenario, relation: { kind: "allocation-raised", canister: canisters[at % canisters.length]!.id, by } };
    });
