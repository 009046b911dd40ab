/** The ledger: where all cycles are, between any two inputs. */
import type { Cycles } from "./units.ts";

/**
 * Every place where cycles can be between two inputs:
 * `balances + reserved + messages + contexts + callbacks + executions + float + burned + lost + sent = minted + received`.
 * @source facts/cycles.md CYC-6.1
 */
export interface Ledger {
  /** Balances of all canisters. */
  readonly balances: Cycles;
  /** Set aside by all canisters for their memory. */
  readonly reserved: Cycles;
  /** Attached to requests and refunded by responses in queues, requests to the management canister included. */
  readonly messages: Cycles;
  /** Available on call contexts. */
  readonly contexts: Cycles;
  /** Held by callbacks for the transmission of the response and the execution of the callback. */
  readonly callbacks: Cycles;
  /** Prepaid by paused and aborted executions, attached to the request or refunded by the response that each holds. */
  readonly executions: Cycles;
  /** Held by the minting canister: what it minted for conversions that then failed. */
  readonly float: Cycles;
  /** Gone for good, since genesis. */
  readonly burned: Cycles;
  /** Gone with best-effort messages that were dropped, since genesis. */
  readonly lost: Cycles;
  /** Put into streams, since genesis, the loopback stream included. */
  readonly sent: Cycles;
  /** Taken from streams, since genesis, the loopback stream included. */
  readonly received: Cycles;
  /** Come into being, genesis included. */
  readonly minted: Cycles;
}
