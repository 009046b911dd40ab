/** Snapshots: the clauses of `spec/rules/snapshots.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import { cycles, snapshotDelete, snapshotLoad, snapshotTake, type CanisterId, type Cycles, type Principal } from "../../spec/index.ts";
import { enter, grow } from "../changes.ts";
import { aheadFor, burnPrice, canPay, isCalm, setAside, writeDown } from "../keeping.ts";
import { bytesOf } from "../memory.ts";
import { workCost } from "../money.ts";
import { canisterOf, draftOf, memoryIn } from "../reading.ts";
import type { Canister, Snapshot, State } from "../state.ts";
import { transition } from "../transition.ts";

/** `replaced`: the one that is to go for it. */
interface Taking {
  readonly canister: CanisterId;
  readonly replaced: number | null;
}

export const takeSnapshot = transition(snapshotTake)<Taking>({
  when: {
    present: (before, { canister }) => canisterOf(before, canister).code !== null,
    found: (before, { canister, replaced }) => replaced === null || canisterOf(before, canister).snapshots.has(replaced),
    room: (before, { canister, replaced }) =>
      replaced !== null || canisterOf(before, canister).snapshots.size < before.parameters.snapshotLimit,
    calm: (before, { canister }) => isCalm(before, canister),
    limited: (before, taking) =>
      aheadOf(before, taking) === 0n || withAhead(before, taking).reserved <= withAhead(before, taking).reservedLimit,
    funded: (before, taking) => canPay(before, withAhead(before, taking), snapshotPrice(before) + aheadOf(before, taking)),
  },
  then: {
    keep: (after, before, { canister }) => {
      const now = canisterOf(before, canister);
      const { snapshots } = draftOf(after, canister);
      if (now.code !== null) snapshots.set(now.nextSnapshot, castDraft({ ...pictureOf(now), code: now.code, takenAt: before.time }));
      draftOf(after, canister).nextSnapshot = now.nextSnapshot + 1;
    },
    replace: (after, _before, { canister, replaced }) => {
      if (replaced !== null) draftOf(after, canister).snapshots.delete(replaced);
    },
    pay: (after, before, { canister }) => burnPrice(after, before, canister, snapshotPrice(before)),
    reserve: (after, before, taking) => setAside(after, before, taking.canister, aheadOf(before, taking)),
    debit: (after, before, { canister }) => writeDown(after, before, canister, bytesOf(before.parameters, canisterOf(before, canister))),
  },
});

const pictureOf = ({ certifiedData, chunks, ...canister }: Canister): Omit<Snapshot, "code" | "takenAt"> => ({
  ...memoryIn(canister),
  certifiedData,
  chunks,
});

/** What taking a snapshot, or bringing it back, costs. */
export const snapshotPrice = ({ parameters: { fees, snapshotInstructions } }: State): Cycles => workCost(fees, snapshotInstructions);

/** What has to be set aside for what the memory grows by. */
export const aheadOf = (before: State, taking: Taking): Cycles =>
  aheadFor(before, canisterOf(before, taking.canister), withSnapshot(before, taking));

/** The canister as it would be with the snapshot, before anything of it is paid. */
const withSnapshot = (before: State, taking: Taking): Canister => {
  const now = canisterOf(before, taking.canister);
  const snapshots = new Map(now.snapshots);
  if (taking.replaced !== null) snapshots.delete(taking.replaced);
  if (now.code !== null) snapshots.set(now.nextSnapshot, { ...pictureOf(now), code: now.code, takenAt: before.time });
  return { ...now, snapshots };
};

const withAhead = (before: State, taking: Taking): Canister => {
  const then = withSnapshot(before, taking);
  return { ...then, reserved: cycles(then.reserved + aheadOf(before, taking)) };
};

/** `source`: the canister of which the snapshot is. */
interface Loading {
  readonly canister: CanisterId;
  readonly source: CanisterId;
  readonly snapshot: number;
  readonly by: Principal;
}

export const loadSnapshot = transition(snapshotLoad)<Loading>({
  when: {
    known: (before, { source }) => before.canisters.has(source),
    allowed: (before, { source, by }) => before.canisters.get(source)?.controllers.has(by) ?? true,
    found: (before, loading) => foundIn(before, loading) !== undefined,
    calm: (before, { canister }) => isCalm(before, canister),
    funded: (before, loading) => canPay(before, broughtBack(before, loading), snapshotPrice(before)),
  },
  then: {
    code: (after, before, loading) => bringBack(after, before, loading, ({ code }) => ({ code })),
    memory: (after, before, loading) => bringBack(after, before, loading, memoryIn),
    certified: (after, before, loading) => bringBack(after, before, loading, ({ certifiedData }) => ({ certifiedData })),
    chunks: (after, before, loading) => bringBack(after, before, loading, ({ chunks }) => ({ chunks })),
    hook: (after, _before, { canister }) => void (draftOf(after, canister).hook = "armed"),
    pay: (after, before, { canister }) => burnPrice(after, before, canister, snapshotPrice(before)),
    debit: (after, before, loading) => writeDown(after, before, loading.canister, broughtBytes(before, loading)),
    version: (after, before, { canister }) => grow(after, before, canister),
    change: (after, before, { canister, by }) => enter(after, before, canister, "load", by),
  },
});

const foundIn = ({ canisters }: State, { source, snapshot }: Loading): Snapshot | undefined =>
  canisters.get(source)?.snapshots.get(snapshot);

const broughtBytes = (before: State, loading: Loading): number => {
  const snapshot = foundIn(before, loading);
  return snapshot === undefined ? 0 : bytesOf(before.parameters, snapshot);
};

const broughtBack = (before: State, loading: Loading): Canister => {
  const { takenAt: _, ...picture } = foundIn(before, loading) ?? { takenAt: before.time };
  return { ...canisterOf(before, loading.canister), ...picture };
};

const bringBack = (after: Draft<State>, before: State, loading: Loading, part: (snapshot: Snapshot) => Partial<Canister>): void => {
  const snapshot = foundIn(before, loading);
  if (snapshot !== undefined) Object.assign(draftOf(after, loading.canister), part(snapshot));
};

export const deleteSnapshot = transition(snapshotDelete)<{ canister: CanisterId; snapshot: number }>({
  when: {
    found: (before, { canister, snapshot }) => canisterOf(before, canister).snapshots.has(snapshot),
  },
  then: {
    remove: (after, _before, { canister, snapshot }) => void draftOf(after, canister).snapshots.delete(snapshot),
  },
});
