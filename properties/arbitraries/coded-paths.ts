/** Paths of code, settings and histories: what becomes of what clerks ask for. */
import type { ErrorCode, Event, MethodName } from "../../spec/index.ts";
import { allotmentPaths, pathOfReserve, pathsOfAllotment, scarceAllotmentPaths, type AllotmentWalk } from "./allotment-paths.ts";

export const codedPaths = [
  "code is installed",
  "code is reinstalled",
  "code is upgraded",
  "an installation traps",
  "an upgrade traps",
  "an installation uses up its instructions",
  "an installation burns cycles",
  "an installation certifies",
  "an installation knows no such module",
  "code is installed onto code",
  "an upgrade finds no code",
  "an upgrade says nothing fitting of the heap",
  "an installation comes too soon",
  "an installation cannot be paid",
  "settings are changed",
  "settings want more than there is",
  "settings want more compute than can be paid",
  "too many controllers are named",
  "a canister makes a canister",
  "a canister that is to be made wants more than there is",
  "a canister that is to be made is not paid",
  "a canister that was made runs code",
  "a canister tells its history",
  "a history is too long for an answer",
  "words make no sense",
] as const;

export const snapshotPaths = [
  "a snapshot is taken",
  "a snapshot takes the place of another one",
  "there are too many snapshots, or nothing to be kept",
  "the snapshot to be replaced is not there",
  "a snapshot is brought back",
  "a snapshot of another canister is brought back",
  "a snapshot is brought back where there is no code",
  "a snapshot that is brought back changes pages",
  "a snapshot that is brought back changes certified data",
  "the snapshot to be brought back is not there",
  "the snapshot to be brought back is somebody else's",
  "a snapshot is deleted",
  "the snapshot to be deleted is not there",
  "snapshots are told",
  "snapshots are too many to be told",
] as const;

/** Those that need worlds of their own: much that is written, little to pay with, memory that is scarce, and rents. */
export const scarceSnapshotPaths = [
  "a snapshot has to wait for the heap",
  "a snapshot cannot be paid",
  "bringing a snapshot back cannot be paid",
  "a snapshot sets cycles aside",
  "a snapshot would set too much aside",
  "a canister with a snapshot runs dry",
] as const;

export const chunkPaths = [
  "a chunk is kept",
  "a chunk comes again",
  "there are too many chunks",
  "chunks are told",
  "chunks are too many to be told",
  "chunks are cleared away",
  "chunks are joined to a module",
  "chunks to be joined are missing, or make another text",
  "chunks to be joined are somebody else's",
  "chunks come back with a snapshot",
] as const;

/** Those that need worlds of their own, as above. */
export const scarceChunkPaths = [
  "a chunk has to wait for the heap",
  "a chunk cannot be paid",
  "a chunk sets cycles aside",
  "a chunk would set too much aside",
  "a canister with chunks runs dry",
] as const;

export const storedCodePaths = [
  "an installation sets cycles aside",
  "an installation grows too much",
  "a limit is below what is set aside",
  "a canister with a history runs dry",
] as const;

/** All of them, in the order in which they are listed. */
export const allCodedPaths = [
  ...codedPaths,
  ...storedCodePaths,
  ...snapshotPaths,
  ...scarceSnapshotPaths,
  ...chunkPaths,
  ...scarceChunkPaths,
  ...allotmentPaths,
  ...scarceAllotmentPaths,
] as const;

type CodedPath = (typeof allCodedPaths)[number];

/** What must be known of what was before. */
export interface CodedWalk {
  /** The method of each question, by caller and number. */
  readonly asked: Map<string, MethodName>;
  /** Whose code, or controllers, were changed. */
  readonly changed: Set<string>;
  /** Who lost its code, and who has, or had, a snapshot. */
  readonly bare: Set<string>;
  readonly kept: Set<string>;
  /** Who keeps chunks, and which snapshots do. */
  readonly stocked: Set<string>;
  readonly allotted: AllotmentWalk;
}

