/** Execution: the clauses of `spec/rules/execution.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import {
  contextOpen,
  cycles,
  executionBegin,
  executionCommit,
  executionRollback,
  executionSettle,
  instructions,
  instructionsUse,
  pageWrite,
  systemCall,
  byteLength,
  type CanisterId,
  type Cycles,
  type Hex,
  type Instructions,
  type MethodName,
  type Nanoseconds,
  type Origin,
  type Principal,
} from "../../spec/index.ts";
import { covers, freezingThreshold, least, prepayment, unusedRefund } from "../money.ts";
import { canisterOf, draftOf, heapOf, isInside, memoryIn, runningOf } from "../reading.ts";
import type { Canister, Execution, State } from "../state.ts";
import { transition } from "../transition.ts";

/** `execution` is the one that begins; its prepayment is taken by this rule. `owes`: whether it is a request whose response is guaranteed. */
export const beginExecution = transition(executionBegin)<{ execution: Execution; owes: boolean }>({
  when: {
    unstopped: (before, { execution }) => execution.phase === "task" || canisterOf(before, execution.canister).status !== "stopped",
    unstopping: (before, { execution }) => execution.phase === "task" || canisterOf(before, execution.canister).status !== "stopping",
    funded: (before, { execution, owes }) =>
      covers(before, canisterOf(before, execution.canister), prepayment(before.parameters), owes ? before.parameters.maxPayload : 0),
  },
  then: {
    debit: (after, before, { execution: { canister } }) =>
      void (draftOf(after, canister).balance = cycles(canisterOf(before, canister).balance - prepayment(before.parameters))),
    hold: (after, before, { execution }) => void (after.running = { ...castDraft(execution), prepaid: prepayment(before.parameters) }),
  },
});

export const openContext = transition(contextOpen)<{
  canister: CanisterId;
  method: MethodName;
  origin: Origin;
  caller: Principal;
  deadline: Nanoseconds | null;
  attached: Cycles;
}>({
  when: {
    installed: (before, { canister }) => canisterOf(before, canister).code !== null,
    exported: (before, { canister, method }) => canisterOf(before, canister).code?.methods.has(method) ?? true,
    replicable: (before, { canister, method }) => canisterOf(before, canister).code?.methods.get(method)?.mode !== "composite",
  },
  then: {
    open: (after, before, { canister, origin, caller, deadline, attached }) =>
      void draftOf(after, canister).contexts.set(canisterOf(before, canister).nextContext, {
        status: "open",
        origin,
        caller,
        deadline,
        available: attached,
      }),
    name: (after, before, { canister }) => void (draftOf(after, canister).nextContext = canisterOf(before, canister).nextContext + 1),
  },
});

export const useInstructions = transition(instructionsUse)<{ cost: Instructions }>({
  when: {
    within: (before, { cost }) => runningOf(before).used + cost <= runningOf(before).limit,
  },
  then: {
    count: (after, before, { cost }) => void (after.running!.used = instructions(runningOf(before).used + cost)),
  },
});

/** What a script asks of the platform and may not ask everywhere. */
export type SystemCall = "send" | "attach" | "answer" | "accept" | "let in" | "burn" | "set the timer" | "certify";

export const callSystem = transition(systemCall)<{ call: SystemCall }>({
  when: {
    sender: (before, { call }) => call !== "send" || isAny(before, "update", "task", "callback", "composite", "query callback"),
    payer: (before, { call }) => call !== "attach" || !isAny(before, "composite", "query callback"),
    answerer: (before, { call }) =>
      call !== "answer" || isAny(before, "update", "callback", "replicated query", "query", "composite", "query callback"),
    acceptor: (before, { call }) => call !== "accept" || isAny(before, "update", "callback") || isAllowedQuery(before),
    inspector: (before, { call }) => call !== "let in" || isAny(before, "inspection"),
    burner: (before, { call }) =>
      call !== "burn" || isAny(before, "update", "task", "callback", "cleanup", "installation") || isAllowedQuery(before),
    lasting: (before, { call }) => call !== "set the timer" || isAny(before, "update", "task", "callback", "cleanup", "installation"),
    certifier: (before, { call }) => call !== "certify" || isAny(before, "update", "task", "callback", "installation"),
  },
  then: {},
});

