/**
 * Script canisters: a canister's code as plain data, in the spirit of a universal canister. It is the language in
 * which generators write worlds and which a stranger can interpret in a page. Real Wasm canisters will stand behind
 * the same seam: an entry point is run with a message, and what comes out are the same effects.
 *
 * Every instruction costs 1, except `consume`, which costs the number that it names. The cost is counted before the
 * instruction acts; a cost that would pass the limit of the execution traps with IC0522.
 */
import type { CanisterId, MethodName, Principal } from "./identifiers.ts";
import type { Cycles, Hex, Instructions, Nanoseconds } from "./units.ts";

/** Bytes that a script can name. Where a value is not there to be read, whoever reads it traps: rules `value-read` and `identity-read`. */
export type Value =
  /** These bytes. */
  | { readonly kind: "bytes"; readonly bytes: Hex }
  /** What the execution was given: the argument of a call, the payload of a reply, one byte with the code of a reject; nothing for code that begins. */
  | { readonly kind: "message" }
  /** The content of a page; nothing when it was never written. */
  | { readonly kind: "page"; readonly page: number }
  /** How many pages the stable memory of the canister has, 8 bytes big-endian. */
  | { readonly kind: "stable-size" }
  /** The time of the round, 8 bytes big-endian. @unit nanoseconds */
  | { readonly kind: "time" }
  /** The balance as the canister sees it now, with the prepayment of this execution taken off, 16 bytes big-endian. @unit cycles */
  | { readonly kind: "balance" }
  /** The cycles available on the call context, 16 bytes big-endian; 0 once it is answered. @unit cycles */
  | { readonly kind: "available" }
  /** The deadline of the call that the execution serves, 8 bytes big-endian; 0 where it has none. @unit nanoseconds */
  | { readonly kind: "deadline" }
  /** The instructions used so far, the one that reads it included, 8 bytes big-endian. @unit instructions */
  | { readonly kind: "instructions" }
  /** How many times the canister has changed: its version, 8 bytes big-endian. */
  | { readonly kind: "version" }
  /** The cycles that the response refunded, 16 bytes big-endian. @unit cycles */
  | { readonly kind: "refunded" }
  /** Who the canister is: its id, in ASCII. */
  | { readonly kind: "self" }
  /** Who made the call that the execution serves, as a principal in ASCII: a user or a canister; of a task the management canister. */
  | { readonly kind: "caller" }
  /** The status of the canister: one byte, 1 running, 2 stopping, 3 stopped. */
  | { readonly kind: "status" }
  /** Whether somebody is a controller of the canister: one byte, 1 or 0. */
  | { readonly kind: "controller"; readonly principal: Principal }
  /** The name of the method that a message asks for, in ASCII. */
  | { readonly kind: "method" }
  /** Whether there is a certificate to be read: one byte, 1 or 0. */
  | { readonly kind: "certified" }
  /** What the subnet certified: the root of the state, 32 bytes. */
  | { readonly kind: "certificate" }
  /** The code of the reject that is executed: one byte, 0 for a reply. */
  | { readonly kind: "reject-code" };

/** The values that tell who takes part: those of the rule `identity-read`. */
export const identityKinds: ReadonlySet<string> = new Set<Value["kind"]>([
  "self",
  "caller",
  "status",
  "controller",
  "method",
  "reject-code",
]);

/** The values of the rule `certificate-read`. */
export const certificateKinds: ReadonlySet<string> = new Set<Value["kind"]>(["certified", "certificate"]);

export type Instruction =
  /** Costs as many instructions as it names and does nothing. */
  | { readonly op: "consume"; readonly instructions: Instructions }
  /** Sets a page of the canister's memory. */
  | { readonly op: "write"; readonly page: number; readonly value: Value }
  /** Makes stable memory so many pages larger; where there is no room for all of them, nothing happens. */
  | { readonly op: "stable-grow"; readonly pages: number }
  /** Runs `then` when the last byte of the value is odd, `otherwise` when it is even or there is none. */
  | { readonly op: "when-odd"; readonly value: Value; readonly then: Script; readonly otherwise: Script }
  /**
   * Sends a request; one of the first three scripts runs when the response is there; `onRefused` runs at once when the call could not be sent.
   * With a `timeout` the call is a best-effort one: at the latest after so long it is answered, by whomever. Without, its response is guaranteed.
   */
  | {
      readonly op: "call";
      readonly timeout?: Nanoseconds;
      readonly callee: CanisterId;
      readonly method: MethodName;
      readonly payload: Value;
      readonly attached: Cycles;
      readonly onReply: Script;
      readonly onReject: Script;
      /** Runs when the reply or reject script trapped; an empty script is none. */
      readonly onCleanup: Script;
      readonly onRefused: Script;
    }
  /** Accepts at most this many of the cycles available. */
  | { readonly op: "accept"; readonly cycles: Cycles }
  /** In an inspection: lets the message in. */
  | { readonly op: "accept-message" }
  | { readonly op: "reply"; readonly payload: Value }
  | { readonly op: "reject" }
  | { readonly op: "trap" }
  /** Burns at most this many cycles, never below the freezing threshold. */
  | { readonly op: "burn"; readonly cycles: Cycles }
  /** Sets the global timer to fire this long after the time of the round; `null` deactivates it. */
  | { readonly op: "set-timer"; readonly after: Nanoseconds | null }
  /** Sets the certified data of the canister, at most 32 bytes. */
  | { readonly op: "certify"; readonly data: Value };

export type Script = readonly Instruction[];

/**
 * How a method may be called. An update is executed in a round and keeps what it writes; a query is executed between two rounds, or in
 * a round like an update, and keeps nothing; a composite query is executed only between two rounds, and may call other queries.
 */
export type Mode = "update" | "query" | "composite";

/** A method that a canister exports. */
export interface Method {
  readonly name: MethodName;
  /** Without a word, an update. */
  readonly mode?: Mode;
  readonly body: Script;
}
