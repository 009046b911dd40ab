/** What waits for the management canister: who asks, for what, about which canister, and who pays for it. */
import {
  askedBy,
  cycles,
  isManagementMethod,
  isProvisional,
  managementCanister,
  type Asked,
  type CanisterId,
  type Cycles,
  type Principal,
} from "../spec/index.ts";
import { known } from "./reading.ts";
import type { Ingress, ManagementRequest, Request } from "./messages.ts";

/** What a request asks for; it was understood when it came to wait. */
export const askedIn = ({ method, payload }: ManagementRequest): Asked =>
  known(isManagementMethod(method) ? askedBy(method, payload) : null, "something to ask for");

/** The canister that a request names; `null` when it asks for a new one. */
export const targetIn = (request: ManagementRequest): CanisterId | null => askedIn(request).canister;

/** The same, where it must name one. */
export const targetOf = (request: ManagementRequest): CanisterId => known(targetIn(request), "a canister that the request names");

export const askerOf = (request: ManagementRequest): Principal => (request.kind === "ingress" ? request.sender : request.caller);

/** A request of those that users never make. */
export const ofCanister = (request: ManagementRequest): Request =>
  known(request.kind === "request" ? request : null, "a request of a canister");

/** What comes with a request: a user has no cycles. */
export const attachedTo = (request: ManagementRequest): Cycles => (request.kind === "ingress" ? cycles(0n) : request.attached);

/** Whether a message of a user is for the management canister. */
export const isForManagement = ({ canister }: Ingress): boolean => canister === managementCanister;

/** Who pays for the reception of an ingress message; `null` where nobody does. @source facts/cycles.md CYC-2.14 */
export const payerOf = (message: Ingress): CanisterId | null => {
  if (!isForManagement(message)) return message.canister;
  return isProvisional(message.method) ? null : targetIn(message);
};
