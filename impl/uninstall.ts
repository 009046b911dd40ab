/** Taking the code of a canister away, and what becomes of the calls that it served. */
import { canisterUninstall, type Input } from "../spec/index.ts";
import { respond } from "./contexts.ts";
import { refusalOf, rejectedByCanister, rejectWith } from "./refusals.ts";
import { touch } from "./root.ts";
import type { Canister, Context, Engine } from "./state.ts";

const noSuchCanister = refusalOf(canisterUninstall.when.exists);
const isExecuting = refusalOf(canisterUninstall.when.rested);

/** @rule canister-uninstall */
export const uninstall = (engine: Engine, { canister: id }: Extract<Input, { kind: "uninstall" }>): void => {
  const canister = engine.byId.get(id);
  if (canister === undefined) return void engine.events.push({ kind: "uninstall-refused", canister: id, error: noSuchCanister });
  if (canister.execution !== null) return void engine.events.push({ kind: "uninstall-refused", canister: id, error: isExecuting });
  removeCode(engine, canister);
  touch(engine.root, canister);
  engine.events.push({ kind: "uninstalled", canister: id });
  for (const context of [...(canister.contexts?.values() ?? [])]) endUninstalled(engine, canister, context);
};

/** The canister as it is without code: also the way in which a restart makes it so. */
export const removeCode = (engine: Engine, canister: Canister): void => {
  canister.code = null;
  canister.hook = "none";
  canister.timer = null;
  canister.pages = null;
  canister.pagesText = "";
  canister.threshold = engine.prices.threshold(canister.allocation, canister.freezing, 0);
  engine.beating = engine.beating.filter((beating) => beating !== canister);
};

/**
 * Between two inputs every context has open callbacks, so it stays until the last of them came back.
 * @rule context-withdraw
 * @rule context-delete
 */
const endUninstalled = (engine: Engine, canister: Canister, context: Context): void => {
  if (context.status === "open") respond(engine, canister, context, rejectWith(rejectedByCanister));
  context.status = "deleted";
  engine.events.push({ kind: "context-deleted", canister: canister.id, context: context.id });
};
