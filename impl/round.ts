/**
 * A round: deadlines pass, streams and the block's messages come in, tasks are given out, the canisters are ordered, iterations
 * run until the work or the instructions are used up, and what is left goes into streams. Nothing here walks all canisters:
 * each step visits the ones that have something in it.
 */
import { height, instructions, nanoseconds, type Event, type Input, type Instructions } from "../spec/index.ts";
import { collectMail } from "./collect.ts";
import { undelivered } from "./committee/tape.ts";
import { expire } from "./deadlines.ts";
import { executeNext } from "./execute.ts";
import { forgetAnswers, pruneHistory } from "./history.ts";
import { induct } from "./induct.ts";
import { inductIngress } from "./ingress.ts";
import { hasInput } from "./inputs.ts";
import { streamOut } from "./outgoing.ts";
import { answerRandomness } from "./randomness.ts";
import { compareInRound, pay, plan } from "./schedule.ts";
import { shed } from "./shedding.ts";
import { takeSlices } from "./slices.ts";
import type { Canister, Engine } from "./state.ts";
import { chooseTasks, dropTasks, hasWork } from "./tasks.ts";
import { freeMemory } from "./usage.ts";

/** @rule round-begin */
export const runRound = (engine: Engine, { elapsed, tape, slices = [], coreOrder }: Extract<Input, { kind: "round" }>): void => {
  const { roundInstructionLimit, messageInstructionLimit, messageOverhead, requestLifetime, cores } = engine.genesis.parameters;
  const next = height(engine.height + 1);
  if (engine.committee !== null) {
    const error = undelivered(engine.committee, next, tape);
    if (error !== null) return void engine.events.push({ kind: "round-refused", height: next, error });
  }
  engine.height = next;
  engine.time = nanoseconds(engine.time + elapsed);
  engine.leaveBy = nanoseconds(engine.time + requestLifetime);
  engine.events.push({ kind: "round-began", height: engine.height, time: engine.time });

  expire(engine);
  takeSlices(engine, slices);
  answerRandomness(engine, tape);
  inductIngress(engine);
  chooseTasks(engine);

  const first = plan(engine.schedule);
  const order = orderOfCores(cores, coreOrder);
  let counter = roundInstructionLimit - (messageInstructionLimit + messageOverhead) + 1; // at least 1, or the genesis is at fault
  let iterations = 0;
  let spent = 0;
  for (let dealt = activeInOrder(engine); dealt.length > 0; dealt = activeInOrder(engine)) {
    const most = runIteration(engine, dealt, ++iterations, counter, order);
    // @rule iteration-end
    counter -= most;
    spent += most;
    // @rule iteration-continue
    if (counter < 1) break;
    induct(engine);
  }
  pay(engine.schedule, first);
  dropTasks(engine);
  streamOut(engine);
  shed(engine);
  forgetAnswers(engine);
  pruneHistory(engine);
  collectMail(engine);
  engine.events.push({ kind: "round-ended", height: engine.height, iterations, instructions: instructions(spent) });
};

/** The cores in the order in which they run: those that the input names, then the others in their own order. */
const orderOfCores = (cores: number, named: readonly number[] = []): readonly number[] => {
  const all = Array.from({ length: cores }, (_, core) => core);
  return named.length === 0 ? all : [...new Set([...named.filter((core) => all[core] !== undefined), ...all])];
};

/** The active canisters in the order of the round. Whoever was active and is no more is struck off the list here. */
const activeInOrder = (engine: Engine): readonly Canister[] => {
  const { schedule } = engine;
  const active = engine.active.filter((canister) => (canister.isActive = hasWork(canister)));
  engine.active = active.sort((left, right) => compareInRound(schedule, left.index, right.index));
  return active;
};

/**
 * Runs every core in the order that was asked for, and returns the most instructions that one of them used. A core sees the
 * canisters dealt to it and nothing that another core does. Its events are its own until the iteration is over; what
 * else it leaves does not tell the cores apart: queues belong to its canisters, each ingress message is answered by one
 * canister, totals are sums, shares are its own, and the lists of active, sending, answered and dirty records are sorted or
 * summed when they are read.
 * @rule schedule-deal
 */
const runIteration = (engine: Engine, dealt: readonly Canister[], iteration: number, counter: number, order: readonly number[]): number => {
  const { events, totals, genesis } = engine;
  const share = Math.floor(freeMemory(engine) / order.length);
  const callbacks = Math.max(0, genesis.parameters.callbackLimit - totals.callbacks);
  const byCore: Event[][] = order.map(() => []);
  let most = 0;
  for (const core of order) {
    engine.events = byCore[core]!;
    engine.core.share = share;
    engine.core.callbacks = callbacks;
    most = Math.max(most, runCore(engine, dealt, core, order.length, iteration, counter));
  }
  engine.events = events;
  for (const ofCore of byCore) for (const event of ofCore) events.push(event);
  return most;
};

const runCore = (engine: Engine, dealt: readonly Canister[], core: number, cores: number, iteration: number, counter: number): number => {
  let left = counter;
  for (let place = core; place < dealt.length && left >= 1; place += cores) {
    left -= runTurn(engine, dealt[place]!, core, iteration, left);
  }
  return counter - left;
};

const runTurn = (engine: Engine, canister: Canister, core: number, iteration: number, left: number): Instructions => {
  const { messageOverhead } = engine.genesis.parameters;
  engine.events.push({ kind: "turn-began", iteration, core, canister: canister.id });
  let used = 0;
  while (left - used >= 1 && hasWork(canister)) used += executeNext(engine, canister) + messageOverhead;
  const taken = instructions(used);
  engine.events.push({
    kind: "turn-ended",
    iteration,
    core,
    canister: canister.id,
    instructions: taken,
    drained: !hasInput(canister),
  });
  return taken;
};
