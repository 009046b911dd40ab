/** Snapshots: the clauses of `spec/rules/snapshots.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import { bytes, cycles, snapshotDelete, snapshotLoad, snapshotTake, type CanisterId, type Cycles } from "../../spec/index.ts";
import { enter, grow } from "../changes.ts";
import { memoryInUse } from "../memory.ts";
import { freezingThreshold, reservation, workCost } from "../money.ts";
import { canisterOf, draftOf, known, move } from "../reading.ts";
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
    funded: (before, taking) => canPay(before, withAhead(before, taking), aheadOf(before, taking)),
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
    pay: (after, before, { canister }) => pay(after, before, canister),
    reserve: (after, before, taking) => {
      move(after, taking.canister, -aheadOf(before, taking));
      draftOf(after, taking.canister).reserved = withAhead(before, taking).reserved;
    },
    debit: (after, before, { canister }) => writeDown(after, before, canister, canisterOf(before, canister).pages.size),
  },
});

const pictureOf = ({ pages, certifiedData }: Canister): Pick<Snapshot, "pages" | "certifiedData"> => ({ pages, certifiedData });

/** What taking a snapshot, or bringing it back, costs. */
export const snapshotPrice = ({ parameters: { fees, snapshotInstructions } }: State): Cycles => workCost(fees, snapshotInstructions);

/** What has to be set aside for the pages of the snapshot, those of the replaced one taken off. */
export const aheadOf = (before: State, { canister, replaced }: Taking): Cycles => {
  const { pages, snapshots } = canisterOf(before, canister);
  const more = pages.size - (replaced === null ? 0 : (snapshots.get(replaced)?.pages.size ?? 0));
  const { parameters } = before;
  const seen = Math.floor(memoryInUse(before) / parameters.cores);
  return reservation(parameters, seen, Math.max(0, more) * parameters.pageSize);
};

/** The canister as it would be with the snapshot, before anything of it is paid. */
const withAhead = (before: State, taking: Taking): Canister => {
  const now = canisterOf(before, taking.canister);
  const snapshots = new Map(now.snapshots);
  if (taking.replaced !== null) snapshots.delete(taking.replaced);
  if (now.code !== null) snapshots.set(now.nextSnapshot, { ...pictureOf(now), code: now.code, takenAt: before.time });
  return { ...now, snapshots, reserved: cycles(now.reserved + aheadOf(before, taking)) };
};

/** Whether the balance covers the price and some more cycles, and the freezing threshold of what it will be. */
const canPay = (before: State, then: Canister, more: Cycles): boolean =>
  then.balance >= snapshotPrice(before) + more + freezingThreshold(before, then);

const isCalm = ({ canisters, parameters }: State, canister: CanisterId): boolean =>
  known(canisters.get(canister), `canister ${canister}`).heapDebit < parameters.heapDeltaRateLimit;

const pay = (after: Draft<State>, before: State, canister: CanisterId): void => {
  move(after, canister, -snapshotPrice(before));
  after.burned = cycles(before.burned + snapshotPrice(before));
};

const writeDown = (after: Draft<State>, before: State, canister: CanisterId, pages: number): void => {
  const written = pages * before.parameters.pageSize;
  draftOf(after, canister).heapDebit = bytes(canisterOf(before, canister).heapDebit + written);
  after.heapDelta = bytes(before.heapDelta + written);
};

/** `source`: the canister of which the snapshot is. */
interface Loading {
  readonly canister: CanisterId;
  readonly source: CanisterId;
  readonly snapshot: number;
  readonly by: CanisterId;
}

export const loadSnapshot = transition(snapshotLoad)<Loading>({
  when: {
    known: (before, { source }) => before.canisters.has(source),
    allowed: (before, { source, by }) => before.canisters.get(source)?.controllers.has(by) ?? true,
    found: (before, loading) => foundIn(before, loading) !== undefined,
    calm: (before, { canister }) => isCalm(before, canister),
    funded: (before, loading) => canPay(before, broughtBack(before, loading), cycles(0n)),
  },
  then: {
    code: (after, before, loading) => bringBack(after, before, loading, ({ code }) => ({ code })),
    memory: (after, before, loading) => bringBack(after, before, loading, ({ pages }) => ({ pages })),
    certified: (after, before, loading) => bringBack(after, before, loading, ({ certifiedData }) => ({ certifiedData })),
    hook: (after, _before, { canister }) => void (draftOf(after, canister).hook = "armed"),
    pay: (after, before, { canister }) => pay(after, before, canister),
    debit: (after, before, loading) => writeDown(after, before, loading.canister, foundIn(before, loading)?.pages.size ?? 0),
    version: (after, before, { canister }) => grow(after, before, canister),
    change: (after, before, { canister, by }) => enter(after, before, canister, "load", by),
  },
});

const foundIn = ({ canisters }: State, { source, snapshot }: Loading): Snapshot | undefined =>
  canisters.get(source)?.snapshots.get(snapshot);

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
