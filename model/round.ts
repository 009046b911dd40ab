/** A round, phase by phase: `docs/machine.md`, section 3. */
import { cycles, instructions, type Draw, type Input } from "../spec/index.ts";
import { chargeAll } from "./charges.ts";
import { drawn, withDrawn } from "./drawing.ts";
import { expire, expirePool, shed, tooLate } from "./deadlines.ts";
import { forgetAndPrune } from "./history.ts";
import { induct } from "./induction.ts";
import { iterate, type Iterated } from "./iterations.ts";
import { manage, restAll } from "./management.ts";
import { answersIn, drawNonces } from "./outcalls.ts";
import { canisterOf, errorOf, inOrder, tell } from "./reading.ts";
import { askedIn, isForManagement, payerOf } from "./requests.ts";
import { rejectWith } from "./rules/answers.ts";
import { inductIngress, receptionCost } from "./rules/ingress.ts";
import { heapLimitOf, passGate } from "./rules/limits.ts";
import { isAwaited, resetTurn } from "./rules/queues.ts";
import { beginRound } from "./rules/rounds.ts";
import { attemptOf, postponeIngress } from "./rules/slicing.ts";
import { answerRandomness, replyTo } from "./rules/tape.ts";
import { chooseTasks, chosenTurn, dropTasks } from "./rules/timers.ts";
import { answerUser } from "./answering.ts";
import { keepPaused, orderAgain, plan, settleRound } from "./schedule.ts";
import { idleRound, type State } from "./state.ts";
import { streamsIn, streamsOut } from "./streams.ts";
import type { Fire } from "./transition.ts";

export interface Rounded {
  readonly state: State;
  readonly draws: readonly Draw[];
}

/** Executes a round; when its gate is shut, nothing is executed, but messages come, go and grow old all the same. */
export const runRound = (fire: Fire, before: State, input: Input & { kind: "round" }): Rounded => {
  const { elapsed, tape, slices = [], answers = [], coreOrder = [], checkpoint = false, summary } = input;
  const begun = fire(beginRound, before, { elapsed, tape }).state;
  const told = tell(begun, { kind: "round-began", height: begun.height, time: begun.time });
  const inducted = answersIn(fire, streamsIn(fire, expirePool(fire, expire(fire, told)), slices), answers);
  if (!fire(passGate, inducted, { summary }).applied) {
    const { height: skipped, heapDelta } = inducted;
    const limit = heapLimitOf(inducted, summary);
    const pooled = inductPool(fire, tell(inducted, { kind: "round-skipped", height: skipped, heapDelta, limit }));
    const kept = keepPaused(fire, orderAgain(fire, pooled), checkpoint);
    return { state: ended(fire, { state: sendOut(fire, kept), iterations: 0, instructions: 0 }), draws: [] };
  }
  const planned = plan(fire, chooseAll(fire, manage(fire, inductPool(fire, answerWaiting(fire, inducted)))));
  const ran = iterate(fire, planned, coreOrder, (state) => induct(fire, state));
  const settled = drawNonces(fire, settleRound(fire, dropAll(fire, ran.state), planned));
  const kept = keepPaused(fire, chargeAll(fire, restAll(fire, settled)), checkpoint);
  return { state: ended(fire, { ...ran, state: forgetAndPrune(fire, sendOut(fire, kept)) }), draws: settled.round.drawn };
};

/** What message routing does behind the execution. */
const sendOut = (fire: Fire, before: State): State => shed(fire, streamsOut(fire, before));

const ended = (fire: Fire, { state, iterations, instructions: total }: Iterated): State => {
  const reset = inOrder(state).reduce((now, { id }) => fire(resetTurn, now, { canister: id }).state, state);
  return {
    ...tell(reset, { kind: "round-ended", height: reset.height, iterations, instructions: instructions(total) }),
    round: idleRound,
  };
};

const answerWaiting = (fire: Fire, before: State): State =>
  before.waiting.reduce((state, request) => {
    const fired = fire(answerRandomness, state, { request });
    if (!fired.applied) return state;
    const { caller: canister, callback } = request;
    const told = tell(withDrawn(fired.state, drawn(state, request, "randomness")), { kind: "randomness-answered", canister, callback });
    const response = replyTo(state, request);
    return isAwaited(state, response) ? told : tooLate(fire, told, response);
  }, before);

const inductPool = (fire: Fire, before: State): State =>
  before.pool.reduce<State>(
    (state, message) => {
      const { ingress } = message;
      const payer = payerOf(message);
      const isPaused = payer !== null && attemptOf(state, payer) !== null;
      const fired = isPaused ? fire(postponeIngress, state, { message, payer }) : fire(inductIngress, state, { message });
      if (!fired.applied) return answerUser(fire, state, ingress, rejectWith(errorOf(fired.error)));
      const balance = payer === null ? cycles(0n) : canisterOf(fired.state, payer).balance;
      const asked = isForManagement(message) ? { asked: askedIn(message).method } : {};
      return tell(fired.state, {
        kind: "ingress-inducted",
        ingress,
        canister: payer,
        fee: receptionCost(state, message),
        balance,
        ...asked,
      });
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
