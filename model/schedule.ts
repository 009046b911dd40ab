/** The order of a round, and what its canisters pay and get when it is over: either scheduler, phase by phase. */
import { byId, type CanisterId, type Event } from "../spec/index.ts";
import { decayDebits, makeCheckpoint } from "./rules/limits.ts";
import {
  allotCores,
  chargeRounds,
  chargeStart,
  countRound,
  decayPriorities,
  grantAllocations,
  rank,
  resetPriorities,
  shareFree,
  totalPriority,
} from "./rules/priorities.ts";
import { charge, order, plan as planPublished, ranked } from "./rules/scheduling.ts";
import { abortExcess } from "./slices.ts";
import { canisterOf, inOrder, tell } from "./reading.ts";
import type { State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** Orders the canisters of a round. As published, the charge of a round shows in the order of the next. */
export const plan = (fire: Fire, before: State): State => {
  const reset = fire(resetPriorities, before, {}).state;
  if (before.parameters.scheduler === "current") return fire(allotCores, orderAgain(fire, reset), {}).state;
  const planned = fire(planPublished, reset, {});
  const ordered = orderAgain(fire, planned.state);
  return planned.applied ? fire(charge, ordered, { first: ranked(ordered).slice(0, before.parameters.cores) }).state : ordered;
};

/** The order by the priorities of now. */
export const orderAgain = (fire: Fire, before: State): State =>
  before.parameters.scheduler === "current" ? fire(rank, before, {}).state : fire(order, before, {}).state;

/** Settles the priorities of a round, and forgives debits. `planned` is the state when its iterations began. */
export const settleRound = (fire: Fire, before: State, planned: State): State => {
  if (before.parameters.scheduler === "published") return fire(decayDebits, before, {}).state;
  const full = [...before.round.full].sort(byId);
  const counted = full.reduce((state, canister) => fire(countRound, state, { canister }).state, before);
  const started = full.reduce((state, canister) => fire(chargeStart, state, { canister }).state, counted);
  const charged = inOrder(started).reduce((state, { id }) => fire(chargeRounds, state, { canister: id }).state, started);
  const forgiven = fire(decayDebits, charged, {}).state;
  const granted = fire(grantAllocations, forgiven, {}).state;
  const decayed = fire(decayPriorities, granted, {}).state;
  const shared = fire(shareFree, decayed, {}).state;
  const gained = (from: State, to: State): bigint => totalPriority(to) - totalPriority(from);
  const told = tell(shared, ...full.map((canister) => fullEvent(shared, canister)), {
    kind: "priorities-settled",
    charged: -gained(planned, charged),
    granted: gained(charged, granted),
    decayed: gained(granted, decayed),
    shared: gained(decayed, shared),
    total: totalPriority(shared),
  });
  return orderAgain(fire, told);
};

/** Makes the checkpoint, when there is one, and aborts what does not stay paused. */
export const keepPaused = (fire: Fire, before: State, checkpoint: boolean): State => {
  const keeping: State = { ...before, round: { ...before.round, keeps: before.parameters.maxPausedExecutions } };
  const kept = checkpoint ? fire(makeCheckpoint, keeping, {}).state : keeping;
  return abortExcess(fire, kept, ranked(kept));
};

const fullEvent = (state: State, canister: CanisterId): Event => {
  const { executedRounds: unpaid, accumulatedPriority: priority } = canisterOf(state, canister);
  return { kind: "full-round", canister, unpaid, priority };
};
