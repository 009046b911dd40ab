/** Code: the clauses of `spec/rules/code.ts`, one line each. */
import type { Draft } from "immer";
import {
  codeReplace,
  cycles,
  hex,
  installBegin,
  installCommit,
  installRollback,
  installSettle,
  type CanisterId,
  type Cycles,
  type Installation,
  type ModuleName,
  type Principal,
} from "../../spec/index.ts";
import { enter, grow } from "../changes.ts";
import { memoryInUse } from "../memory.ts";
import { covers, executionCost, freezingThreshold, least, unusedRefund } from "../money.ts";
import { canisterOf, draftOf, known, memoryIn, move, runningOf } from "../reading.ts";
import type { Canister, Code, Execution, State } from "../state.ts";
import { transition } from "../transition.ts";

/** `execution` is the one that begins; what it costs at most is taken by this rule. */
export const beginInstall = transition(installBegin)<{ asked: Installation; execution: Execution }>({
  when: {
    known: (before, { asked: { module } }) => before.modules.has(module),
    empty: (before, { asked: { canister, mode } }) => mode !== "install" || canisterOf(before, canister).code === null,
    present: (before, { asked: { canister, mode } }) => mode !== "upgrade" || canisterOf(before, canister).code !== null,
    said: (before, { asked: { canister, mode, heap } }) =>
      mode !== "upgrade" || heap !== null || canisterOf(before, canister).code?.persistentHeap !== true,
    keeping: (before, { asked: { module, heap } }) => heap !== "keep" || before.modules.get(module)?.persistentHeap === true,
    patient: (before, { asked: { canister } }) => canisterOf(before, canister).installDebit === 0,
    funded: (before, { asked: { canister } }) => covers(before, canisterOf(before, canister), installCost(before)),
  },
  then: {
    debit: (after, before, { asked: { canister } }) => move(after, canister, -installCost(before)),
    hold: (after, before, { execution }) => void Object.assign(after, { running: { ...execution, prepaid: installCost(before) } }),
    share: (after, before) => void (after.round.left.used = Math.floor(memoryInUse(before) / before.parameters.cores)),
  },
});

/** What an installation costs at most. */
const installCost = ({ parameters: { fees, installInstructionLimit } }: State): Cycles => executionCost(fees, installInstructionLimit);

export const replaceCode = transition(codeReplace)<{ asked: Installation; by: Principal }>({
  when: {},
  then: {
    code: (after, before, { asked: { canister, module } }) =>
      void Object.assign(draftOf(after, canister), { code: moduleIn(before, module) }),
    heap: (after, before, { asked }) => {
      if (asked.mode !== "upgrade" || asked.heap !== "keep") forget(after, before, asked.canister, (page, heap) => page < heap);
    },
    stable: (after, before, { asked }) => {
      if (asked.mode === "upgrade") return;
      forget(after, before, asked.canister, (page, heap) => page >= heap);
      draftOf(after, asked.canister).stablePages = 0;
    },
    timer: (after, _before, { asked: { canister } }) => void (draftOf(after, canister).timer = null),
    certified: (after, _before, { asked: { canister, mode } }) => {
      if (mode !== "upgrade") draftOf(after, canister).certifiedData = hex("");
    },
    hook: (after, _before, { asked: { canister } }) => void (draftOf(after, canister).hook = "armed"),
    version: (after, before, { asked: { canister } }) => grow(after, before, canister),
    change: (after, before, { asked: { canister, mode }, by }) => enter(after, before, canister, mode, by),
  },
});

const moduleIn = ({ modules }: State, name: ModuleName): Code => known(modules.get(name), `module ${name}`);

const forget = (after: Draft<State>, before: State, id: CanisterId, isGone: (page: number, heapPages: number) => boolean): void => {
  for (const page of canisterOf(before, id).pages.keys())
    if (isGone(page, before.parameters.heapPages)) draftOf(after, id).pages.delete(page);
};

export const commitInstall = transition(installCommit)<{ asked: Installation }>({
  when: {
    solvent: (before, { asked: { canister } }) =>
      canisterOf(before, canister).balance >= freezingThreshold(before, canisterOf(before, canister)),
  },
  then: {},
});

/** `start` is the state before anything of it ran, with its prepayment taken. */
export const rollBackInstall = transition(installRollback)<{ start: State }>({
  when: {},
  then: {
    code: (after, before, { start }) => restore(after, before, start, ({ code }) => ({ code })),
    memory: (after, before, { start }) => restore(after, before, start, memoryIn),
    timer: (after, before, { start }) => restore(after, before, start, ({ timer }) => ({ timer })),
    certified: (after, before, { start }) => restore(after, before, start, ({ certifiedData }) => ({ certifiedData })),
    hook: (after, before, { start }) => restore(after, before, start, ({ hook }) => ({ hook })),
    history: (after, before, { start }) => restore(after, before, start, ({ version, history }) => ({ version, history })),
    balance: (after, before, { start }) => restore(after, before, start, ({ balance }) => ({ balance })),
    reserved: (after, before, { start }) => restore(after, before, start, ({ reserved }) => ({ reserved })),
    burned: (after, _before, { start }) => void (after.burned = start.burned),
  },
});

const restore = (after: Draft<State>, before: State, start: State, part: (canister: Canister) => Partial<Canister>): void =>
  void Object.assign(draftOf(after, runningOf(before).canister), part(canisterOf(start, runningOf(before).canister)));

export const settleInstall = transition(installSettle)<Record<never, never>>({
  when: {},
  then: {
    refund: (after, before) => move(after, runningOf(before).canister, unusedOf(before)),
    burn: (after, before) => void (after.burned = cycles(before.burned + chargedFor(before))),
    debit: (after, before) => void (draftOf(after, runningOf(before).canister).installDebit = runningOf(before).used),
  },
});

/** What of the prepayment is burned. */
export const chargedFor = (before: State): Cycles => cycles(runningOf(before).prepaid - unusedOf(before));

const unusedOf = (before: State): Cycles => {
  const { used, prepaid } = runningOf(before);
  const { fees, installInstructionLimit } = before.parameters;
  return least(unusedRefund(fees, installInstructionLimit - used), prepaid);
};
