/** Slicing: the clauses of `spec/rules/slicing.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import {
  cycles,
  executionAbort,
  executionDesist,
  executionFinish,
  executionHold,
  executionPause,
  executionResume,
  height,
  ingressPostpone,
  prepaymentAdjust,
  sliceOf,
  type CanisterId,
  type Cycles,
  type Task,
} from "../../spec/index.ts";
import { messagesBeside } from "../memory.ts";
import { covers, least, prepayment } from "../money.ts";
import { canisterOf, draftOf, known, move } from "../reading.ts";
import { freshAttempt, type Attempt, type Execution, type Held, type Ingress, type Message, type State, type Underway } from "../state.ts";
import { transition } from "../transition.ts";
import { enterWaiting, receptionCost } from "./ingress.ts";

export interface Slice {
  readonly canister: CanisterId;
  readonly taken: Message | Task;
  /** What the whole execution uses. */
  readonly total: number;
}

export const pauseExecution = transition(executionPause)<Slice>({
  when: {
    beyond: (before, { canister, total }) => total - (attemptOf(before, canister)?.instructions ?? 0) > sliceOf(before.parameters),
  },
  then: {
    debit: (after, before, slice) =>
      void (draftOf(after, slice.canister).balance = cycles(canisterOf(before, slice.canister).balance - unheld(before, slice))),
    hold: (after, before, slice) =>
      change(after, slice.canister, {
        prepaid: cycles((canisterOf(before, slice.canister).underway?.prepaid ?? 0n) + unheld(before, slice)),
      }),
    message: (after, _before, { canister, taken }) => change(after, canister, { taken }),
    since: (after, before, { canister }) =>
      change(after, canister, { since: canisterOf(before, canister).underway?.since ?? before.height }),
    start: (after, before, slice) => {
      if (attemptOf(before, slice.canister) !== null) return;
      const balance = cycles(canisterOf(before, slice.canister).balance - unheld(before, slice));
      changeAttempt(after, slice.canister, {
        time: before.time,
        fees: before.parameters.fees,
        balance,
        messages: messagesBeside(before, slice.canister),
        left: before.round.left,
        total: slice.total,
      });
    },
    count: (after, before, { canister }) => {
      const { slices, instructions } = attemptOf(before, canister) ?? freshAttempt;
      changeAttempt(after, canister, { slices: slices + 1, instructions: instructions + sliceOf(before.parameters) });
    },
  },
});

export const resumeExecution = transition(executionResume)<{ canister: CanisterId }>({
  when: {
    underway: (before, { canister }) => canisterOf(before, canister).underway !== null,
    counter: ({ round: { core } }) => core.left >= 1,
    heap: ({ round: { core }, parameters }) => core.heapDelta < parameters.heapDeltaIterationLimit,
  },
  then: {},
});

export const holdAgain = transition(executionHold)<{ execution: Execution; held: Held }>({
  when: {},
  then: {
    hold: (after, _before, { execution, held }) => void (after.running = { ...castDraft(execution), prepaid: held.prepaid }),
  },
});

export const adjustPrepayment = transition(prepaymentAdjust)<{ canister: CanisterId }>({
  when: {
    covered: (before, { canister }) =>
      lackOf(before, canister) <= 0n || covers(before, canisterOf(before, canister), cycles(lackOf(before, canister))),
  },
  then: {
    debit: (after, before, { canister }) => move(after, canister, -lackOf(before, canister)),
    hold: (after, before, { canister }) => change(after, canister, { prepaid: prepayment(before.parameters) }),
  },
});

export const desistExecution = transition(executionDesist)<{ canister: CanisterId }>({
  when: {},
  then: {
    refund: (after, before, { canister }) => move(after, canister, underwayOf(before, canister).prepaid),
    release: (after, _before, { canister }) => void (draftOf(after, canister).underway = null),
    rest: (after, before, { canister }) => void after.round.finished.set(canister, underwayOf(before, canister).since),
  },
});

