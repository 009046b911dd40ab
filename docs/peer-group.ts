/** Groups of tests in other suites of the same system: whose they are, what they are about, and what becomes of each part here. */
import type { Fate } from "./fates.ts";

export const peers = ["ic-ref-test", "ic-hs", "spec_compliance", "replica"] as const;
export type Peer = (typeof peers)[number];

/** What each of them is, in a few words. */
export const nameOfPeer: Readonly<Record<Peer, string>> = {
  "ic-ref-test": "ic-ref-test: the acceptance tests of the interface specification",
  "ic-hs": "Unit tests and properties of its reference implementation, ic-hs",
  spec_compliance: "spec_compliance: what the replica's copy of ic-ref-test adds to it",
  replica: "Tests in Rust of the replica",
};

export interface Group {
  /** Its number in `facts/messages.md`. */
  readonly id: string;
  readonly peer: Peer;
  readonly group: string;
  /** How many cases it has, where those of its parts are not told apart. */
  readonly cases?: number;
  readonly parts: readonly Part[];
}

export interface Part {
  readonly what: string;
  /** `null` where the fact sheet does not count them. */
  readonly cases: number | null;
  readonly fate: Fate;
}

/** A part with its number of cases. */
export const part = (what: string, cases: number | null, fate: Fate): Part => ({ what, cases, fate });

/** A group of the acceptance tests. */
export const refTest = (number: number, group: string, ...parts: readonly Part[]): Group => ({
  id: `MSG-10.1.${number}`,
  peer: "ic-ref-test",
  group,
  parts,
});
