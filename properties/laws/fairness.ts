/**
 * Fairness: what a compute allocation promises. A full round is one in which a canister was first on its core, or left
 * nothing undone. Both laws hold exactly, without tolerance and from the first round on.
 */
import { sliceOf, type CanisterGenesis, type CanisterId, type Event, type Genesis, type RuleId } from "../../spec/index.ts";
import { saturatedWorlds } from "../arbitraries/saturated.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedRound } from "../tracking/world.ts";

const cites: readonly RuleId[] = ["schedule-plan", "schedule-order", "schedule-charge", "schedule-deal", "message-take"];

/** The number of rounds over which an allocation of so many percent is so many full rounds. */
const window = 100;

export const windowGuarantee = watchedLaw({
  id: "window-guarantee",
  statement:
    "In any 100 rounds in a row in which a canister has work, it gets at least as many full rounds as its compute allocation has percent.",
  source: "facts/scheduler.md SCH-P3, SCH-P6; seed 003, scheduler",
  cites,
  otherwise: "no canister with an allocation had work for 100 rounds",
  cases: (vocabulary) => saturatedWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const short = isShort(genesis);
    const books = genesis.canisters
      .filter(({ computeAllocation }) => computeAllocation > 0)
      .map((canister) => ({ canister, rounds: [] as boolean[] }));
    let guaranteed = false;
    let constant = true;
    return {
      onEvent: (event, { round }) => {
        constant &&= !isMembership(event);
        if (!short || !constant || event.kind !== "round-ended" || round === null || round.skipped) return undefined;
        const full = fullRounds(round);
        const active = new Set(round.iterations[0]?.active);
        for (const { canister, rounds } of books) {
          if (active.has(canister.id)) rounds.push(full.has(canister.id));
          else rounds.length = 0;
          if (rounds.length < window) continue;
          guaranteed = true;
          const complaint = shortOf(canister, rounds.slice(-window));
          if (complaint !== undefined) return complaint;
        }
        return undefined;
      },
      interested: () => guaranteed,
    };
  },
});

const shortOf = ({ id, computeAllocation }: CanisterGenesis, rounds: readonly boolean[]): Complaint => {
  const full = rounds.filter(Boolean).length;
  return full < computeAllocation
    ? `${id} has an allocation of ${computeAllocation}, had work in each of the last ${rounds.length} rounds, and got ${full} full rounds`
    : undefined;
};

/** What these laws are about: the published scheduler, and no message of more than a slice. The current one has laws of its own. */
const isShort = ({ parameters }: Genesis): boolean =>
  parameters.scheduler === "published" && sliceOf(parameters) === parameters.messageInstructionLimit;

/** Whether from now on other canisters share the cores, or share them in another way. */
export const isMembership = ({ kind }: Event): boolean =>
  kind === "canister-created" ||
  kind === "canister-deleted" ||
  kind === "conversion-settled" ||
  kind === "allocation-set" ||
  kind === "settings-updated" ||
  kind === "ran-dry";

/** The canisters that were first on their core, or emptied their queue. */
export const fullRounds = ({ iterations }: TrackedRound): ReadonlySet<CanisterId> => {
  const full = new Set<CanisterId>();
  const cores = new Set<number>();
  for (const { core, canister } of iterations[0]?.turns ?? []) {
    if (!cores.has(core)) full.add(canister);
    cores.add(core);
  }
  for (const { turns } of iterations) for (const { canister, drained } of turns) if (drained) full.add(canister);
  return full;
};

export const equalCanistersEqualRounds = watchedLaw({
  id: "equal-canisters-equal-rounds",
  statement:
    "While all canisters have work and every core is used up by one of them, two canisters with the same compute allocation differ by at most one full round, however long that lasts.",
  source: "facts/scheduler.md SCH-P5",
  cites,
  otherwise: "no two canisters with the same allocation had work for ten rounds",
  cases: (vocabulary) => saturatedWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const short = isShort(genesis);
    const pairs = pairsOf(genesis);
    let compared = false;
    let constant = true;
    return {
      onEvent: (event, { round }) => {
        constant &&= !isMembership(event);
        if (!short || !constant || event.kind !== "round-ended" || round === null || round.skipped) return undefined;
        const active = new Set(isSaturated(round, genesis.canisters.length) ? round.iterations[0]?.active : []);
        const full = fullRounds(round);
        for (const pair of pairs) {
          if (!active.has(pair.left) || !active.has(pair.right)) {
            Object.assign(pair, { rounds: 0, lead: 0, least: 0, most: 0 });
            continue;
          }
          pair.rounds++;
          pair.lead += Number(full.has(pair.left)) - Number(full.has(pair.right));
          pair.least = Math.min(pair.least, pair.lead);
          pair.most = Math.max(pair.most, pair.lead);
          compared ||= pair.rounds >= 10;
          if (pair.most - pair.least > 1)
            return `${pair.left} and ${pair.right} have the same allocation and had work in the last ${pair.rounds} rounds, but among these one got ${pair.most - pair.least} full rounds more than the other`;
        }
        return undefined;
      },
      interested: () => compared,
    };
  },
});

/** Two equal canisters, and by how many full rounds the left one leads since both have work. */
interface Pair {
  readonly left: CanisterId;
  readonly right: CanisterId;
  rounds: number;
  lead: number;
  least: number;
  most: number;
}

export const pairsOf = ({ canisters }: Genesis): readonly Pair[] =>
  canisters.flatMap((left, at) =>
    canisters
      .slice(at + 1)
      .filter(({ computeAllocation }) => computeAllocation === left.computeAllocation)
      .map((right): Pair => ({ left: left.id, right: right.id, rounds: 0, lead: 0, least: 0, most: 0 })),
  );

/**
 * Whether every canister had work, and whoever was first on a core used it up. Then a full round is what priorities gave,
 * and nothing else: an idle canister would leave its turn, unpaid, to whoever is next.
 */
export const isSaturated = ({ iterations: [only, ...more] }: TrackedRound, canisters: number): boolean =>
  only !== undefined &&
  more.length === 0 &&
  only.active.length === canisters &&
  new Set(only.turns.map(({ core }) => core)).size === only.turns.length;
