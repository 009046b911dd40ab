/**
 * The requests that left the layer and wait for consensus, by number. Beside them it is counted how many wait in which queue, and those
 * that still need a nonce are listed: a round looks at these and at no others.
 */
import type { Asked, Height, Hex, SignatureMethod } from "../spec/index.ts";
import type { Request } from "./messages.ts";

/** What leaves the layer. */
export type AskedOfConsensus = Extract<Asked, { method: SignatureMethod | "http_request" }>;

export const isForConsensus = (asked: Asked): asked is AskedOfConsensus => asked.canister === null && !("settings" in asked);

export interface WaitingConsensus {
  readonly number: number;
  /** With what is left of its cycles. */
  readonly request: Request;
  readonly asked: AskedOfConsensus;
  /** Of the round that executed its sending. */
  readonly sent: Height;
  /** Of the round that took it up. */
  readonly since: Height;
  /** `null` for an outcall. */
  readonly id: Hex | null;
  /** `null` where none was drawn. */
  nonce: Hex | null;
}

export interface Consensus {
  /** The number of the next request. */
  next: number;
  /** By number, the first one first. */
  readonly waiting: Map<number, WaitingConsensus>;
  /** Those that are to get a nonce, the first one first. */
  bare: WaitingConsensus[];
  /** How many wait in each queue. */
  readonly lengths: Map<string, number>;
}

export const noConsensus = (): Consensus => ({ next: 0, waiting: new Map(), bare: [], lengths: new Map() });

/** The name of the queue: one for all outcalls, and one for each method and key. */
export const queueOf = (asked: AskedOfConsensus): string =>
  asked.method === "http_request" ? asked.method : `${asked.method} ${asked.key}`;

export const lengthOf = ({ lengths }: Consensus, asked: AskedOfConsensus): number => lengths.get(queueOf(asked)) ?? 0;

/** Whether an answer is made with a nonce. */
export const needsNonce = ({ method }: AskedOfConsensus): boolean => method === "sign_with_ecdsa" || method === "sign_with_schnorr";

/** A request waits, behind all others. */
export const enterConsensus = (consensus: Consensus, one: WaitingConsensus): void => {
  const { waiting, bare, lengths } = consensus;
  waiting.set(one.number, one);
  lengths.set(queueOf(one.asked), lengthOf(consensus, one.asked) + 1);
  if (one.nonce === null && needsNonce(one.asked)) bare.push(one);
};

/** A request that needs no nonce any more waits no longer. */
export const leaveConsensus = (consensus: Consensus, { number, asked }: WaitingConsensus): void => {
  const { waiting, lengths } = consensus;
  const left = lengthOf(consensus, asked) - 1;
  waiting.delete(number);
  if (left > 0) lengths.set(queueOf(asked), left);
  else lengths.delete(queueOf(asked));
};
