/** Snapshots: what comes back is what there was, what goes on around it is not turned back, and what it costs to keep it. */
import * as fc from "fast-check";
import { asciiOf, type CanisterId, type Event, type Hex, type Parameters } from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { alone } from "../case.ts";
import { setAsideFor, snapshotPrice } from "../money.ts";
import { readingOf } from "../reading.ts";
import { rulingOf } from "../tracking/ingress.ts";
import { bytesOf, growthOf, memorySeen, reservedLimitOf, thresholdOf } from "../tracking/holdings.ts";
import { askedIn, nextAsking } from "../tracking/management.ts";
import { pagesInUse } from "../tracking/pages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

type Taken = Extract<Event, { readonly kind: "snapshot-taken" }>;
type Loaded = Extract<Event, { readonly kind: "snapshot-loaded" }>;

export const snapshotsBringBack = watchedLaw({
  id: "snapshots-bring-back",
  statement:
    "A canister onto which a snapshot is brought back has the pages and the certified data that there were when it was taken, and exports what was exported then, whatever happened since, on this canister or on the one from which the snapshot comes, which whoever brings it back must control, too; nothing but its price leaves its balance.",
  source: "facts/messages.md F32, F33; seed 000, orthogonal persistence",
  cites: ["snapshot-take", "snapshot-load", "restart", "canister-uninstall", "code-replace", "canister-exhaust"],
  needs: ["code"],
  otherwise: "no snapshot was brought back",
  cases: (vocabulary) => codedWorlds(vocabulary, { kept: true }).map(alone),
  watch: () => {
    /** What was kept, by canister and number, as it was seen when it was taken. */
    const kept = new Map<string, Kept>();
    const exported = new Map<CanisterId, ReadonlySet<string>>();
    let due: { readonly canister: CanisterId; readonly data: string } | null = null;
    let loaded = false;
    return {
      onEvent: (event, world) => {
        const awaited = due;
        due = null;
        if (awaited !== null) {
          const before = world.canisters.get(awaited.canister)?.certifiedData;
          const told = event.kind === "data-certified" && event.canister === awaited.canister ? event.data : before;
          if (told !== awaited.data) return `${awaited.canister} had "${awaited.data}" certified, and now has "${told ?? "nothing"}"`;
        }
        const canister = "canister" in event && event.canister !== null ? world.canisters.get(event.canister) : undefined;
        if (event.kind === "snapshot-taken" && canister !== undefined) kept.set(keyOf(event.canister, event.snapshot), seenOf(canister));
        if (changesCode.has(event.kind) && canister !== undefined) exported.delete(canister.id);
        if (event.kind === "snapshot-loaded" && canister !== undefined) {
          const was = kept.get(keyOf(event.source, event.snapshot));
          if (was === undefined) return `${event.canister} got back snapshot ${event.snapshot} of ${event.source}, which was never taken`;
          const caller = nextAsking(world)?.request.caller;
          if (caller !== undefined && world.canisters.get(event.source)?.genesis.controllers?.includes(caller) !== true)
            return `${caller} brought a snapshot of ${event.source} back, which it does not control`;
          loaded = true;
          exported.set(event.canister, was.methods);
          due = { canister: event.canister, data: was.certifiedData };
          return unlike(event, canister, was, world.parameters);
        }
        if ((event.kind !== "executed" && event.kind !== "not-executed") || event.cause.kind !== "update") return undefined;
        const methods = exported.get(event.canister);
        if (methods === undefined) return undefined;
        const there = methods.has(event.cause.method);
        if (event.kind === "executed" && !there) return `${event.canister} ran ${event.cause.method}, which its snapshot does not export`;
        return event.kind === "not-executed" && there && (event.error === "IC0536" || event.error === "IC0537")
          ? `${event.canister} refused ${event.cause.method} with ${event.error}, and its snapshot exports it`
          : undefined;
      },
      interested: () => loaded,
    };
  },
});

const changesCode: ReadonlySet<Event["kind"]> = new Set(["installation-ran", "uninstalled", "ran-dry", "canister-deleted"] as const);

interface Kept {
  readonly pages: ReadonlyMap<number, Hex>;
  readonly stablePages: number;
  readonly certifiedData: string;
  readonly methods: ReadonlySet<string>;
}

