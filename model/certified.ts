/** What is at hand while the tree of a state is put together, and while a certificate of it is made. Between two inputs there is nothing of it. */
import type { CanisterId, Hex, IngressId, Path } from "../spec/index.ts";
import type { Branch } from "./tree.ts";

/** The tree of the state part by part: of each canister, and of each message of the ingress history, some branches. */
export interface TreeParts {
  readonly time: readonly Branch[];
  readonly data: ReadonlyMap<CanisterId, readonly Branch[]>;
  readonly memory: ReadonlyMap<CanisterId, readonly Branch[]>;
  readonly timers: ReadonlyMap<CanisterId, readonly Branch[]>;
  readonly statuses: ReadonlyMap<IngressId, readonly Branch[]>;
  readonly replies: ReadonlyMap<IngressId, readonly Branch[]>;
  readonly rejects: ReadonlyMap<IngressId, readonly Branch[]>;
}

/** What a certificate shows: paths that lead to something, asked for or not, and paths that lead nowhere. */
export interface Certificate {
  readonly always: readonly Path[];
  readonly present: readonly Path[];
  readonly absent: readonly Path[];
  /** Whether digests stand for all else. */
  readonly pruned: boolean;
  readonly signature: Hex | null;
}

/** A tree without any of its parts. */
export const bareTree: TreeParts = {
  time: [],
  data: new Map(),
  memory: new Map(),
  timers: new Map(),
  statuses: new Map(),
  replies: new Map(),
  rejects: new Map(),
};

/** A certificate that shows nothing in particular. */
export const blankCertificate: Certificate = { always: [], present: [], absent: [], pruned: false, signature: null };