export const openCodedWalk = (): CodedWalk => ({
  asked: new Map(),
  changed: new Set(),
  bare: new Set(),
  kept: new Set(),
  stocked: new Set(),
  allotted: new Map(),
});

/** The paths that the events of one input show. */
export const codedPathsOf = (events: readonly Event[], walk: CodedWalk): readonly CodedPath[] =>
  events.flatMap((event, at): readonly CodedPath[] => {
    switch (event.kind) {
      case "management-asked":
        walk.asked.set(`${event.caller} ${event.callback}`, event.method);
        return [];
      case "request-bounced":
        return event.error === "IC0408" ? ["words make no sense"] : [];
      case "installation-ran":
        if (event.trap === null) walk.changed.add(event.canister);
        if (event.trap === null) walk.bare.delete(event.canister);
        return [
          ...pathsOfInstallation(event),
          ...(events[at + 1]?.kind === "data-certified" ? (["an installation certifies"] as const) : []),
        ];
      case "settings-updated":
        walk.changed.add(event.canister);
        return ["settings are changed", ...pathsOfAllotment(event, walk.allotted)];
      case "memory-reserved":
        return [pathOfReserve(events[at - 1])];
      case "management-answered": {
        const method = walk.asked.get(`${event.caller} ${event.callback}`) ?? "";
        if (event.result.kind === "reply")
          return method === "upload_chunk" && events[at - 1]?.kind !== "chunk-kept" ? ["a chunk comes again"] : named(replies, method);
        const ran = events.slice(Math.max(0, at - 3), at).some(({ kind }) => kind === "installation-ran");
        return ran ? [] : named(refusals, `${method} ${event.result.error}`);
      }
      case "executed":
        return event.canister.startsWith("canister-") && walk.changed.has(event.canister) ? ["a canister that was made runs code"] : [];
      case "uninstalled":
        walk.bare.add(event.canister);
        walk.stocked.delete(event.canister);
        return [];
      case "snapshot-taken":
        walk.kept.add(event.canister);
        if (walk.stocked.has(event.canister)) walk.stocked.add(`${event.canister} ${event.snapshot}`);
        return [
          event.replaced === null ? "a snapshot is taken" : "a snapshot takes the place of another one",
          ...(event.reserved > 0n ? (["a snapshot sets cycles aside"] as const) : []),
        ];
      case "snapshot-loaded":
        return pathsOfLoading(event, events[at + 1], walk);
      case "chunk-kept":
        walk.stocked.add(event.canister);
        return ["a chunk is kept", ...(event.reserved > 0n ? (["a chunk sets cycles aside"] as const) : [])];
      case "chunks-cleared":
        walk.stocked.delete(event.canister);
        return event.chunks > 0 ? ["chunks are cleared away"] : [];
      case "snapshot-deleted":
        return ["a snapshot is deleted"];
      case "ran-dry":
        return [
          ...(walk.changed.has(event.canister) ? (["a canister with a history runs dry"] as const) : []),
          ...(walk.kept.has(event.canister) ? (["a canister with a snapshot runs dry"] as const) : []),
          ...(walk.stocked.delete(event.canister) ? (["a canister with chunks runs dry"] as const) : []),
          ...(walk.allotted.delete(event.canister) ? (["a canister that has memory to itself runs dry"] as const) : []),
        ];
      default:
        return [];
    }
  });

const pathsOfInstallation = ({
  mode,
  trap,
  burned,
  reserved,
}: Extract<Event, { readonly kind: "installation-ran" }>): readonly CodedPath[] => [
  ...(trap === null
    ? ([`code is ${participles[mode]}`] as const)
    : [mode === "upgrade" ? ("an upgrade traps" as const) : ("an installation traps" as const)]),
  ...(trap === null ? [] : named(traps, trap)),
  ...(burned > 0n ? (["an installation burns cycles"] as const) : []),
  ...(reserved > 0n ? (["an installation sets cycles aside"] as const) : []),
];