export const writePage = transition(pageWrite)<{ page: number; content: Hex }>({
  when: {
    inside: (before, { page }) => isInside(before.parameters, canisterOf(before, runningOf(before).canister), page),
    fits: (before, { content }) => byteLength(content) <= before.parameters.pageSize,
  },
  then: {
    store: (after, before, { page, content }) => void draftOf(after, runningOf(before).canister).pages.set(page, content),
  },
});

export const commitExecution = transition(executionCommit)<Record<never, never>>({
  when: {
    solvent: (before) => isAny(before, "callback", "cleanup", "replicated query") || isSolvent(before, runningOf(before).canister),
    limited: (before) => runningOf(before).phase !== "update" || isWithinLimit(before, canisterOf(before, runningOf(before).canister)),
  },
  then: {
    version: (after, before) => {
      if (isAny(before, "update", "task", "callback", "cleanup"))
        draftOf(after, runningOf(before).canister).version = canisterOf(before, runningOf(before).canister).version + 1;
    },
  },
});

/** `start` is the state before the script ran: prepaid, and with what a response brought. */
export const rollBack = transition(executionRollback)<{ start: State }>({
  when: {},
  then: {
    memory: (after, before, { start }) => restore(after, before, start, memoryIn),
    timer: (after, before, { start }) => restore(after, before, start, ({ timer }) => ({ timer })),
    certified: (after, before, { start }) => restore(after, before, start, ({ certifiedData }) => ({ certifiedData })),
    balance: (after, before, { start }) => restore(after, before, start, ({ balance }) => ({ balance })),
    reserved: (after, before, { start }) => restore(after, before, start, ({ reserved }) => ({ reserved })),
    available: (after, before, { start }) => restore(after, before, start, ({ contexts }) => ({ contexts })),
    burned: (after, _before, { start }) => void (after.burned = start.burned),
    share: (after, _before, { start }) => void (after.round.left.memory = start.round.left.memory),
    storage: (after, _before, { start }) => void (after.round.left.used = start.round.left.used),
    count: (after, _before, { start }) => void (after.round.left.callbacks = start.round.left.callbacks),
    requests: (after, before, { start }) => restore(after, before, start, ({ outputs }) => ({ outputs })),
    calls: (after, _before, { start }) => void (after.asking.calls = castDraft(start.asking.calls)),
    callbacks: (after, before, { start }) => restore(after, before, start, ({ callbacks, nextCallback }) => ({ callbacks, nextCallback })),
    answer: (after) => void (after.running!.answer = null),
  },
});

/** `unused` are the instructions of the message limit that the execution did not use. */
export const settle = transition(executionSettle)<{ unused: number }>({
  when: {},
  then: {
    refund: (after, before, { unused }) =>
      void (draftOf(after, runningOf(before).canister).balance = cycles(
        canisterOf(before, runningOf(before).canister).balance + settled(before, unused).refund,
      )),
    burn: (after, before, { unused }) => void (after.burned = cycles(before.burned + settled(before, unused).charged)),
  },
});

/** How a prepayment divides. */
export const settled = (before: State, unused: number): { readonly refund: Cycles; readonly charged: Cycles } => {
  const { prepaid } = runningOf(before);
  const refund = least(unusedRefund(before.parameters.fees, unused), prepaid);
  return { refund, charged: cycles(prepaid - refund) };
};

/** Whether what runs is one of these. */
export const isAny = (before: State, ...phases: readonly Execution["phase"][]): boolean => phases.includes(runningOf(before).phase);

/** Whether a query runs in a round, where the parameters let it move cycles. */
const isAllowedQuery = (before: State): boolean => before.parameters.replicatedQueryAccepts && isAny(before, "replicated query");

const isSolvent = (before: State, id: CanisterId): boolean => {
  const { gained, postponed } = runningOf(before).held ?? { gained: 0n, postponed: 0n };
  return canisterOf(before, id).balance + gained - postponed >= freezingThreshold(before, canisterOf(before, id));
};

const isWithinLimit = ({ parameters }: State, canister: Canister): boolean =>
  heapOf(parameters, canister) <= (canister.code?.lowMemory?.limit ?? Infinity);

const restore = (after: Draft<State>, before: State, start: State, part: (canister: ReturnType<typeof canisterOf>) => object): void =>
  void Object.assign(draftOf(after, runningOf(before).canister), part(canisterOf(start, runningOf(before).canister)));
