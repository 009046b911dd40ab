/** What may be asked of the management canister, how arguments and answers are written, and what is told of it. */
import type { ErrorCode } from "./codes.ts";
import { canisterId, isIdentifier, type CallbackId, type CanisterId, type MethodName } from "./identifiers.ts";
import type { Result } from "./observation.ts";
import { hex, type Cycles, type Hex } from "./units.ts";

/** All but `raw_rand`, whose answer is for the tape to give. Each takes the id of one canister. */
export const managementMethods = [
  "start_canister",
  "stop_canister",
  "canister_status",
  "uninstall_code",
  "delete_canister",
  "deposit_cycles",
] as const;

export type ManagementMethod = (typeof managementMethods)[number];

export const isManagementMethod = (method: MethodName): method is ManagementMethod => managementMethods.some((known) => known === method);

/** Whether a canister takes messages, does so no more, or has come to rest. */
export type CanisterStatus = "running" | "stopping" | "stopped";

/** The id that an argument is the ASCII text of; `null` when it is none. */
export const namedBy = (payload: Hex): CanisterId | null => {
  const text = (payload.match(/../g) ?? []).map((byte) => String.fromCharCode(parseInt(byte, 16))).join("");
  return isIdentifier(text) ? canisterId(text) : null;
};

/** A text as an argument, or as an answer: its bytes in ASCII. */
export const asciiOf = (text: string): Hex => hex([...text].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join(""));

export type ManagementEvent =
  /** A request waits for the management canister. */
  | {
      readonly kind: "management-asked";
      readonly caller: CanisterId;
      readonly callback: CallbackId;
      readonly method: ManagementMethod;
      /** Which it names. */
      readonly canister: CanisterId;
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
  | { readonly kind: "cycles-deposited"; readonly canister: CanisterId; readonly cycles: Cycles; readonly balance: Cycles };

/** Why a call to a canister that does not run is refused. */
export const refusalOfStatus = (status: CanisterStatus): ErrorCode | null =>
  status === "stopped" ? "IC0508" : status === "stopping" ? "IC0509" : null;
