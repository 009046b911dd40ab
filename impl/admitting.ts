/** What users may ask of the management canister: looked at when their message comes to the door, before anybody has to pay for it. */
import {
  askedBy,
  bitcoinPrefix,
  isForCanisters,
  isManagementMethod,
  isProvisional,
  managementAdmit,
  type ErrorCode,
  type MethodName,
} from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { isThawed } from "./freezing.ts";
import type { UserRequest } from "./messages.ts";
import { refusalOf } from "./refusals.ts";
import type { Engine } from "./state.ts";

/**
 * Why a message of a user to the management canister is not let in; `null` when it is.
 * @rule management-admit
 */
export const refusalOfUser = (
  engine: Engine,
  { sender, method, payload }: Pick<UserRequest, "sender" | "method" | "payload">,
): ErrorCode | null => {
  if (!isKnown(engine, method)) return noSuchMethod;
  if (isProvisional(method) && engine.genesis.provisional === undefined) return nothingFromNothing;
  if (!isManagementMethod(method) || isForCanisters(method)) return notForUsers;
  const asked = askedBy(method, payload);
  if (asked === null) return notUnderstood;
  if (asked.canister === null) return null;
  const canister = engine.byId.get(asked.canister);
  if (canister === undefined) return noSuchCanister;
  if (isProvisional(method)) return null;
  if (!canister.controllers.includes(sender)) return notController;
  return isThawed(engine, canister, balanceOf(canister) - engine.prices.reception(payload.length / 2)) ? null : unfunded;
};

const noSuchMethod = refusalOf(managementAdmit.when.known);
const nothingFromNothing = refusalOf(managementAdmit.when.provisional);
const notForUsers = refusalOf(managementAdmit.when.open);
const notUnderstood = refusalOf(managementAdmit.when.named);
const noSuchCanister = refusalOf(managementAdmit.when.exists);
const notController = refusalOf(managementAdmit.when.allowed);
const unfunded = refusalOf(managementAdmit.when.funded);

/** Also what is known and not for users: randomness, and Bitcoin where there is somebody who knows of it. */
const isKnown = ({ genesis }: Engine, method: MethodName): boolean =>
  isManagementMethod(method) || method === "raw_rand" || (genesis.bitcoin !== undefined && method.startsWith(bitcoinPrefix));
