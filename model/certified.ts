/** What is at hand while the tree of a state is put together, and while a certificate of it is made. Between two inputs there is nothing of it. */
import type { Hex, IngressStatus, Path } from "../spec/index.ts";
import type { Canister, State } from "./state.ts";
import type { Branch } from "./tree.ts";

/** What of a canister can be in the tree. */
export type Certifiable = Pick<Canister, "pages" | "timer" | "certifiedData" | "controllers">;

/** What the tree holds, as functions that read it: of the subnet, of each canister, of each message of the ingress history. */
export interface TreeParts {
  readonly ofSubnet: readonly ((subnet: Pick<State, "time">) => readonly Branch[])[];
  readonly ofCanister: readonly ((canister: Certifiable) => readonly Branch[])[];
  readonly ofMessage: readonly ((status: IngressStatus) => readonly Branch[])[];
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

/** A tree that holds nothing. */
export const bareTree: TreeParts = { ofSubnet: [], ofCanister: [], ofMessage: [] };

/** A certificate that shows nothing in particular. */
export const blankCertificate: Certificate = { always: [], present: [], absent: [], pruned: false, signature: null };
