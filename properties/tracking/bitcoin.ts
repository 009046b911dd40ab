/** Whom a call is one to: what a script asks of Bitcoin it asks of the canister that keeps it. Written from `docs/machine.md` section 17.1 alone. */
import { bitcoinPrefix, managementCanister, type CanisterId } from "../../spec/index.ts";
import type { CallInstruction } from "../reading.ts";

/** Whether a call, as its script names it, asks something of Bitcoin. */
export const isOfBitcoin = ({ callee, method }: Pick<CallInstruction, "callee" | "method">): boolean =>
  callee === managementCanister && method.startsWith(bitcoinPrefix);

/** The callee of a call that is sent in a round; `bitcoin` is the canister that the subnet knows, if it knows one. */
export const calleeOf = (instruction: CallInstruction, bitcoin: CanisterId | null): CanisterId =>
  bitcoin !== null && isOfBitcoin(instruction) ? bitcoin : instruction.callee;
