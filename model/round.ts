/** A round, phase by phase: `docs/machine.md`, section 3. */
import { byteLength, height, instructions, managementCanister, type Draw, type ErrorCode, type Event, type Input } from "../spec/index.ts";
import { receptionFee } from "./money.ts";
import { iterate, type Iterated } from "./iterations.ts";
import { rejectWith } from "./rules/answers.ts";
import { inductIngress } from "./rules/ingress.ts";
import { heapLimitOf, passGate } from "./rules/limits.ts";
import { beginRound, bounceRequest, inductRequest, inductResponse } from "./rules/rounds.ts";
import { attemptOf, postponeIngress } from "./rules/slicing.ts";
import { answerRandomness, askRandomness } from "./rules/tape.ts";
import { dueTimer } from "./rules/timers.ts";
import { answerUser } from "./run.ts";
import { keepPaused, orderAgain, plan, settleRound } from "./schedule.ts";
import { canisterOf, errorOf, idleRound, inOrder, tell, type Request, type State } from "./state.ts";
import { drawOf } from "./tape.ts";
import type { Fire } from "./transition.ts";

export interface Rounded {
  readonly state: State;
  readonly draws: readonly Draw[];
}

/** Executes a round; when its gate is shut, only what consensus brought and the checkpoint take place. */
export const runRound = (fire: Fire, before: State, input: Input & { kind: "round" }): Rounded => {
  const { elapsed, tape, coreOrder = [], checkpoint = false, summary } = input;
  const begun = fire(beginRound, before, { elapsed, tape }).state;
  const inducted = induct(fire, tell(begun, { kind: "round-began", height: begun.height, time: begun.time }));
  const ended = (ran: Iterated): State => ({ ...tell(ran.state, roundEnded(ran)), round: idleRound });
  if (!fire(passGate, inducted, { summary }).applied) {
    const skipped = tell(inducted, {
      kind: "round-skipped",
      height: inducted.height,
      heapDelta: inducted.heapDelta,
      limit: heapLimitOf(inducted, summary),
    });
    const kept = keepPaused(fire, orderAgain(fire, inductPool(fire, skipped)), checkpoint);
    return { state: ended({ state: kept, iterations: 0, instructions: 0 }), draws: [] };
  }
  const { state: answered, draws } = answerWaiting(fire, inducted);
  const planned = plan(fire, lookAtTimers(fire, inductPool(fire, answered)));
  const ran = iterate(fire, planned, coreOrder, (state) => induct(fire, state));
  return { state: ended({ ...ran, state: keepPaused(fire, settleRound(fire, ran.state, planned), checkpoint) }), draws };
};

const roundEnded = ({ state, iterations, instructions: total }: Iterated): Event => ({
  kind: "round-ended",
  height: state.height,
  iterations,
  instructions: instructions(total),
});

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
      const isPaused = attemptOf(state, canister) !== null;
      const fired = isPaused ? fire(postponeIngress, state, { message }) : fire(inductIngress, state, { message });
      if (!fired.applied) return answerUser(fire, state, ingress, rejectWith(errorOf(fired.error)));
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
