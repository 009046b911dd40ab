/**
 * The iterations of a round. What a core does is a function of the canisters dealt to it and of its copy of the
 * limits; what the cores did is put together in their order, so nobody can see in which order they ran.
 */
import { bytes, instructions, type CanisterId, type Event, type Task } from "../spec/index.ts";
import { nextSource, takeInput } from "./rules/queues.ts";
import { deal as dealEvenly, continueRound, endIteration, leaveCore, shareOut, spendOnCore, takeMessage } from "./rules/scheduling.ts";
import { chargeSuspended, suspend } from "./rules/limits.ts";
import { divide, markIdle, markTurn } from "./rules/priorities.ts";
import { resumeExecution } from "./rules/slicing.ts";
import { payAnew, runSlice, type Sliced } from "./slices.ts";
import { canisterOf, hasInput, inOrder, known, nextTask, tell } from "./reading.ts";
import type { Canister, Message, State } from "./state.ts";
import type { Fire } from "./transition.ts";

export interface Iterated {
  readonly state: State;
  readonly iterations: number;
  /** The sum over the iterations of the most that one core used. */
  readonly instructions: number;
}

/** Iterates until nobody has anything to do, or a limit is reached. */
export const iterate = (fire: Fire, before: State, coreOrder: readonly number[], induct: (state: State) => State): Iterated => {
  let state = before;
  let iterations = 0;
  let total = 0;
  for (;;) {
    const awake = suspendIndebted(fire, state, iterations + 1);
    const dealt = deal(fire, awake, iterations + 1);
    if (dealt === null) return { state: awake, iterations, instructions: total };
    iterations += 1;
    const { state: ran, cores } = runCores(fire, dealt, iterations, coreOrder);
    const most = Math.max(...cores.map(({ used }) => used));
    const worked = cores.reduce((sum, core) => sum + core.worked, 0);
    total += most;
    state = fire(endIteration, ran, { most, changed: cores.reduce((sum, { heapDelta }) => sum + heapDelta, 0) }).state;
    if (most === 0 || !fire(continueRound, state, { worked }).applied) return { state, iterations, instructions: total };
    state = induct(state);
  }
};

const suspendIndebted = (fire: Fire, before: State, iteration: number): State =>
  inOrder(before).reduce((state, { id: canister, heapDebit }) => {
    const fired = fire(suspend, state, { canister });
    if (!fired.applied) return state;
    const told = tell(fired.state, { kind: "canister-suspended", iteration, canister, heapDebit: bytes(heapDebit) });
    return before.parameters.scheduler === "current" ? fire(chargeSuspended, told, { canister, iteration }).state : told;
  }, before);

/** `null` when nobody is active. */
const deal = (fire: Fire, before: State, iteration: number): State | null => {
  const turns = Array.from({ length: before.parameters.cores }, (): readonly CanisterId[] => []);
  const empty: State = { ...before, round: { ...before.round, turns } };
  const isCurrent = before.parameters.scheduler === "current";
  const dealt = fire(isCurrent ? divide : dealEvenly, empty, {});
  if (!dealt.applied) return null;
  const shared = fire(shareOut, dealt.state, {}).state;
  return isCurrent ? fire(markIdle, shared, { iteration }).state : shared;
};

/** What a core used, overheads included; the instructions of its executions; and the bytes that it changed. */
interface CoreOutput {
  readonly used: number;
  readonly worked: number;
  readonly heapDelta: number;
}

interface RanCores {
  readonly state: State;
  readonly cores: readonly CoreOutput[];
}

