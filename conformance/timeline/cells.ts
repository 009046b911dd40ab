/**
 * What a round was for one canister, when the round is over: whether it ran, whether the round was a full one, who ran
 * instead, and how the canister stands with its guarantee.
 */
import { priorityPercent, type CanisterId } from "../../spec/index.ts";
import { guaranteeWindow, type Cell, type GuaranteeWindow, type Overtaken } from "./data.ts";
import { absent, isPresent, type CanisterNotes, type Notebook, type RoundNotes } from "./notebook.ts";
import type { Account } from "./record.ts";

/** A cell for each canister, in the order of the notebook. */
export const cellsOf = (notebook: Notebook, round: RoundNotes, accounts: readonly Account[] | null): readonly Cell[] => {
  const { parameters, canisters } = notebook;
  const present = [...canisters.values()].filter(isPresent);
  const current = parameters.scheduler === "current";
  const capacity = 100 * (current ? parameters.cores - 1 : parameters.cores);
  const free = Math.max(0, capacity - present.reduce((sum, { allocation }) => sum + allocation, 0)) / present.length;
  const wholeRound = current ? 100 * Number(priorityPercent) : 100 * parameters.cores * present.length;
  const full = current ? round.full : fullRounds(round);
  const known = new Map(accounts?.map((account) => [account.canister, account]));
  return [...canisters.values()].map((canister) => {
    if (!canister.present) return absent;
    const { id, status, allocation } = canister;
    const state = stateIn(round, id);
    const account = known.get(id);
    return {
      state,
      status,
      work: round.work?.has(id) ?? false,
      full: full.has(id),
      allocation,
      share: Math.min(100, allocation + free),
      priority: account === undefined ? null : Number(account.priority) / wholeRound,
      unpaid: account?.unpaid ?? null,
      lost: round.lost.get(id) ?? 0,
      overtaken: state === "waits" ? overtakenBy(notebook, round, canister) : null,
      window: windowAfter(canister, round, state, full.has(id)),
    };
  });
};

const stateIn = (round: RoundNotes, id: CanisterId): Cell["state"] => {
  if (round.skipped) return "skipped";
  if (round.turns.some(({ canister }) => canister === id)) return "runs";
  if (round.suspended.has(id)) return "suspended";
  return round.work?.has(id) ? "waits" : "idle";
};

/** As published: whoever was first on its core, or left nothing undone. The current scheduler says it itself. */
const fullRounds = ({ turns }: RoundNotes): ReadonlySet<CanisterId> => {
  const cores = new Set<number>();
  const full = new Set<CanisterId>();
  for (const { iteration, core, canister, drained } of turns) {
    if (drained || (iteration === 1 && !cores.has(core))) full.add(canister);
    cores.add(core);
  }
  return full;
};

/** Of those that ran with less priority: the one that says most about why it could. */
const overtakenBy = ({ canisters }: Notebook, round: RoundNotes, waiting: CanisterNotes): Overtaken | null => {
  const own = keyOf(waiting);
  if (own === null) return null;
  const isLong = (id: CanisterId): boolean => round.long.has(id);
  const found = [...new Set(round.turns.map(({ canister }) => canister))].flatMap((by) => {
    const runner = canisters.get(by);
    const key = runner === undefined ? null : keyOf(runner);
    if (runner === undefined || key === null || key >= own) return [];
    return [{ by, because: reasonFor(runner, waiting, isLong), key }];
  });
  const [first] = found.sort((left, right) => reasons.indexOf(left.because) - reasons.indexOf(right.because) || left.key - right.key);
  return first === undefined ? null : { by: first.by, because: first.because };
};

const reasons: readonly Overtaken["because"][] = ["age", "long", "cores", "dealt"];

const reasonFor = (runner: CanisterNotes, waiting: CanisterNotes, isLong: (id: CanisterId) => boolean): Overtaken["because"] => {
  const [runs, waits] = [isLong(runner.id), isLong(waiting.id)];
  if (runs && waits) return ageOf(runner) > ageOf(waiting) ? "age" : "dealt";
  if (runs) return "long";
  return waits ? "cores" : "dealt";
};

/** What orders canisters of a kind, before the round. */
const keyOf = ({ priority, allocation }: CanisterNotes): number | null => (priority === null ? null : priority + allocation / 100);

const ageOf = ({ unpaid }: CanisterNotes): number => Math.max(1, unpaid ?? 0);

/** A round that was skipped counts for nobody; one without work, or spent suspended, begins the count anew. */
const windowAfter = (
  { id, allocation, backlog }: CanisterNotes,
  { work }: RoundNotes,
  state: Cell["state"],
  full: boolean,
): GuaranteeWindow | null => {
  if (state !== "skipped") {
    if (work?.has(id) === true && state !== "suspended") backlog.push({ full, allocation });
    else backlog.length = 0;
    if (backlog.length > guaranteeWindow) backlog.shift();
  }
  if (backlog.length === 0) return null;
  return {
    rounds: backlog.length,
    full: backlog.filter((each) => each.full).length,
    promised: Math.floor(backlog.reduce((sum, each) => sum + each.allocation, 0) / 100),
  };
};
