/** A round, phase by phase: `docs/machine.md`, section 3. */
import {
  byteLength,
  height,
  instructions,
  type CanisterId,
  type Draw,
  type Event,
  type Input,
  type Instructions,
  type Task,
} from "../spec/index.ts";
import { expire, expirePool, shed, tooLate } from "./deadlines.ts";
import { forgetAndPrune } from "./history.ts";
import { induct } from "./induction.ts";
import { receptionFee } from "./money.ts";
import { inductIngress } from "./rules/ingress.ts";
import { isAwaited, nextSource, resetTurn, takeInput } from "./rules/queues.ts";
import { beginRound } from "./rules/rounds.ts";
import { charge, continueRound, deal, endIteration, order, plan, ranked, takeMessage } from "./rules/scheduling.ts";
import { answerRandomness, replyTo } from "./rules/tape.ts";
import { chooseTasks, chosenTurn, dropTasks } from "./rules/timers.ts";
import { answerUser, runTaken } from "./run.ts";
import { canisterOf, errorOf, hasInput, inOrder, known, nextTask, tell } from "./reading.ts";
import { idleRound, type Canister, type Ingress, type Request, type Response, type State } from "./state.ts";
import { streamsIn, streamsOut } from "./streams.ts";
import { drawOf } from "./tape.ts";
import type { Fire } from "./transition.ts";

export interface Rounded {
  readonly state: State;
  readonly draws: readonly Draw[];
}

/** Executes a round. */
export const runRound = (fire: Fire, before: State, { elapsed, tape, slices = [], coreOrder = [] }: Input & { kind: "round" }): Rounded => {
  const begun = fire(beginRound, before, { elapsed, tape }).state;
  const told = tell(begun, { kind: "round-began", height: begun.height, time: begun.time });
  const inducted = streamsIn(fire, expirePool(fire, expire(fire, told)), slices);
  const { state: answered, draws } = answerWaiting(fire, inducted);
  const planned = planRound(fire, chooseAll(fire, inductPool(fire, answered)));
  const { state: ran, iterations, instructions: used } = iterate(fire, planned, coreOrder);
  const quiet = forgetAndPrune(fire, shed(fire, streamsOut(fire, dropAll(fire, ran))));
  const ended = inOrder(quiet).reduce((state, { id }) => fire(resetTurn, state, { canister: id }).state, quiet);
  const last = tell(ended, { kind: "round-ended", height: ended.height, iterations, instructions: used });
  return { state: { ...last, round: idleRound }, draws };
};

const answerWaiting = (fire: Fire, before: State): Rounded =>
  before.waiting.reduce<Rounded>(
    ({ state, draws }, request) => {
      const { seed, draws: index } = state.round;
      const fired = fire(answerRandomness, state, { request });
      if (!fired.applied) return { state, draws };
      const { caller: canister, callback, sent } = request;
      const told = tell(fired.state, { kind: "randomness-answered", canister, callback });
      const response = replyTo(state, request);
      return {
        state: isAwaited(state, response) ? told : tooLate(fire, told, response),
        draws: [
          ...draws,
          {
            tape: height(state.height + (state.committee?.offset ?? 0)),
            index,
            asked: height(sent),
            canister,
            callback,
            bytes: drawOf(seed, index),
          },
        ],
      };
    },
    { state: before, draws: [] },
  );

const inductPool = (fire: Fire, before: State): State =>
  before.pool.reduce<State>(
    (state, message) => {
      const { ingress, canister } = message;
      const fired = fire(inductIngress, state, { message });
      if (!fired.applied) return answerUser(fire, state, ingress, { kind: "reject", code: 2, error: errorOf(fired.error) });
      const fee = receptionFee(state.parameters, byteLength(message.payload));
      return tell(fired.state, { kind: "ingress-inducted", ingress, canister, fee, balance: canisterOf(fired.state, canister).balance });
    },
    { ...before, pool: [] },
  );

/** Whether a canister begins with its tasks or with its messages. */
const chooseAll = (fire: Fire, before: State): State =>
  inOrder(before).reduce((state, canister) => {
    const turn = chosenTurn(state, canister);
    const fired = fire(chooseTasks, state, { canister: canister.id, chosen: turn });
    return fired.applied ? tell(fired.state, { kind: "tasks-chosen", canister: canister.id, turn }) : state;
  }, before);

