/**
 * Full rounds, in the current scheduler: who had one, and how they are paid when the round is over. A canister owes
 * nothing from earlier rounds unless it has had an execution under way since then, and cannot end that one without a full round; so
 * only those that had one are looked at.
 */
import { hasWork } from "./tasks.ts";
import { before, charge, priorityOf, settlePriorities, type Priorities } from "./priorities.ts";
import type { Canister, Engine } from "./state.ts";

/**
 * After a turn, in which the canister had an execution under way since a round before this one, or not.
 * @rule full-round
 */
export const noteTurn = (engine: Engine, canister: Canister, isFirst: boolean, wasLong: boolean): void => {
  const hasFinished = wasLong && canister.restedIn === engine.height;
  if (isFirst || hasFinished || canister.execution !== null || !hasWork(canister)) note(engine, canister);
};

/**
 * In the first iteration: the idle ones before the first active one of those without an execution under way.
 * @rule full-idle
 */
export const noteIdle = (engine: Engine, priorities: Priorities, firstNew: Canister | null): void => {
  const { canisters, height } = engine;
  for (const index of before(priorities, firstNew === null ? null : firstNew.index)) {
    const canister = canisters[index]!;
    if (canister.longIn !== height && canister.suspendedIn !== height) note(engine, canister);
  }
};

/**
 * The end of a round: what was executed is paid, everybody gets what they get, and it is said.
 * @rule full-count
 * @rule start-charge
 * @rule rounds-charge
 */
export const settleRound = (engine: Engine, priorities: Priorities): void => {
  const { events, height } = engine;
  const full = engine.full.sort((left, right) => left.index - right.index);
  const rounds = full.map((canister) => due(canister, height));
  charge(
    priorities,
    full.map(({ index }) => index),
    rounds,
  );
  const { granted, decayed, shared } = settlePriorities(priorities);
  for (const canister of full) {
    const priority = BigInt(priorityOf(priorities, canister.index));
    events.push({ kind: "full-round", canister: canister.id, unpaid: canister.executedRounds, priority });
  }
  events.push({
    kind: "priorities-settled",
    charged: BigInt(priorities.charged),
    granted: BigInt(granted),
    decayed: BigInt(decayed),
    shared: BigInt(shared),
    total: BigInt(priorities.sum),
  });
  engine.full = [];
};

const note = (engine: Engine, canister: Canister): void => {
  if (canister.fullIn === engine.height) return;
  canister.fullIn = engine.height;
  engine.full.push(canister);
};

/** Counts a full round, and says how many whole rounds are to be paid now. */
const due = (canister: Canister, height: number): number => {
  const { execution, completedIn } = canister;
  const executed = ++canister.executedRounds;
  const started = execution !== null && execution.since === height ? 1 : 0;
  if (execution !== null && completedIn !== height) return started;
  canister.executedRounds = 0;
  return started + Math.max(executed - 1, 1);
};