/** What the prepayment of an execution under way lacks of what it would be now; below zero where it has more. */
export const lackOf = (before: State, id: CanisterId): bigint => prepayment(before.parameters) - underwayOf(before, id).prepaid;

const underwayOf = (before: State, id: CanisterId): Underway => known(canisterOf(before, id).underway, "an execution under way");

export const finishExecution = transition(executionFinish)<{ canister: CanisterId; held: Held }>({
  when: {},
  then: {
    gain: (after, _before, { canister, held }) => move(after, canister, held.gained),
    debit: (after, before, { canister, held }) => move(after, canister, -due(before, canister, held)),
    burn: (after, before, { canister, held }) => void (after.burned = cycles(before.burned + due(before, canister, held))),
    memory: (after, before, { held: { left, core } }) =>
      void (after.round.left.memory = Math.max(0, core.memory - (left.memory - before.round.left.memory))),
    callbacks: (after, before, { held: { left, core } }) =>
      void (after.round.left.callbacks = Math.max(0, core.callbacks - (left.callbacks - before.round.left.callbacks))),
    storage: (after, before, { held: { left, core } }) => void (after.round.left.used = core.used + (before.round.left.used - left.used)),
    release: (after, _before, { canister }) => void (draftOf(after, canister).underway = null),
    rest: (after, before, { canister }) => void after.round.finished.set(canister, underwayOf(before, canister).since),
  },
});

export const abortExecution = transition(executionAbort)<{ canister: CanisterId; ahead: number }>({
  when: {
    excess: (before, { ahead }) => ahead >= before.round.keeps,
  },
  then: {
    drop: (after, _before, { canister }) => change(after, canister, { attempt: null }),
    debit: (after, before, { canister }) => move(after, canister, -postponedBy(before, canister)),
    burn: (after, before, { canister }) => void (after.burned = cycles(before.burned + postponedBy(before, canister))),
    forget: (after, _before, { canister }) => void (draftOf(after, canister).executedRounds = 0),
  },
});

export const postponeIngress = transition(ingressPostpone)<{ message: Ingress; payer: CanisterId }>({
  when: {
    funded: (before, { message, payer }) =>
      covers(before, canisterOf(before, payer), cycles(postponedBy(before, payer) + receptionCost(before, message))),
  },
  then: {
    postpone: (after, before, { message, payer }) =>
      changeAttempt(after, payer, { postponed: cycles(postponedBy(before, payer) + receptionCost(before, message)) }),
    record: (after, _before, { message }) => void after.history.set(message.ingress, { kind: "processing" }),
    enter: (after, _before, { message }) => enterWaiting(after, message),
  },
});

/** The attempt of a paused execution. */
export const attemptOf = (before: State, id: CanisterId): Attempt | null => before.canisters.get(id)?.underway?.attempt ?? null;

export const postponedBy = (before: State, id: CanisterId): Cycles => attemptOf(before, id)?.postponed ?? cycles(0n);

/** What of the postponed fees the balance can pay, when the execution is settled. */
export const due = (before: State, id: CanisterId, { gained, postponed }: Held): Cycles =>
  least(postponed, cycles(canisterOf(before, id).balance + gained));

/** The prepayment, when it was not taken yet; that of a response stays with its callback. */
const unheld = (before: State, { canister, taken }: Slice): Cycles =>
  canisterOf(before, canister).underway === null && (typeof taken === "string" || taken.kind !== "response")
    ? prepayment(before.parameters)
    : cycles(0n);

const change = (after: Draft<State>, id: CanisterId, changed: Partial<Underway>): void => {
  const canister = draftOf(after, id);
  canister.underway = castDraft({ ...nothingUnderway, ...(canister.underway as Underway | null), ...changed });
};

const changeAttempt = (after: Draft<State>, id: CanisterId, changed: Partial<Attempt>): void =>
  change(after, id, { attempt: { ...freshAttempt, ...(draftOf(after, id).underway as Underway | null)?.attempt, ...changed } });

const nothingUnderway: Underway = { taken: "timer", prepaid: cycles(0n), since: height(0), attempt: null };
