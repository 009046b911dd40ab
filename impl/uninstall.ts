/** Taking the code of a canister away, and what becomes of the calls that it served. */
import { canisterUninstall, hex, type CanisterId, type ErrorCode, type Principal } from "../spec/index.ts";
import { noteChange } from "./changes.ts";
import { replaceChunks } from "./chunks.ts";
import { respond } from "./contexts.ts";
import { change } from "./labels.ts";
import { resize } from "./occupancy.ts";
import type { Extent } from "./pages.ts";
import { refusalOf, rejectedByCanister, rejectWith } from "./refusals.ts";
import type { Canister, Engine } from "./state.ts";

const noSuchCanister = refusalOf(canisterUninstall.when.exists);
const isExecuting = refusalOf(canisterUninstall.when.rested);
const noBytes = hex("");
const nothing: Extent = { heapSize: 0, stablePages: 0 };

/**
 * Says why the canister keeps its code, when it does. Nobody asks where it is an input.
 * @rule canister-uninstall
 */
export const uninstall = (engine: Engine, id: CanisterId, by: Principal | null): ErrorCode | null => {
  const canister = engine.byId.get(id);
  const error = canister === undefined ? noSuchCanister : canister.execution !== null ? isExecuting : null;
  if (canister === undefined || error !== null) {
    engine.events.push({ kind: "uninstall-refused", canister: id, error: error! });
    return error;
  }
  removeCode(engine, canister);
  canister.version++;
  noteChange(engine, canister, "uninstall", by);
  engine.events.push({ kind: "uninstalled", canister: id });
  endContexts(engine, canister);
  return null;
};

/**
 * Nobody is going to answer what the canister owes. At the end of a round and between two inputs every context has open callbacks,
 * so it stays until the last of them came back.
 * @rule context-withdraw
 * @rule context-delete
 */
export const endContexts = (engine: Engine, canister: Canister): void => {
  for (const context of canister.contexts?.values() ?? []) {
    if (context.status === "open") respond(engine, canister, context, rejectWith(rejectedByCanister));
    context.status = "deleted";
    engine.events.push({ kind: "context-deleted", canister: canister.id, context: context.id });
  }
};

/** The canister as it is without code: also the way in which a restart makes it so. */
export const removeCode = (engine: Engine, canister: Canister): void => {
  engine.beating.delete(canister);
  canister.code = null;
  canister.hook = "none";
  canister.timer = null;
  resize(engine, canister, nothing);
  canister.pages = null;
  canister.ownPages = null;
  replaceChunks(engine, canister, null);
  canister.memory = null;
  canister.certifiedData = noBytes;
  change(canister);
};
