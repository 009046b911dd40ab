/**
 * Memory that is paid for in advance. Whoever takes more of it where it is scarce sets cycles aside; from then on these pay for
 * what the canister occupies before its balance does, and for nothing else.
 */
import * as fc from "fast-check";
import type { Event, Executed } from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { storedWorlds, thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { setAsideFor } from "../money.ts";
import { reachable } from "../reading.ts";
import { pricesOf } from "../tracking/executions.ts";
import { growthOf, memorySeen, reservedLimitOf } from "../tracking/holdings.ts";
import { isKept } from "../tracking/installations.ts";
import { pagesGrown, pagesInUse } from "../tracking/pages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

export const growthIsPaidAhead = watchedLaw({
  id: "growth-is-paid-ahead",
  statement:
    "What an execution sets aside is what all of the memory must be paid for with its new pages, those of the heap that it writes first and those that stable memory grows by, as far as they pass what is allocated to its canister, less the same without them, as its core sees it: an even share of what was taken when the iteration began, or when the attempt or the installation did, and all that grew on the core since; so page by page is the same as at once. Nothing is set aside without growth, nor beyond the limit of the canister.",
  source: "facts/cycles.md CYC-4.5, CYC-P14, CYC-Z08, CYC-C22, CYC-C23, CYC-C37",
  cites: [
    "memory-grow",
    "cores-share",
    "execution-rollback",
    "execution-finish",
    "execution-pause",
    "callback-cleanup",
    "fees-set",
    "install-begin",
    "snapshot-take",
  ],
  needs: ["reservations"],
  otherwise: "nothing was set aside",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: storedWorlds(vocabulary), weight: 3 },
        { arbitrary: thriftyWorlds(vocabulary, { stored: true, long: true, meanwhile: "growth" }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { stored: true }), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { stored: true, kept: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { stored: true, allotted: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let paid = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "executed" && event.kind !== "installation-ran") return undefined;
        const canister = world.canisters.get(event.canister);
        if (canister === undefined) return undefined;
        paid ||= event.reserved > 0n;
        return event.kind === "executed" ? misreserved(event, canister, world) : misinstalled(event, canister, world);
      },
      interested: () => paid,
    };
  },
});

const misreserved = ({ canister: id, reserved, wrote }: Executed, canister: TrackedCanister, world: World): Complaint => {
  const used = canister.execution?.attempt?.used ?? world.round?.iterations.at(-1)?.used[world.round.turn?.core ?? 0];
  if (used === undefined) return `${id} ran a message outside of an iteration`;
  const stablePages = world.foreseen?.stablePages ?? canister.stablePages;
  const grown = pagesGrown(world.parameters, canister, { wrote, stablePages });
  const more = growthOf(canister, world.parameters, grown * world.parameters.pageSize);
  const due = setAsideFor(pricesOf(world, canister), used, more);
  if (reserved !== due) return `${id} grew by ${grown} pages where ${used} bytes were in use, which is ${due}, and set ${reserved} aside`;
  return beyond(canister, reserved);
};

/** Where other code is put in place, whatever did not outlive it has grown anew. */
const misinstalled = (event: Extract<Event, { readonly kind: "installation-ran" }>, canister: TrackedCanister, world: World): Complaint => {
  const { canister: id, trap, reserved, pages } = event;
  const { parameters, installing } = world;
  if (installing === null) return `an installation ran on ${id}, and nobody asked for it`;
  const lasts = (page: number): boolean => isKept(parameters, installing, page);
  if (trap !== null) return reserved === 0n ? undefined : `an installation on ${id} trapped with ${trap}, and set ${reserved} aside`;
  // What the hook of the old code wrote, and did not outlive it, nobody sees; nor what else was there while stable memory grew.
  if (reachable(installing.old).some(({ op, ...rest }) => op === "stable-grow" || (op === "write" && "page" in rest && !lasts(rest.page))))
    return beyond(canister, reserved);
  const used = memorySeen(world);
  const lasting = [...canister.pages.keys()].filter((page) => page < parameters.heapPages && lasts(page)).length;
  const outliving = lasting + (installing.mode === "upgrade" ? canister.stablePages : 0);
  const before = pagesInUse(parameters, canister);
  const since = (count: number): number => growthOf(canister, parameters, (count - before) * parameters.pageSize);
  const more = since(pages) - since(outliving);
  const due = setAsideFor(parameters, used, more);
  return reserved === due
    ? beyond(canister, reserved)
    : `an installation grew ${id} by ${pages - outliving} pages where ${used} bytes were in use, which is ${due}, and set ${reserved} aside`;
};
const beyond = (canister: TrackedCanister, reserved: bigint): Complaint => {
  const { id } = canister;
  const limit = reservedLimitOf(canister);
  return reserved > 0n && canister.reserved + reserved > limit
    ? `${id} has set ${canister.reserved + reserved} aside, and its limit is ${limit}`
    : undefined;
};

export const reservesPayFirst = watchedLaw({
  id: "reserves-pay-first",
  statement:
    "What all canisters have set aside grows with what their memory grows by alone, and shrinks with their charges alone, of which it pays all that it can before any balance does, until a canister runs dry or is gone, and all of it is burned.",
  source: "facts/cycles.md CYC-P14, CYC-4.5, CYC-4.2",
  cites: [
    "memory-grow",
    "settings-update",
    "canister-make",
    "memory-charge",
    "messages-charge",
    "allocation-charge",
    "canister-exhaust",
    "canister-delete",
    "execution-rollback",
    "restart",
  ],
  needs: ["reservations"],
  otherwise: "nothing was set aside",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: storedWorlds(vocabulary), weight: 4 },
        { arbitrary: thriftyWorlds(vocabulary, { stored: true, billed: true, priced: false, charged: true }), weight: 3 },
        { arbitrary: codedWorlds(vocabulary, { stored: true, allotted: true, charged: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let paid = false;
    return {
      onStep: ({ observation: { ledger } }, { canisters }) => {
        let reserved = 0n;
        for (const canister of canisters.values()) reserved += canister.reserved;
        paid ||= reserved > 0n;
        return ledger.reserved === reserved
          ? undefined
          : `canisters have ${reserved} set aside for their memory, and the ledger says ${ledger.reserved}`;
      },
      interested: () => paid,
    };
  },
});