const keyOf = (canister: CanisterId, snapshot: number): string => `${canister} ${snapshot}`;

const seenOf = ({ pages, stablePages, certifiedData, genesis }: TrackedCanister): Kept => ({
  pages: new Map(pages),
  stablePages,
  certifiedData,
  methods: new Set(readingOf(genesis).methods.keys()),
});

/** What an onlooker has of the pages, with what is told, is what was kept. */
const unlike = (
  { canister: id, snapshot, source, wrote, pages, charged, balance }: Loaded,
  canister: TrackedCanister,
  was: Kept,
  parameters: Parameters,
): Complaint => {
  const what = `snapshot ${snapshot} of ${source}, brought back on ${id},`;
  const used = pagesInUse(parameters, was);
  if (pages !== used) return `${what} has ${used} pages, and leaves ${pages}`;
  const told = new Map(wrote);
  for (const [page, content] of told)
    if (was.pages.get(page) !== content)
      return `${what} writes "${content}" to page ${page}, where there was "${was.pages.get(page) ?? "nothing"}"`;
  for (const [page, content] of was.pages)
    if ((told.get(page) ?? canister.pages.get(page)) !== content)
      return `${what} leaves page ${page} as it is, where there was "${content}"`;
  return balance === canister.balance - charged ? undefined : `${what} cost ${charged} of ${canister.balance}, and left ${balance}`;
};

export const snapshotsArePaidFor = watchedLaw({
  id: "snapshots-are-paid-for",
  statement:
    "A snapshot that is taken or brought back costs what so many instructions cost; one that is taken sets aside what its pages and its chunks need where memory is scarce, less those of the one that it replaces, as far as they pass what is allocated, and never more than may be; what is left covers the freezing threshold with it; and neither happens while the canister changed too many bytes.",
  source: "facts/cycles.md CYC-C31, CYC-2.17, CYC-4.2, T64, CYC-8b.13; facts/messages.md IC0210, IC0305",
  cites: ["snapshot-take", "snapshot-load", "memory-grow", "debit-decay", "restart"],
  needs: ["code"],
  otherwise: "no snapshot was taken or brought back",
  cases: (vocabulary) =>
    fc
      .oneof(
        codedWorlds(vocabulary, { kept: true, damped: true }),
        codedWorlds(vocabulary, { kept: true, poor: true }),
        codedWorlds(vocabulary, { kept: true, stored: true }),
        codedWorlds(vocabulary, { kept: true, stored: true, allotted: true }),
      )
      .map(alone),
  watch: () => {
    let paid = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "snapshot-taken" && event.kind !== "snapshot-loaded") return undefined;
        paid = true;
        const canister = world.canisters.get(event.canister);
        if (canister === undefined) return `${event.canister}, which does not exist, has a snapshot`;
        return (
          mispaid(event, canister, world.parameters) ??
          (event.kind === "snapshot-taken" ? misreserved(event, canister, world) : thawed(event, canister, world))
        );
      },
      interested: () => paid,
    };
  },
});

const mispaid = ({ canister: id, charged }: Taken | Loaded, { heapDebit }: TrackedCanister, parameters: Parameters): Complaint => {
  const price = snapshotPrice(parameters);
  if (charged !== price) return `a snapshot of ${id} costs ${price}, and was charged ${charged}`;
  return heapDebit < parameters.heapDeltaRateLimit
    ? undefined
    : `${id} changed ${heapDebit} bytes, of ${parameters.heapDeltaRateLimit}, and a snapshot was made or brought back`;
};

