/** Whether a canister can be asked something between two rounds, and what the management canister answers then, which executes nothing for it. */
import {
  askedBy,
  asciiOf,
  isForQueries,
  queryManage,
  queryOpen,
  type CanisterId,
  type CanisterStatus,
  type ErrorCode,
  type Hex,
  type MethodName,
  type Principal,
  type Result,
} from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { thresholdNow } from "./freezing.ts";
import { refusalOf, refusalsByStatus, rejectWith } from "./refusals.ts";
import type { Engine } from "./state.ts";

/**
 * Why a query is not executed; `null` when it is.
 * @rule query-open
 */
export const refusalOfQuery = (engine: Engine, id: CanisterId, name: MethodName): ErrorCode | null => {
  const canister = engine.byId.get(id);
  if (canister === undefined) return noSuchCanister;
  if (canister.code === null) return noCode;
  if (canister.status !== "running") return notRunning[canister.status];
  const method = canister.code.methods.get(name);
  if (method?.mode !== "query" && method?.mode !== "composite") return notExported;
  return balanceOf(canister) < thresholdNow(engine, canister) ? frozen : null;
};

const noSuchCanister = refusalOf(queryOpen.when.exists);
const noCode = refusalOf(queryOpen.when.installed);
const notRunning = refusalsByStatus(queryOpen.when);
const notExported = refusalOf(queryOpen.when.exported);
const frozen = refusalOf(queryOpen.when.solvent);

/**
 * What the management canister answers: one of a few values, so that whoever kept an answer knows it again.
 * @rule query-manage
 */
export const answerOfManagement = ({ byId }: Engine, asker: Principal, method: MethodName, argument: Hex): Result => {
  if (!isForQueries(method)) return notForQueries;
  const id = askedBy(method, argument)?.canister ?? null;
  if (id === null) return notUnderstood;
  const canister = byId.get(id);
  if (canister === undefined) return nobodyNamed;
  return asker === id || canister.controllers.includes(asker) ? statuses[canister.status] : notController;
};

const notForQueries = rejectWith(refusalOf(queryManage.when.known));
const notUnderstood = rejectWith(refusalOf(queryManage.when.named));
const nobodyNamed = rejectWith(refusalOf(queryManage.when.exists));
const notController = rejectWith(refusalOf(queryManage.when.allowed));

const replyWith = (status: CanisterStatus): Result => ({ kind: "reply", payload: asciiOf(status) });
const statuses: Readonly<Record<CanisterStatus, Result>> = {
  running: replyWith("running"),
  stopping: replyWith("stopping"),
  stopped: replyWith("stopped"),
};
