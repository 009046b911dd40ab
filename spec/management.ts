/** What the management canister keeps of canisters, and what is told of it. */
import type { InstallMode, ManagementMethod } from "./arguments.ts";
import type { ErrorCode } from "./codes.ts";
import type { CallbackId, CanisterId, ModuleName, Principal } from "./identifiers.ts";
import type { Result } from "./observation.ts";
import type { Bytes, Cycles, Hex, Instructions, Nanoseconds, Percent, Seconds } from "./units.ts";

/** Whether a canister takes messages, does so no more, or has come to rest. */
export type CanisterStatus = "running" | "stopping" | "stopped";

/** A change of the code of a canister, or of its controllers, as its history keeps it. */
export interface Change {
  /** The version of the canister after it. */
  readonly version: number;
  readonly time: Nanoseconds;
  readonly kind: "creation" | InstallMode | "load" | "uninstall" | "controllers";
  /** Who asked for it; `null` where an input did. */
  readonly by: Principal | null;
}

export type ManagementEvent =
  /** A request waits for the management canister. */
  | {
      readonly kind: "management-asked";
      readonly caller: CanisterId;
      readonly callback: CallbackId;
      readonly method: ManagementMethod;
      /** Which it names; `null` when it asks for a new one. */
      readonly canister: CanisterId | null;
    }
  | {
      readonly kind: "management-answered";
      readonly caller: CanisterId;
      readonly callback: CallbackId;
      readonly result: Result;
      readonly refund: Cycles;
    }
  | { readonly kind: "canister-stopping"; readonly canister: CanisterId }
  | { readonly kind: "canister-stopped"; readonly canister: CanisterId }
  | { readonly kind: "canister-started"; readonly canister: CanisterId }
  | { readonly kind: "cycles-provided"; readonly canister: CanisterId; readonly cycles: Cycles; readonly balance: Cycles }
  | { readonly kind: "cycles-deposited"; readonly canister: CanisterId; readonly cycles: Cycles; readonly balance: Cycles }
  /** An installation ran. Where it trapped, all is as before, but for what it cost. */
  | {
      readonly kind: "installation-ran";
      readonly canister: CanisterId;
      readonly mode: InstallMode;
      readonly module: ModuleName;
      /** `null` when the code is in place, else the error of the trap. */
      readonly trap: ErrorCode | null;
      /** Of all that ran in it. */
      readonly instructions: Instructions;
      /** Set aside for it from the balance, and, of that, burned; the rest went back. */
      readonly prepaid: Cycles;
      readonly charged: Cycles;
      /** What its scripts burned, and set aside for memory. */
      readonly burned: Cycles;
      readonly reserved: Cycles;
      /** Pages whose content changed, with the content; of those that are gone none. */
      readonly wrote: readonly (readonly [page: number, content: Hex])[];
      /** How many pages the canister has after it: those of the heap, and the size of stable memory. */
      readonly pages: number;
      readonly timer: Nanoseconds | null;
      readonly balance: Cycles;
    }
  /** `replaced`: the number of the one that is gone for it. */
  | {
      readonly kind: "snapshot-taken";
      readonly canister: CanisterId;
      readonly snapshot: number;
      readonly replaced: number | null;
      readonly pages: number;
      readonly charged: Cycles;
      readonly reserved: Cycles;
      readonly balance: Cycles;
    }
  /** A snapshot was brought back. */
  | {
      readonly kind: "snapshot-loaded";
      readonly canister: CanisterId;
      /** The canister of which it is. */
      readonly source: CanisterId;
      readonly snapshot: number;
      readonly charged: Cycles;
      /** Pages whose content changed, with the content; of those that are gone none. */
      readonly wrote: readonly (readonly [page: number, content: Hex])[];
      /** How many pages the canister has after it: those of the heap, and the size of stable memory. */
      readonly pages: number;
      readonly balance: Cycles;
    }
  | { readonly kind: "snapshot-deleted"; readonly canister: CanisterId; readonly snapshot: number }
  /** A request left the layer, until consensus answers it. `fee`: burned; `kept`: comes back with the answer. */
  | {
      readonly kind: "consensus-asked";
      /** Its number. */
      readonly request: number;
      readonly caller: CanisterId;
      readonly callback: CallbackId;
      readonly method: ManagementMethod;
      readonly fee: Cycles;
      readonly kept: Cycles;
    }
  | { readonly kind: "consensus-answered"; readonly request: number }
  /** An answer of a block that nobody asked for, or not yet, or not for so much. */
  | { readonly kind: "consensus-refused"; readonly request: number; readonly error: ErrorCode }
  | {
      readonly kind: "chunk-kept";
      readonly canister: CanisterId;
      readonly digest: Hex;
      readonly charged: Cycles;
      readonly reserved: Cycles;
      readonly balance: Cycles;
    }
  /** `chunks`: how many there were. */
  | { readonly kind: "chunks-cleared"; readonly canister: CanisterId; readonly chunks: number }
  /** Set aside of the balance for memory that a canister takes without using it. */
  | { readonly kind: "memory-reserved"; readonly canister: CanisterId; readonly cycles: Cycles; readonly balance: Cycles }
  /** All settings as they are now. */
  | {
      readonly kind: "settings-updated";
      readonly canister: CanisterId;
      readonly controllers: readonly Principal[];
      readonly computeAllocation: Percent;
      readonly memoryAllocation: Bytes;
      readonly freezingThreshold: Seconds;
      readonly reservedLimit: Cycles;
    };