const misreserved = (event: Taken, canister: TrackedCanister, world: World): Complaint => {
  const { canister: id, replaced, pages, reserved, balance, charged } = event;
  const { parameters } = world;
  const gone = replaced === null ? undefined : canister.snapshots.get(replaced);
  const more = bytesOf(canister, parameters) - (gone === undefined ? 0 : bytesOf(gone, parameters));
  const grown = growthOf(canister, parameters, more);
  const due = grown > 0 ? setAsideFor(parameters, memorySeen(world), grown) : 0n;
  const chunks = canister.chunks.size === 0 ? "" : ` and ${canister.chunks.size} chunks`;
  const what = `a snapshot of ${id} with ${pages} pages${chunks}`;
  const used = pagesInUse(parameters, canister);
  if (pages !== used) return `${what} was taken, and it has ${used}`;
  if (reserved !== due) return `${what} needs ${due} set aside, and ${reserved} were`;
  const all = canister.reserved + reserved;
  if (reserved > 0n && all > reservedLimitOf(canister))
    return `${what} makes ${all} set aside, and the limit is ${reservedLimitOf(canister)}`;
  if (balance !== canister.balance - charged - reserved)
    return `${what} took ${charged} and ${reserved} of ${canister.balance}, and left ${balance}`;
  // Its own chunks, and its snapshots, are counted besides.
  const threshold = thresholdOf(world, canister, { memory: pages * parameters.pageSize + more, reserved: all });
  return balance < threshold ? `${what} left ${balance}, below a freezing threshold of ${threshold}` : undefined;
};

const thawed = ({ canister: id, source, snapshot, pages, balance }: Loaded, canister: TrackedCanister, world: World): Complaint => {
  const chunks = world.canisters.get(source)?.snapshots.get(snapshot)?.chunks;
  const threshold = thresholdOf(world, { ...canister, chunks: new Map(chunks ?? []) }, { memory: pages * world.parameters.pageSize });
  return balance < threshold ? `a snapshot on ${id} left ${balance}, below a freezing threshold of ${threshold}` : undefined;
};

export const snapshotsAreListed = watchedLaw({
  id: "snapshots-are-listed",
  statement:
    "Snapshots of a canister have numbers that go up from 0 and never come again; it has at most so many, unless one takes the place of another; and whoever asks is told of each that was taken, and is neither replaced nor deleted, and of which the canister was not rid by running dry, the time and the number of pages.",
  source: "facts/messages.md F32, F34, IC0305, IC0406; facts/cycles.md CYC-4.2",
  cites: ["snapshot-take", "snapshot-delete", "canister-exhaust", "info-tell", "restart", "canister-uninstall"],
  needs: ["code"],
  otherwise: "nobody asked about snapshots",
  cases: (vocabulary) =>
    fc.oneof(codedWorlds(vocabulary, { kept: true }), codedWorlds(vocabulary, { kept: true, charged: true })).map(alone),
  watch: () => {
    let told = false;
    /** By canister: what is to be told of each snapshot, and the number of the next. */
    const lists = new Map<CanisterId, { next: number; readonly entries: Map<number, string> }>();
    const listFor = (id: CanisterId) => {
      const list = lists.get(id) ?? { next: 0, entries: new Map<number, string>() };
      lists.set(id, list);
      return list;
    };
    return {
      onEvent: (event, world) => {
        switch (event.kind) {
          case "canister-deleted":
            lists.delete(event.canister);
            return undefined;
          case "ran-dry":
            listFor(event.canister).entries.clear();
            return undefined;
          case "snapshot-deleted":
            return listFor(event.canister).entries.delete(event.snapshot)
              ? undefined
              : `snapshot ${event.snapshot} of ${event.canister} was deleted, and there is none`;
          case "snapshot-taken": {
            const list = listFor(event.canister);
            const { snapshot, replaced, pages } = event;
            if (snapshot !== list.next++) return `snapshot ${snapshot} of ${event.canister} was taken, and ${list.next - 1} comes next`;
            if (replaced !== null && !list.entries.delete(replaced))
              return `snapshot ${replaced} of ${event.canister} was replaced, and there is none`;
            if (replaced === null && list.entries.size >= world.parameters.snapshotLimit)
              return `${event.canister} has ${list.entries.size} snapshots, and one more was taken`;
            list.entries.set(snapshot, `${snapshot}:${world.time}:${pages}`);
            return undefined;
          }
          case "ingress-answered":
          case "management-answered": {
            const { asking, what = "" } = rulingOf(event, world) ?? {};
            const asked = asking === undefined ? null : askedIn(asking);
            if (asked?.method !== "list_canister_snapshots" || event.result.kind === "reject" || !world.canisters.has(asked.canister))
              return undefined;
            told = true;
            const text = [...listFor(asked.canister).entries.values()].join(" ");
            return event.result.payload === asciiOf(text)
              ? undefined
              : `${what} was told of other snapshots of ${asked.canister} than "${text}"`;
          }
          default:
            return undefined;
        }
      },
      interested: () => told,
    };
  },
});
