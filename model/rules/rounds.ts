/** Rounds: the clauses of `spec/rules/rounds.ts`, one line each. */
import type { Draft } from "immer";
import { height, instructions, nanoseconds, restart, roundBegin, type Hex, type Nanoseconds } from "../../spec/index.ts";
import { canisterOf, draftOf } from "../reading.ts";
import type { Canister, State } from "../state.ts";
import { seedOf } from "../tape.ts";
import { transition } from "../transition.ts";

export const beginRound = transition(roundBegin)<{ elapsed: Nanoseconds; tape: Hex }>({
  when: {},
  then: {
    height: (after, before) => void (after.height = height(before.height + 1)),
    time: (after, before, { elapsed }) => void (after.time = nanoseconds(before.time + elapsed)),
    generator: (after, _before, { tape }) => void Object.assign(after.round, { seed: seedOf(tape), draws: 0 }),
    counter: (after, { parameters: { roundInstructionLimit, messageInstructionLimit, messageOverhead } }) =>
      void (after.round.counter = instructions(roundInstructionLimit - (messageInstructionLimit + messageOverhead) + 1)),
  },
});

/** Starts from the genesis and takes over, part by part, what was written out: `read` is the state read back. */
export const restartFrom = transition(restart)<{ read: State }>({
  when: {},
  then: {
    clock: (after, _before, { read }) => void Object.assign(after, { height: read.height, time: read.time }),
    balances: (after, _before, { read }) => takeOver(after, read, ({ balance }) => ({ balance })),
    code: (after, _before, { read }) => takeOver(after, read, ({ code }) => ({ code })),
    memory: (after, _before, { read }) => takeOver(after, read, ({ pages, timer, hook }) => ({ pages, timer, hook })),
    queues: (after, _before, { read }) =>
      takeOver(after, read, ({ ingress, local, remote, outputs }) => ({ ingress, local, remote, outputs })),
    turns: (after, _before, { read }) => takeOver(after, read, ({ turn, source }) => ({ turn, source })),
    streams: (after, _before, { read }) => void Object.assign(after, { streams: read.streams }),
    contexts: (after, _before, { read }) => takeOver(after, read, ({ contexts }) => ({ contexts })),
    callbacks: (after, _before, { read }) =>
      takeOver(after, read, ({ callbacks, nextContext, nextCallback }) => ({ callbacks, nextContext, nextCallback })),
    priorities: (after, _before, { read }) => takeOver(after, read, ({ accumulatedPriority }) => ({ accumulatedPriority })),
    ingress: (after, _before, { read }) => void Object.assign(after, { history: read.history, pool: read.pool }),
    randomness: (after, _before, { read }) => void Object.assign(after, { waiting: read.waiting }),
    committee: (after, _before, { read }) => void Object.assign(after, { nodes: read.nodes }),
    totals: (after, _before, { read }) => void Object.assign(after, totalsOf(read)),
  },
});

const totalsOf = ({ burned, lost, sent, received, minted }: State) => ({ burned, lost, sent, received, minted });

const takeOver = (after: Draft<State>, read: State, part: (canister: Canister) => Partial<Canister>): void => {
  for (const id of read.canisters.keys()) Object.assign(draftOf(after, id), part(canisterOf(read, id)));
};
