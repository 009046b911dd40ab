/** Canisters come, go, and change what they reserve. This is rare: the others are numbered and scheduled anew. */
import {
  allocatableOf,
  allocationSet,
  canisterCreate,
  canisterDelete,
  cycles,
  managementCanister,
  type CanisterId,
  type ErrorCode,
  type Input,
  type Percent,
} from "../spec/index.ts";
import { leaveCohort } from "./cohorts.ts";
import { enter, leave } from "./labels.ts";
import type { Pair } from "./messages.ts";
import { reprice } from "./occupancy.ts";
import { refusalOf } from "./refusals.ts";
import { canisterOf, memoryOf, noTasks, type Birth, type Canister } from "./canister.ts";
import { codes, type Code } from "./code.ts";
import { accumulatedBy, schedulerOf } from "./scheduler.ts";
import { burnAll, stir, type Engine } from "./state.ts";
import { listHeartbeat } from "./statuses.ts";

const idTaken = refusalOf(canisterCreate.when.fresh);
const tooMuchAtBirth = refusalOf(canisterCreate.when.admitted);
const underfunded = refusalOf(canisterCreate.when.funded);
const noneToDelete = refusalOf(canisterDelete.when.exists);
const owesAnswers = refusalOf(canisterDelete.when.answered);
const isExecuting = refusalOf(canisterDelete.when.rested);
const hasMessages = refusalOf(canisterDelete.when.empty);
const noneToAllocate = refusalOf(allocationSet.when.exists);
const isPaused = refusalOf(allocationSet.when.steady);
const tooMuch = refusalOf(allocationSet.when.admitted);

/** @rule canister-create */
export const createCanister = (engine: Engine, { canister: born }: Extract<Input, { kind: "create-canister" }>): void => {
  const { totals, events } = engine;
  const { id, computeAllocation } = born;
  const error = refusalOfCreation(engine, born);
  if (error !== null) return void events.push({ kind: "canister-create-refused", canister: id, error });
  totals.minted += born.balance;
  const { stated: balance } = bear(engine, born, codes()(born));
  events.push({ kind: "canister-created", canister: id, computeAllocation, balance });
};

/** There is one canister more, with this code or without any. It pays a fee out of the balance that it is born with; where that comes from is the caller's affair. */
export const bear = (engine: Engine, born: Birth, code: Code | null, fee = engine.prices.creation): Canister => {
  const { byId, totals, canisters } = engine;
  const { id } = born;
  const balance = cycles(born.balance - fee);
  const canister = canisterOf({ ...born, balance }, 0, code, engine.time, engine.genesis.parameters);
  engine.usage.memory += memoryOf(canister);
  const at = canisters.findIndex((other) => other.id > id);
  renumber(engine, at < 0 ? [...canisters, canister] : [...canisters.slice(0, at), canister, ...canisters.slice(at)]);
  byId.set(id, canister);
  listHeartbeat(engine, canister);
  totals.balances += balance;
  totals.burned += fee;
  enter(engine.root.canisters, canister);
  stir(engine, canister);
  redirect(engine, id, canister);
  return canister;
};

/** Whether a canister has or had the id, or is elsewhere. */
export const isTaken = ({ byId, retired, routes }: Engine, id: CanisterId): boolean =>
  byId.has(id) || retired.has(id) || routes.has(id) || id === managementCanister;

/**
 * Says why the canister stays, when it does.
 * @rule canister-delete
 */
export const deleteCanister = (engine: Engine, id: CanisterId): ErrorCode | null => {
  const { byId, events, retired, root } = engine;
  const canister = byId.get(id);
  const error = refusalOfDeletion(canister);
  if (canister === undefined || error !== null) {
    events.push({ kind: "canister-delete-refused", canister: id, error: error! });
    return error;
  }
  const burned = burnAll(engine, canister);
  engine.usage.memory -= memoryOf(canister);
  leaveCohort(engine.cohorts, canister);
  byId.delete(id);
  retired.add(id);
  forget(engine, canister);
  leave(root.canisters, canister);
  renumber(
    engine,
    engine.canisters.filter((other) => other !== canister),
  );
  redirect(engine, id, null);
  events.push({ kind: "canister-deleted", canister: id, burned });
  return null;
};

