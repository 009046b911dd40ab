/**
 * A round: what the last one left is delivered, the block's messages and due timers come in, the canisters are ordered,
 * and iterations run until the work or the instructions are used up. Nothing here walks all canisters: each step visits
 * the ones that have something in it.
 */
import { height, instructions, nanoseconds, type Event, type Input, type Instructions } from "../spec/index.ts";
import { undelivered } from "./committee/tape.ts";
import { executeNext } from "./execute.ts";
import { induct } from "./induct.ts";
import { inductIngress } from "./ingress.ts";
import { answerRandomness } from "./randomness.ts";
import { compareInRound, pay, plan } from "./schedule.ts";
import { activate, type Canister, type Engine } from "./state.ts";
import { takeDue } from "./timers.ts";

/** @rule round-begin */
export const runRound = (engine: Engine, { elapsed, tape, coreOrder }: Extract<Input, { kind: "round" }>): void => {
  const { roundInstructionLimit, messageInstructionLimit, messageOverhead, cores } = engine.genesis.parameters;
  const last = engine.height;
  const next = height(last + 1);
  if (engine.committee !== null) {
    const error = undelivered(engine.committee, next, tape);
    if (error !== null) return void engine.events.push({ kind: "round-refused", height: next, error });
  }
  engine.height = next;
  engine.time = nanoseconds(engine.time + elapsed);
  engine.events.push({ kind: "round-began", height: engine.height, time: engine.time });

  induct(engine, last);
  answerRandomness(engine, tape);
  inductIngress(engine);
  for (const canister of takeDue(engine.timers, engine.time)) {
    canister.task = true;
    activate(engine, canister);
    engine.events.push({ kind: "timer-due", canister: canister.id });
  }

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
    induct(engine, engine.height);
  }
  pay(engine.schedule, first);
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

const hasWork = ({ task, inputs }: Canister): boolean => task || inputs.length > 0;

/**
 * Runs every core in the order that was asked for, and returns the most instructions that one of them used. A core sees the
 * canisters dealt to it and nothing that another core does. Its events are its own until the iteration is over; what
 * else it leaves does not tell the cores apart: output queues belong to its canisters, each ingress message is answered
 * by one canister, totals are sums, and the lists of active, sending and dirty records are sorted or summed when they are read.
 * @rule schedule-deal
 */
const runIteration = (engine: Engine, dealt: readonly Canister[], iteration: number, counter: number, order: readonly number[]): number => {
  const events = engine.events;
  const byCore: Event[][] = order.map(() => []);
  let most = 0;
  for (const core of order) {
    engine.events = byCore[core]!;
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
    drained: canister.inputs.length === 0,
  });
  return taken;
};
