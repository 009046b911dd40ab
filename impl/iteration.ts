/**
 * An iteration: each core takes the canisters that were dealt to it, one after another, and each canister keeps its core until it
 * has nothing more to do or the core has nothing more to give.
 *
 * A core sees the canisters dealt to it and nothing that another core does. Its events are its own until the iteration is over;
 * what else it leaves does not tell the cores apart: queues belong to its canisters, each ingress message is answered by one
 * canister, totals are sums, shares are its own, the lists of active, sending, answered, indebted and full canisters are
 * sorted or summed when they are read, and it does not matter in which order digests go.
 */
import { instructions, type Event } from "../spec/index.ts";
import { executeNext } from "./execute.ts";
import { noteTurn } from "./full.ts";
import { hasInput } from "./inputs.ts";
import type { Canister, Engine } from "./state.ts";
import { hasWork } from "./tasks.ts";
import { resume } from "./under-way.ts";
import { freeMemory, memorySeen } from "./usage.ts";

/** What an iteration did to the round. */
export interface Spent {
  /** The most that one core used. @unit instructions */
  readonly most: number;
  /** What all cores changed. @unit bytes */
  readonly changed: number;
  /** Whether an execution used an instruction. */
  readonly isBusy: boolean;
}

/**
 * Runs every core in the order that was asked for.
 * @rule cores-share
 */
export const runIteration = (
  engine: Engine,
  hands: readonly (readonly Canister[])[],
  iteration: number,
  counter: number,
  order: readonly number[],
): Spent => {
  const { events, totals, genesis, core } = engine;
  const share = Math.floor(freeMemory(engine) / order.length);
  const callbacks = Math.max(0, genesis.parameters.callbackLimit - totals.callbacks);
  const storage = memorySeen(engine, order.length);
  const byCore: Event[][] = order.map(() => []);
  let most = 0;
  let changed = 0;
  core.isBusy = false;
  for (const number of order) {
    engine.events = byCore[number]!;
    core.left = counter;
    core.heapDelta = 0;
    core.share = share;
    core.callbacks = callbacks;
    core.storage = storage;
    runCore(engine, hands[number]!, number, iteration);
    most = Math.max(most, counter - core.left);
    changed += core.heapDelta;
  }
  engine.events = events;
  for (const ofCore of byCore) for (const event of ofCore) events.push(event);
  return { most, changed, isBusy: core.isBusy };
};

/** Whether the canister would take a turn now. */
export const isActiveNow = (engine: Engine, canister: Canister): boolean =>
  canister.suspendedIn !== engine.height && canGoOn(engine, canister);

const canGoOn = ({ height }: Engine, canister: Canister): boolean =>
  canister.execution !== null || (canister.restedIn !== height && hasWork(canister));

/** The first canister always gets its turn: the counter is at least one, and nothing changed yet. */
const runCore = (engine: Engine, hand: readonly Canister[], number: number, iteration: number): void => {
  for (let place = 0; place < hand.length && hasRoom(engine); place++) runTurn(engine, hand[place]!, number, iteration, place === 0);
};

const hasRoom = ({ core, genesis }: Engine): boolean => core.left >= 1 && core.heapDelta < genesis.parameters.heapDeltaIterationLimit;

/**
 * @rule core-spend
 * @rule turn-end
 */
const runTurn = (engine: Engine, canister: Canister, number: number, iteration: number, isFirst: boolean): void => {
  const { core, genesis, events, height, scheduler } = engine;
  const { messageOverhead, canisterOverhead } = genesis.parameters;
  const { left } = core;
  const wasLong = canister.execution !== null && canister.execution.since < height;
  let isBusy = false;
  events.push({ kind: "turn-began", iteration, core: number, canister: canister.id });
  while (hasRoom(engine) && canGoOn(engine, canister)) {
    const used = canister.execution === null ? executeNext(engine, canister) : resume(engine, canister);
    if (used > 0) isBusy = true;
    core.left -= used + messageOverhead;
    if (canister.execution === null) canister.completedIn = height;
  }
  if (isBusy) {
    core.left -= canisterOverhead;
    core.isBusy = true;
  }
  events.push({
    kind: "turn-ended",
    iteration,
    core: number,
    canister: canister.id,
    instructions: instructions(left - core.left),
    drained: !hasInput(canister),
  });
  if (scheduler.kind === "current") noteTurn(engine, canister, isFirst && iteration === 1, wasLong);
};