const runCores = (fire: Fire, before: State, iteration: number, coreOrder: readonly number[]): RanCores => {
  const numbers = before.round.turns.map((_, core) => core);
  const told = new Map<number, readonly Event[]>();
  const outputs = new Map<number, CoreOutput>();
  let state = before;
  for (const core of new Set([...coreOrder.filter((named) => numbers.includes(named)), ...numbers])) {
    const ran = runCore(fire, { ...state, events: [] }, iteration, core);
    told.set(core, ran.state.events);
    outputs.set(core, ran.output);
    state = ran.state;
  }
  return {
    state: { ...state, events: [...before.events, ...numbers.flatMap((core) => told.get(core) ?? [])] },
    cores: numbers.map((core) => known(outputs.get(core), `core ${core}`)),
  };
};

const runCore = (fire: Fire, before: State, iteration: number, core: number): { state: State; output: CoreOutput } => {
  let state: State = {
    ...before,
    round: { ...before.round, core: { left: before.round.counter, heapDelta: 0 }, left: before.round.given },
  };
  let worked = 0;
  known(before.round.turns[core], `core ${core}`).forEach((canister, position) => {
    const turn = runTurn(fire, state, { iteration, core, canister, first: iteration === 1 && position === 0 });
    state = turn.state;
    worked += turn.worked;
  });
  const { left, heapDelta } = state.round.core;
  return { state, output: { used: before.round.counter - left, worked, heapDelta } };
};

interface Turn {
  readonly iteration: number;
  readonly core: number;
  readonly canister: CanisterId;
  /** Whether it is the first on its core in the first iteration. */
  readonly first: boolean;
}

/** A canister keeps its core until it has nothing left to do, or a limit is reached. */
const runTurn = (fire: Fire, before: State, { iteration, core, canister, first }: Turn): { state: State; worked: number } => {
  let state = before;
  let worked = 0;
  let began = false;
  for (;;) {
    const begun: State = began ? state : tell(state, { kind: "turn-began", iteration, core, canister });
    const sliced = runNext(fire, begun, canister);
    if (sliced === null) break;
    began = true;
    worked += sliced.used;
    state = fire(spendOnCore, sliced.state, { canister, ...sliced }).state;
  }
  if (!began) return { state: before, worked };
  const left = fire(leaveCore, state, { worked }).state;
  const ended = tell(left, {
    kind: "turn-ended",
    iteration,
    core,
    canister,
    instructions: instructions(before.round.core.left - left.round.core.left),
    drained: !hasInput(canisterOf(left, canister)),
  });
  const finished = ended.round.finished.has(canister) && !before.round.finished.has(canister);
  const isCurrent = before.parameters.scheduler === "current";
  return { state: isCurrent ? fire(markTurn, ended, { canister, first, finished }).state : ended, worked };
};

/** Takes the next message or task, or goes on with what is under way; `null` when there is nothing, or no room for it. */
const runNext = (fire: Fire, before: State, canister: CanisterId): Sliced | null => {
  const waiting = canisterOf(before, canister);
  const took = fire(takeMessage, before, { canister });
  if (took.applied) {
    const { state, taken } = takeNext(fire, waiting, took.state);
    return runSlice(fire, state, canister, taken);
  }
  if (!fire(resumeExecution, before, { canister }).applied) return null;
  const { taken: message, attempt } = known(waiting.underway, "an execution under way");
  const { state, goesOn } = payAnew(fire, tell(before, { kind: "execution-resumed", canister, afresh: attempt === null }), canister);
  return goesOn ? runSlice(fire, state, canister, message) : { state, used: 0, changed: 0, over: true };
};

/** What a canister takes: a task, which is taken already, or its next input. */
const takeNext = (fire: Fire, waiting: Canister, taken: State): { readonly state: State; readonly taken: Message | Task } => {
  const task = nextTask(waiting);
  const source = nextSource(waiting);
  if (task !== null) return { state: taken, taken: task };
  // Nothing to take: only the specification without the condition that there is something comes here.
  if (source === null) return { state: taken, taken: "timer" };
  const first = source === "ingress" ? waiting.ingress[0] : waiting[source][0]?.messages[0];
  return { state: fire(takeInput, taken, { canister: waiting.id, source }).state, taken: known(first, `a message of ${source}`) };
};