const pathsOfLoading = (
  { canister, source, snapshot, wrote }: Extract<Event, { readonly kind: "snapshot-loaded" }>,
  next: Event | undefined,
  { bare, stocked }: CodedWalk,
): readonly CodedPath[] => [
  ...(stocked.has(`${source} ${snapshot}`) ? (["chunks come back with a snapshot"] as const) : []),
  canister === source ? "a snapshot is brought back" : "a snapshot of another canister is brought back",
  ...(bare.delete(canister) ? (["a snapshot is brought back where there is no code"] as const) : []),
  ...(wrote.length > 0 ? (["a snapshot that is brought back changes pages"] as const) : []),
  ...(next?.kind === "data-certified" ? (["a snapshot that is brought back changes certified data"] as const) : []),
];

const participles = { install: "installed", reinstall: "reinstalled", upgrade: "upgraded" } as const;

const traps: Readonly<Partial<Record<ErrorCode, CodedPath>>> = {
  IC0522: "an installation uses up its instructions",
  IC0532: "an installation grows too much",
  IC0534: "an installation grows too much",
  IC0207: "an installation grows too much",
};

const replies: Readonly<Record<string, CodedPath>> = {
  create_canister: "a canister makes a canister",
  canister_info: "a canister tells its history",
  list_canister_snapshots: "snapshots are told",
  stored_chunks: "chunks are told",
  install_chunked_code: "chunks are joined to a module",
};

/** By method and error. */
const refusals: Readonly<Record<string, CodedPath>> = {
  "install_code IC0505": "an installation knows no such module",
  "install_code IC0514": "code is installed onto code",
  "install_code IC0537": "an upgrade finds no code",
  "install_code IC0504": "an upgrade says nothing fitting of the heap",
  "install_code IC0209": "an installation comes too soon",
  "install_code IC0207": "an installation cannot be paid",
  "update_settings IC0101": "settings want more than there is",
  "update_settings IC0530": "settings want more compute than can be paid",
  "update_settings IC0504": "too many controllers are named",
  "update_settings IC0540": "a limit is below what is set aside",
  "update_settings IC0531": "memory that is to be allocated cannot be paid",
  "update_settings IC0533": "memory that is to be allocated would set too much aside",
  "create_canister IC0531": "memory of a canister that is to be made cannot be paid",
  "create_canister IC0533": "memory of a canister that is to be made would set too much aside",
  "create_canister IC0101": "a canister that is to be made wants more than there is",
  "create_canister IC0403": "a canister that is to be made is not paid",
  "canister_info IC0504": "a history is too long for an answer",
  "take_canister_snapshot IC0406": "there are too many snapshots, or nothing to be kept",
  "take_canister_snapshot IC0305": "the snapshot to be replaced is not there",
  "take_canister_snapshot IC0210": "a snapshot has to wait for the heap",
  "take_canister_snapshot IC0534": "a snapshot would set too much aside",
  "take_canister_snapshot IC0207": "a snapshot cannot be paid",
  "load_canister_snapshot IC0305": "the snapshot to be brought back is not there",
  "load_canister_snapshot IC0512": "the snapshot to be brought back is somebody else's",
  "load_canister_snapshot IC0210": "a snapshot has to wait for the heap",
  "load_canister_snapshot IC0207": "bringing a snapshot back cannot be paid",
  "delete_canister_snapshot IC0305": "the snapshot to be deleted is not there",
  "list_canister_snapshots IC0504": "snapshots are too many to be told",
  "upload_chunk IC0504": "there are too many chunks",
  "upload_chunk IC0210": "a chunk has to wait for the heap",
  "upload_chunk IC0207": "a chunk cannot be paid",
  "upload_chunk IC0534": "a chunk would set too much aside",
  "stored_chunks IC0504": "chunks are too many to be told",
  "install_chunked_code IC0504": "chunks to be joined are missing, or make another text",
  "install_chunked_code IC0512": "chunks to be joined are somebody else's",
};

const named = (table: Readonly<Partial<Record<string, CodedPath>>>, name: string): readonly CodedPath[] => {
  const path = table[name];
  return path === undefined ? [] : [path];
};