const dropAll = (fire: Fire, before: State): State =>
  inOrder(before).reduce((state, { id }) => {
    const fired = fire(dropTasks, state, { canister: id });
    return fired.applied ? tell(fired.state, { kind: "tasks-dropped", canister: id }) : state;
  }, before);

/** Credit, order, charge: the charge of a round shows in the order of the next. */
const planRound = (fire: Fire, before: State): State => {
  const planned = fire(plan, before, {});
  const ordered = fire(order, planned.state, {}).state;
  return planned.applied ? fire(charge, ordered, { first: ranked(ordered).slice(0, before.parameters.cores) }).state : ordered;
};

interface Iterated {
  readonly state: State;
  readonly iterations: number;
  readonly instructions: Instructions;
}

const iterate = (fire: Fire, before: State, coreOrder: readonly number[]): Iterated => {
  let state = before;
  let iterations = 0;
  let total = 0;
  for (;;) {
    const dealt = fire(deal, { ...state, round: { ...state.round, turns: emptyTurns(state) } }, {});
    if (!dealt.applied) break;
    iterations += 1;
    const { state: ran, used } = runCores(fire, dealt.state, iterations, coreOrder);
    const most = instructions(Math.max(...used));
    if (most === 0) break;
    total += most;
    state = fire(endIteration, ran, { most }).state;
    if (!fire(continueRound, state, {}).applied) break;
    state = induct(fire, state);
  }
  return { state, iterations, instructions: instructions(total) };
};

const emptyTurns = ({ parameters: { cores } }: State): readonly (readonly CanisterId[])[] => Array.from({ length: cores }, () => []);

/**
 * The cores run one after another in any order, each with its own copy of the counter. What they tell is put in the
 * order of the cores, so that nobody can see in which order they ran.
 */
const runCores = (
  fire: Fire,
  before: State,
  iteration: number,
  coreOrder: readonly number[],
): { state: State; used: readonly number[] } => {
  const cores = before.round.turns.map((_, core) => core);
  const told = new Map<number, readonly Event[]>();
  const used: number[] = cores.map(() => 0);
  let state = before;
  for (const core of new Set([...coreOrder.filter((named) => cores.includes(named)), ...cores])) {
    const ran = runCore(fire, { ...state, events: [] }, iteration, core);
    told.set(core, ran.state.events);
    used[core] = before.round.counter - ran.left;
    state = ran.state;
  }
  return { state: { ...state, events: [...before.events, ...cores.flatMap((core) => told.get(core) ?? [])] }, used };
};

/** What a canister takes: a task, which is taken already, or its next input. */
const takeNext = (
  fire: Fire,
  waiting: Canister,
  taken: State,
): { readonly state: State; readonly taken: Ingress | Request | Response | Task } => {
  const task = nextTask(waiting);
  const source = nextSource(waiting);
  if (task !== null) return { state: taken, taken: task };
  // Nothing to take: only the specification without the condition that there is something comes here.
  if (source === null) return { state: taken, taken: "timer" };
  const first = source === "ingress" ? waiting.ingress[0] : waiting[source][0]?.messages[0];
  return { state: fire(takeInput, taken, { canister: waiting.id, source }).state, taken: known(first, `a message of ${source}`) };
};

const runCore = (fire: Fire, before: State, iteration: number, core: number): { state: State; left: number } => {
  let state: State = { ...before, round: { ...before.round, left: before.round.given } };
  let left: number = before.round.counter;
  for (const id of known(before.round.turns[core], `core ${core}`)) {
    const start = left;
    let turn = state;
    for (;;) {
      const took = fire(takeMessage, turn, { canister: id, left });
      if (!took.applied) break;
      if (left === start) turn = tell(turn, { kind: "turn-began", iteration, core, canister: id });
      const { state: taking, taken } = takeNext(fire, canisterOf(turn, id), took.state);
      const ran = runTaken(fire, { ...taking, events: turn.events }, id, taken);
      left -= ran.used + before.parameters.messageOverhead;
      turn = ran.state;
    }
    if (left === start) continue;
    state = tell(turn, {
      kind: "turn-ended",
      iteration,
      core,
      canister: id,
      instructions: instructions(start - left),
      drained: !hasInput(canisterOf(turn, id)),
    });
  }
  return { state, left };
};
