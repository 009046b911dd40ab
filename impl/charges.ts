/**
 * What canisters pay for existing. Nobody looks at those who pay and do nothing else: charges are told in sums, and cohorts know
 * them. Looked at is whoever was touched since charges were last due, once, to find out what it pays from now on; and
 * whoever cannot pay.
 */
import { cycles, percent } from "../spec/index.ts";
import { memoryTaken } from "./canister.ts";
import { forgetChanges } from "./changes.ts";
import { chargeDue, earliestOf, joinCohort, leaveCohort } from "./cohorts.ts";
import type { Upkeep } from "./rates.ts";
import { dropSnapshots } from "./snapshots.ts";
import { burnAll, type Canister, type Engine } from "./state.ts";
import { endContexts, removeCode } from "./uninstall.ts";

/** What charges leave to be done. */
export interface Charged {
  /** Whether compute allocations are other ones than the scheduler knows. */
  readonly hasReallocated: boolean;
}

/**
 * The charges at the end of a round.
 * @rule resources-charge
 */
export const chargeResources = (engine: Engine): Charged => {
  const { cohorts, totals, time, canisters, events } = engine;
  const { chargePeriod } = engine.genesis.parameters;
  if (time - engine.chargedSince < chargePeriod) return nothing;
  regroup(engine);
  const { payers, memory, messages, compute, drawn, released, dry } = chargeDue(cohorts, time, chargePeriod);
  engine.chargedSince = earliestOf(cohorts) ?? time;
  if (payers === 0) return nothing;
  const paid = memory + messages + compute;
  totals.reserved -= drawn + released;
  totals.balances -= paid - drawn - released;
  totals.burned += paid;
  events.push({
    kind: "resources-charged",
    canisters: payers,
    memory: cycles(memory),
    messages: cycles(messages),
    compute: cycles(compute),
  });
  let hasReallocated = false;
  for (const { index } of dry.sort((left, right) => left.index - right.index)) {
    if (canisters[index]!.allocation > 0) hasReallocated = true;
    exhaust(engine, canisters[index]!);
  }
  return { hasReallocated };
};

const nothing: Charged = { hasReallocated: false };

/** Everybody who was touched pays what it is to pay with those with whom it is to pay; nobody does who has an execution under way. */
const regroup = (engine: Engine): void => {
  const { cohorts, stirred } = engine;
  for (const canister of stirred) {
    canister.isStirred = false;
    if (canister.execution !== null) leaveCohort(cohorts, canister);
    else joinCohort(cohorts, canister, upkeepOf(engine, canister));
  }
  stirred.length = 0;
};

const upkeepOf = ({ prices, genesis }: Engine, canister: Canister): Upkeep => ({
  memoryDay: prices.memoryDay(memoryTaken(genesis.parameters, canister)),
  messagesDay: prices.messagesDay(canister.messageBytes),
  computeDay: prices.computeDay(canister.allocation),
});

/** @rule canister-exhaust */
const exhaust = (engine: Engine, canister: Canister): void => {
  const burned = burnAll(engine, canister);
  canister.allocation = percent(0);
  removeCode(engine, canister);
  dropSnapshots(engine, canister);
  canister.version++;
  forgetChanges(canister);
  engine.events.push({ kind: "ran-dry", canister: canister.id, burned });
  endContexts(engine, canister);
};
