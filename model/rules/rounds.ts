/** Rounds: the clauses of `spec/rules/rounds.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import { height, nanoseconds, restart, roundBegin, sliceOf, type Hex, type Nanoseconds } from "../../spec/index.ts";
import { memoryIn } from "../reading.ts";
import { draftOf } from "../reading.ts";
import type { Canister, State } from "../state.ts";
import { seedOf } from "../tape.ts";
import { transition } from "../transition.ts";

export const beginRound = transition(roundBegin)<{ elapsed: Nanoseconds; tape: Hex }>({
  when: {},
  then: {
    height: (after, before) => void (after.height = height(before.height + 1)),
    time: (after, before, { elapsed }) => void (after.time = nanoseconds(before.time + elapsed)),
    generator: (after, _before, { tape }) => void Object.assign(after.round, { seed: seedOf(tape), draws: 0 }),
    counter: (after, { parameters }) =>
      void (after.round.counter = parameters.roundInstructionLimit - (sliceOf(parameters) + parameters.messageOverhead) + 1),
  },
});

/** Starts from the genesis and takes over, part by part, what was written out: `read` is the state read back. */
export const restartFrom = transition(restart)<{ read: State }>({
  when: {},
  then: {
    clock: (after, _before, { read }) => void Object.assign(after, { height: read.height, time: read.time }),
    balances: (after, _before, { read }) => takeOver(after, read, ({ balance }) => ({ balance })),
    reserves: (after, _before, { read }) => takeOver(after, read, ({ reserved }) => ({ reserved })),
    prices: (after, before, { read }) => void (after.parameters = castDraft({ ...before.parameters, fees: read.parameters.fees })),
    tokens: (after, _before, { read }) => void Object.assign(after, { tokens: read.tokens }),
    code: (after, _before, { read }) => takeOver(after, read, ({ code }) => ({ code })),
    memory: (after, _before, { read }) => takeOver(after, read, ({ timer, hook, ...canister }) => ({ timer, hook, ...memoryIn(canister) })),
    certified: (after, _before, { read }) => takeOver(after, read, ({ certifiedData }) => ({ certifiedData })),
    queues: (after, _before, { read }) =>
      takeOver(after, read, ({ ingress, local, remote, outputs }) => ({ ingress, local, remote, outputs })),
    turns: (after, _before, { read }) => takeOver(after, read, ({ turn, source }) => ({ turn, source })),
    streams: (after, _before, { read }) => void Object.assign(after, { streams: read.streams }),
    contexts: (after, _before, { read }) => takeOver(after, read, ({ contexts }) => ({ contexts })),
    callbacks: (after, _before, { read }) =>
      takeOver(after, read, ({ callbacks, nextContext, nextCallback }) => ({ callbacks, nextContext, nextCallback })),
    priorities: (after, _before, { read }) => takeOver(after, read, ({ accumulatedPriority }) => ({ accumulatedPriority })),
    ingress: (after, _before, { read }) => void Object.assign(after, { history: read.history, senders: read.senders, pool: read.pool }),
    randomness: (after, _before, { read }) => void Object.assign(after, { waiting: read.waiting }),
    statuses: (after, _before, { read }) => takeOver(after, read, ({ status, stops }) => ({ status, stops })),
    management: (after, _before, { read }) => void Object.assign(after, { management: read.management }),
    consensus: (after, _before, { read: { consensus, nextOutcall } }) => void Object.assign(after, { consensus, nextOutcall }),
    members: (after, _before, { read }) => {
      for (const id of [...after.canisters.keys()]) if (!read.canisters.has(id)) after.canisters.delete(id);
      for (const [id, canister] of read.canisters) if (!after.canisters.has(id)) after.canisters.set(id, castDraft(canister));
      Object.assign(after, { retired: read.retired });
    },
    snapshots: (after, _before, { read }) => takeOver(after, read, ({ snapshots, nextSnapshot }) => ({ snapshots, nextSnapshot })),
    chunks: (after, _before, { read }) => takeOver(after, read, ({ chunks }) => ({ chunks })),
    settings: (after, _before, { read }) =>
      takeOver(after, read, ({ controllers, freezingThreshold, reservedLimit }) => ({ controllers, freezingThreshold, reservedLimit })),
    histories: (after, _before, { read }) => takeOver(after, read, ({ version, history }) => ({ version, history })),
    allocations: (after, _before, { read }) =>
      takeOver(after, read, ({ computeAllocation, memoryAllocation }) => ({ computeAllocation, memoryAllocation })),
    executions: (after, _before, { read }) => takeOver(after, read, ({ underway }) => ({ underway })),
    executed: (after, _before, { read }) => takeOver(after, read, ({ executedRounds }) => ({ executedRounds })),
    debits: (after, _before, { read }) => takeOver(after, read, ({ heapDebit, installDebit }) => ({ heapDebit, installDebit })),
    stamps: (after, _before, { read }) => takeOver(after, read, ({ chargedAt }) => ({ chargedAt })),
    delta: (after, _before, { read }) => void Object.assign(after, { heapDelta: read.heapDelta }),
    committee: (after, _before, { read }) => void Object.assign(after, { nodes: read.nodes }),
    totals: (after, _before, { read }) => void Object.assign(after, totalsOf(read)),
  },
});

const totalsOf = ({ burned, lost, sent, received, minted }: State) => ({ burned, lost, sent, received, minted });

const takeOver = (after: Draft<State>, read: State, part: (canister: Canister) => Partial<Canister>): void => {
  for (const [id, canister] of read.canisters) if (after.canisters.has(id)) Object.assign(draftOf(after, id), part(canister));
};
