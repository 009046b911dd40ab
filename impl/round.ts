/**
 * A round: deadlines pass, streams and the block's messages come in, tasks are given out, the canisters are ordered, iterations
 * run until the work or the instructions are used up, and what is left goes into streams. Nothing here walks all canisters:
 * each step visits the ones that have something in it.
 */
import { height, instructions, nanoseconds, type Input } from "../spec/index.ts";
import { chargeResources } from "./charges.ts";
import { collectMail } from "./collect.ts";
import { undelivered } from "./committee/tape.ts";
import { expire } from "./deadlines.ts";
import { noteIdle, settleRound } from "./full.ts";
import { generatorOf } from "./generator.ts";
import { forgetAnswers, pruneHistory } from "./history.ts";
import { induct } from "./induct.ts";
import { inductIngress } from "./ingress.ts";
import { isActiveNow, runIteration } from "./iteration.ts";
import { forgiveDebits, hasHeapRoom, suspend } from "./limits.ts";
import { executeManagement } from "./management.ts";
import { reschedule } from "./membership.ts";
import { comparisonOf, deal, planRound, type Plan } from "./order.ts";
import { drawNonces, takeAnswers } from "./outcalls.ts";
import { streamOut } from "./outgoing.ts";
import { answerRandomness } from "./randomness.ts";
import { pay } from "./schedule.ts";
import { shed } from "./shedding.ts";
import { takeSlices } from "./slices.ts";
import type { Canister, Engine } from "./state.ts";
import { settleStops } from "./statuses.ts";
import { chooseTasks, dropTasks, hasWork } from "./tasks.ts";
import { abortBeyond } from "./under-way.ts";

type Round = Extract<Input, { kind: "round" }>;

/** @rule round-begin */
export const runRound = (
  engine: Engine,
  { elapsed, tape, slices = [], answers = [], coreOrder, checkpoint = false, summary }: Round,
): void => {
  const { requestLifetime, cores } = engine.genesis.parameters;
  const next = height(engine.height + 1);
  if (engine.committee !== null) {
    const error = undelivered(engine.committee, next, tape);
    if (error !== null) return void engine.events.push({ kind: "round-refused", height: next, error });
  }
  engine.height = next;
  engine.time = nanoseconds(engine.time + elapsed);
  engine.leaveBy = nanoseconds(engine.time + requestLifetime);
  engine.generator = generatorOf(tape);
  engine.events.push({ kind: "round-began", height: engine.height, time: engine.time });

  expire(engine);
  takeSlices(engine, slices);
  takeAnswers(engine, answers);
  if (!hasHeapRoom(engine, summary)) return skip(engine, checkpoint);
  answerRandomness(engine);
  inductIngress(engine);
  executeManagement(engine);
  chooseTasks(engine);
  const plan = planRound(engine);
  const { iterations, spent } = iterate(engine, plan, orderOfCores(cores, coreOrder));
  dropTasks(engine);
  if (engine.scheduler.kind === "current") settleRound(engine, engine.scheduler);
  forgiveDebits(engine);
  drawNonces(engine);
  settleStops(engine);
  const { hasReallocated } = chargeResources(engine);
  putDown(engine, checkpoint);
  if (engine.scheduler.kind === "published") pay(engine.scheduler, plan.payers);
  if (hasReallocated) reschedule(engine);
  streamOut(engine);
  shed(engine);
  forgetAnswers(engine);
  pruneHistory(engine);
  end(engine, iterations, spent);
};

/** A round in which nothing is executed. */
const skip = (engine: Engine, checkpoint: boolean): void => {
  inductIngress(engine);
  putDown(engine, checkpoint);
  streamOut(engine);
  shed(engine);
  end(engine, 0, 0);
};

/**
 * Runs iterations, and says how many, and how much the busiest cores used in all.
 * @rule iteration-end
 * @rule iteration-continue
 */
const iterate = (engine: Engine, plan: Plan, order: readonly number[]): { readonly iterations: number; readonly spent: number } => {
  const { genesis, scheduler, canisters, slice } = engine;
  const { roundInstructionLimit, messageOverhead, finalisationOverhead, heapDeltaIterationLimit } = genesis.parameters;
  let counter = roundInstructionLimit - (slice + messageOverhead) + 1; // at least 1, or the genesis is at fault
  let heapDelta = 0;
  let spent = 0;
  for (let iteration = 1; ; iteration++) {
    suspend(engine, iteration);
    const active = activeIn(engine);
    if (active.length === 0) return { iterations: iteration - 1, spent };
    const { hands, firstNew } = deal(engine, plan, active);
    if (iteration === 1 && scheduler.kind === "current") noteIdle(engine, scheduler, firstNew);
    const { most, changed, isBusy } = runIteration(engine, hands, iteration, counter, order);
    counter -= most + finalisationOverhead * canisters.length;
    spent += most;
    heapDelta += changed;
    engine.heapDelta += changed;
    if (counter < 1 || heapDelta >= heapDeltaIterationLimit || !(isBusy || scheduler.kind === "published")) {
      return { iterations: iteration, spent };
    }
    induct(engine);
  }
};

/** The active canisters. Whoever has nothing to do any more is struck off the list here. */
const activeIn = (engine: Engine): readonly Canister[] => {
  engine.active = engine.active.filter((canister) => (canister.isActive = canister.execution !== null || hasWork(canister)));
  return engine.active.filter((canister) => isActiveNow(engine, canister));
};

/** The cores in the order in which they run: those that the input names, then the others in their own order. */
const orderOfCores = (cores: number, named: readonly number[] = []): readonly number[] => {
  const all = Array.from({ length: cores }, (_, core) => core);
  return named.length === 0 ? all : [...new Set([...named.filter((core) => all[core] !== undefined), ...all])];
};

/**
 * What lives in the memory of the nodes alone is put down: all of it in a checkpoint, else what is too much.
 * @rule checkpoint
 */
const putDown = (engine: Engine, isCheckpoint: boolean): void => {
  const { genesis, underWay } = engine;
  if (isCheckpoint) engine.heapDelta = 0;
  if (underWay.size > 0) abortBeyond(engine, isCheckpoint ? 0 : genesis.parameters.maxPausedExecutions, comparisonOf(engine, underWay));
};

const end = (engine: Engine, iterations: number, spent: number): void => {
  collectMail(engine);
  engine.events.push({ kind: "round-ended", height: engine.height, iterations, instructions: instructions(spent) });
};