/** @rule allocation-set */
export const setAllocation = (engine: Engine, input: Extract<Input, { kind: "set-compute-allocation" }>): void => {
  const { byId, events } = engine;
  const { canister: id, computeAllocation } = input;
  const canister = byId.get(id);
  const error = refusalOfAllocation(engine, canister, computeAllocation);
  if (canister === undefined || error !== null) return void events.push({ kind: "allocation-refused", canister: id, error: error! });
  if (canister.allocation !== computeAllocation) {
    canister.allocation = computeAllocation;
    reprice(engine, canister);
    reschedule(engine);
  }
  canister.version++;
  events.push({ kind: "allocation-set", canister: id, computeAllocation });
};

const refusalOfCreation = (engine: Engine, { id, computeAllocation, balance }: Birth): ErrorCode | null => {
  if (isTaken(engine, id)) return idTaken;
  if (computeAllocation > 0 && !isAllocatable(engine, 0, computeAllocation)) return tooMuchAtBirth;
  return balance < engine.prices.creation ? underfunded : null;
};

const refusalOfDeletion = (canister: Canister | undefined): ErrorCode | null => {
  if (canister === undefined) return noneToDelete;
  const { contexts, execution, mail } = canister;
  if (contexts !== null && contexts.size > 0) return owesAnswers;
  if (execution !== null) return isExecuting;
  return mail !== null && (mail.inputs > 0 || mail.outputs > 0) ? hasMessages : null;
};

const refusalOfAllocation = (engine: Engine, canister: Canister | undefined, percent: Percent): ErrorCode | null => {
  if (canister === undefined) return noneToAllocate;
  if (canister.execution !== null && canister.execution.attempt !== null) return isPaused;
  return percent <= canister.allocation || isAllocatable(engine, canister.allocation, percent) ? null : tooMuch;
};

/** Whether a canister that reserves so much before may reserve more. */
export const isAllocatable = ({ scheduler, genesis }: Engine, before: number, percent: number): boolean =>
  scheduler.allocated - before + percent < allocatableOf(genesis.parameters);

/** Nothing lists the canister any more. */
const forget = (engine: Engine, canister: Canister): void => {
  const others = (list: readonly Canister[]): Canister[] => list.filter((other) => other !== canister);
  canister.timer = null;
  canister.mail = null;
  canister.hook = "none";
  canister.tasks = noTasks;
  engine.active = others(engine.active);
  engine.beating.delete(canister);
  engine.indebted = others(engine.indebted);
  engine.installed = others(engine.installed);
  engine.stirred = others(engine.stirred);
  engine.sending.here = others(engine.sending.here);
  engine.sending.away = others(engine.sending.away);
};

/** Whoever has to do with this id learns where its canister is now: what waits for it takes another way. */
const redirect = (engine: Engine, id: CanisterId, there: Canister | null): void => {
  for (const { mail } of engine.canisters) {
    const pair = mail?.pairs.get(id);
    if (pair === undefined) continue;
    pair.there = there;
    pair.subnet = there === null ? null : engine.own;
    if (pair.isSending) relist(engine, pair);
  }
};

/** The pair was in the list for the other kind of peers. */
const relist = (engine: Engine, pair: Pair): void => {
  const { owner } = pair;
  const mail = owner.mail!;
  if (pair.there === null) {
    mail.here = mail.here.filter((other) => other !== pair);
    mail.away.push(pair);
    if (!owner.isSendingAway) engine.sending.away.push(owner);
    owner.isSendingAway = true;
  } else {
    mail.away = mail.away.filter((other) => other !== pair);
    mail.here.push(pair);
    if (!owner.isSendingHere) engine.sending.here.push(owner);
    owner.isSendingHere = true;
  }
};

/** Tells the scheduler of allocations that changed. Nobody may be about to pay. */
export const reschedule = (engine: Engine): void => renumber(engine, engine.canisters);

/** Adds a canister that is as at genesis, or lets one go: the others are numbered anew, and keep their priorities. */
const renumber = (engine: Engine, canisters: readonly Canister[]): void => {
  const { scheduler, genesis } = engine;
  const known = new Set(engine.canisters);
  const priorities = canisters.map((canister) => (known.has(canister) ? accumulatedBy(scheduler, canister.index) : 0n));
  canisters.forEach((canister, index) => (canister.index = index));
  engine.canisters = canisters;
  engine.scheduler = schedulerOf(
    genesis.parameters,
    canisters.map(({ allocation }) => allocation),
    priorities,
  );
};
