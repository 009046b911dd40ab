/** Whether a canister can be asked something between two rounds. */
import { queryOpen, type CanisterId, type ErrorCode, type MethodName } from "../spec/index.ts";
import { balanceOf } from "./cohorts.ts";
import { thresholdNow } from "./freezing.ts";
import { refusalOf, refusalsByStatus } from "./refusals.ts";
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
