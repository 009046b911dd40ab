/** A round, phase by phase: `docs/machine.md`, section 3. */
import {
  byteLength,
  height,
  instructions,
  managementCanister,
  type CanisterId,
  type Draw,
  type ErrorCode,
  type Event,
  type Input,
} from "../spec/index.ts";
import { receptionFee } from "./money.ts";
import { inductIngress } from "./rules/ingress.ts";
import { beginRound, bounceRequest, inductRequest, inductResponse } from "./rules/rounds.ts";
import { charge, continueRound, deal, endIteration, order, plan, ranked, takeMessage } from "./rules/scheduling.ts";
import { answerRandomness, askRandomness } from "./rules/tape.ts";
import { dueTimer } from "./rules/timers.ts";
import { answerUser, runTaken } from "./run.ts";
import { canisterOf, errorOf, idleRound, inOrder, isActive, known, tell, type Request, type State } from "./state.ts";
import { drawOf } from "./tape.ts";
import type { Fire } from "./transition.ts";

export interface Rounded {
  readonly state: State;
  readonly draws: readonly Draw[];
}

/** Executes a round. */
export const runRound = (fire: Fire, before: State, { elapsed, tape, coreOrder = [] }: Input & { kind: "round" }): Rounded => {
  const begun = fire(beginRound, before, { elapsed, tape }).state;
  const inducted = induct(fire, tell(begun, { kind: "round-began", height: begun.height, time: begun.time }));
  const { state: answered, draws } = answerWaiting(fire, inducted);
  const planned = planRound(fire, lookAtTimers(fire, inductPool(fire, answered)));
  return { state: { ...iterate(fire, planned, coreOrder), round: idleRound }, draws };
};

/** Brings what waits in output queues to where it is meant for: canister by canister, first to last. */
const induct = (fire: Fire, before: State): State =>
  inOrder(before).reduce(
    (state, { id }) =>
      canisterOf(state, id).outputs.reduce((now, message) => {
        if (message.kind === "request") return inductOne(fire, now, message);
        const { caller, callback, result } = message;
        return tell(fire(inductResponse, now, { respondent: id, response: message }).state, {
          kind: "response-inducted",
          caller,
          callback,
          result: result.kind,
        });
      }, state),
    before,
  );

const inductOne = (fire: Fire, before: State, request: Request): State => {
  const { caller, callback, callee, sent } = request;
  const asksPlatform = callee === managementCanister;
  const fired = asksPlatform ? fire(askRandomness, before, { request }) : fire(inductRequest, before, { request });
  if (!fired.applied) return bounce(fire, before, request, errorOf(fired.error));
  const event: Event = asksPlatform
    ? { kind: "randomness-asked", canister: caller, callback, asked: sent }
    : { kind: "request-inducted", caller, callback, callee };
  return tell(fired.state, event);
};

const bounce = (fire: Fire, before: State, request: Request, error: ErrorCode): State =>
  tell(fire(bounceRequest, before, { request, error }).state, {
    kind: "request-bounced",
    caller: request.caller,
    callback: request.callback,
    error,
  });

const answerWaiting = (fire: Fire, before: State): Rounded =>
  before.waiting.reduce<Rounded>(
    ({ state, draws }, request) => {
      const { seed, draws: index } = state.round;
      const fired = fire(answerRandomness, state, { request });
      if (!fired.applied) return { state, draws };
      const { caller: canister, callback, sent } = request;
      return {
        state: tell(fired.state, { kind: "randomness-answered", canister, callback }),
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

const lookAtTimers = (fire: Fire, before: State): State =>
  inOrder(before).reduce((state, { id }) => {
    const fired = fire(dueTimer, state, { canister: id });
    return fired.applied ? tell(fired.state, { kind: "timer-due", canister: id }) : state;
  }, before);

/** Credit, order, charge: the charge of a round shows in the order of the next. */
const planRound = (fire: Fire, before: State): State => {
  const planned = fire(plan, before, {});
  const ordered = fire(order, planned.state, {}).state;
  return planned.applied ? fire(charge, ordered, { first: ranked(ordered).slice(0, before.parameters.cores) }).state : ordered;
};

const iterate = (fire: Fire, before: State, coreOrder: readonly number[]): State => {
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
  return tell(state, { kind: "round-ended", height: state.height, iterations, instructions: instructions(total) });
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

const runCore = (fire: Fire, before: State, iteration: number, core: number): { state: State; left: number } => {
  let state = before;
  let left: number = before.round.counter;
  for (const id of known(before.round.turns[core], `core ${core}`)) {
    const start = left;
    let turn = state;
    for (;;) {
      const { task, inputs } = canisterOf(turn, id);
      const taken = fire(takeMessage, turn, { canister: id, left });
      if (!taken.applied) break;
      if (left === start) turn = tell(turn, { kind: "turn-began", iteration, core, canister: id });
      const ran = runTaken(fire, { ...taken.state, events: turn.events }, id, task ? "task" : (inputs[0] ?? "task"));
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
      drained: !isActive(canisterOf(turn, id)),
    });
  }
  return { state, left };
};
