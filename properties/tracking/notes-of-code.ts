/**
 * How code that is installed, settings, and canisters that are made change what an onlooker knows. Of pages that are gone nobody
 * tells: that is known from what was asked for. From `docs/machine.md` sections 17.5 and 17.6 alone.
 */
import type { CanisterId } from "../../spec/index.ts";
import type { NotesOf } from "./absorb.ts";
import { countChange, recordChange } from "./histories.ts";
import { isKept, moduleNamed, withCode, type ForeseenInstallation } from "./installations.ts";
import { askedIn, nextAsking } from "./management.ts";
import { emptyCanister } from "./settings.ts";
import { enter, tracked, type TrackedCanister, type World } from "./world.ts";

export const codeNotes: NotesOf<"installation-ran" | "settings-updated" | "memory-reserved"> = {
  "installation-ran": (world, event) => {
    const canister = world.canisters.get(event.canister);
    if (canister === undefined) return;
    const module = moduleNamed(world, event.module);
    if (event.trap === null && module !== undefined) {
      leavePages(world, canister, world.installing ?? { ...event, heap: null, trap: null, pages: new Map() });
      for (const [page, content] of event.wrote) canister.pages.set(page, content);
      canister.genesis = withCode(canister.genesis, module);
      Object.assign(canister, { installed: true, hook: module.lowMemory === undefined ? "none" : "armed", timer: event.timer });
      countChange(canister);
      recordChange(world, canister, event.mode, nextAsking(world)?.request.caller ?? null);
    }
    canister.balance = event.balance;
    canister.reserved += event.reserved;
    canister.installDebit = event.instructions;
  },
  "settings-updated": (world, { canister: id, controllers, computeAllocation, memoryAllocation, freezingThreshold, reservedLimit }) => {
    const canister = world.canisters.get(id);
    if (canister === undefined) return;
    const asking = nextAsking(world);
    const asked = asking === undefined ? null : askedIn(asking);
    canister.genesis = { ...canister.genesis, controllers, computeAllocation, freezingThreshold, reservedLimit };
    canister.memoryAllocation = memoryAllocation;
    countChange(canister);
    if (asked?.method === "update_settings" && asked.settings.controllers !== undefined)
      recordChange(world, canister, "controllers", asking?.request.caller ?? null);
  },
  "memory-reserved": ({ canisters }, { canister: id, cycles, balance }) => {
    const canister = canisters.get(id);
    if (canister === undefined) return;
    canister.balance = balance;
    canister.reserved += cycles;
  },
};

/** Only those pages are left that outlive the code; of those that were written again with what they held nobody tells. */
const leavePages = (
  { parameters }: World,
  { pages }: TrackedCanister,
  ran: Pick<ForeseenInstallation, "mode" | "heap" | "trap" | "pages">,
): void => {
  for (const page of [...pages.keys()])
    if (!isKept(parameters, ran, page) && !(ran.trap === null && ran.pages.has(page))) pages.delete(page);
};

/** A canister is there that another one asked for. */
export const noteMade = (world: World, id: CanisterId, balance: bigint): void => {
  const asking = nextAsking(world);
  const asked = asking === undefined ? null : askedIn(asking);
  const caller = asking?.request.caller ?? null;
  const settings = asked !== null && "settings" in asked ? asked.settings : {};
  const made: TrackedCanister = {
    ...tracked(emptyCanister(id, balance, { ...(caller !== null && { controllers: [caller] }), ...settings }), world),
    balance,
    memoryAllocation: settings.memoryAllocation ?? 0,
    installed: false,
  };
  recordChange(world, made, "creation", caller);
  enter(world.canisters, made);
};
