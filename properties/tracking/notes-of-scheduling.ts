/** How slices, limits of the heap delta, and the coming and going of canisters change what an onlooker knows. */
import type { NotesOf } from "./absorb.ts";
import { attemptNow } from "./executions.ts";
import { countChange } from "./histories.ts";
import { noteMade } from "./notes-of-code.ts";
import { spend, take } from "./notes-of-executions.ts";
import { enter, tracked } from "./world.ts";

export const schedulingNotes: NotesOf<
  | "execution-paused"
  | "execution-resumed"
  | "execution-finished"
  | "execution-aborted"
  | "prepayment-adjusted"
  | "round-skipped"
  | "canister-suspended"
  | "full-round"
  | "priorities-settled"
  | "canister-created"
  | "canister-create-refused"
  | "canister-deleted"
  | "canister-delete-refused"
  | "allocation-set"
  | "allocation-refused"
> = {
  "execution-paused": (world, { canister: id, cause, slices, instructions, prepaid, since, balance }) => {
    const canister = world.canisters.get(id);
    const before = canister?.execution?.attempt?.instructions ?? 0;
    if (canister !== undefined) {
      // What the core could give is noted before the slice is counted against it.
      canister.execution ??= { cause, message: take(canister, cause), since, prepaid, attempt: null };
      canister.execution.attempt ??= attemptNow(world, canister, balance);
      Object.assign(canister.execution.attempt, { slices, instructions });
      canister.balance = balance;
    }
    spend(world, instructions - before);
  },
  "execution-resumed": (world, { canister: id, afresh }) => {
    const canister = world.canisters.get(id);
    if (canister?.execution != null && afresh) canister.execution.attempt = attemptNow(world, canister, canister.balance);
  },
  "execution-finished": ({ canisters }, { canister: id }) => {
    const canister = canisters.get(id);
    if (canister !== undefined) Object.assign(canister, { execution: null, rested: true });
  },
  "execution-aborted": ({ canisters }, { canister: id, balance }) => {
    const canister = canisters.get(id);
    if (canister?.execution == null) return;
    canister.execution.attempt = null;
    canister.balance = balance;
  },
  "prepayment-adjusted": ({ canisters }, { canister: id, taken, returned, balance }) => {
    const canister = canisters.get(id);
    if (canister === undefined) return;
    canister.balance = balance;
    if (canister.execution === null) return;
    canister.execution.prepaid += taken - returned;
    if (canister.execution.attempt !== null) canister.execution.attempt.balance = balance;
  },
  "round-skipped": ({ round }) => {
    if (round !== null) round.skipped = true;
  },
  "canister-suspended": ({ canisters }, { canister: id }) => {
    const canister = canisters.get(id);
    if (canister !== undefined) canister.suspended = true;
  },
  "full-round": () => {},
  "priorities-settled": () => {},
  "canister-created": (world, { canister: id, balance }, { input }) => {
    world.had.add(id);
    if (input.kind === "create-canister") {
      enter(world.canisters, { ...tracked(input.canister, world), id, balance });
    } else if (input.kind === "round") noteMade(world, id, balance);
  },
  "canister-create-refused": () => {},
  "canister-deleted": ({ canisters }, { canister }) => void canisters.delete(canister),
  "canister-delete-refused": () => {},
  "allocation-set": ({ canisters }, { canister: id, computeAllocation }) => {
    const canister = canisters.get(id);
    if (canister === undefined) return;
    canister.genesis = { ...canister.genesis, computeAllocation };
    countChange(canister);
  },
  "allocation-refused": () => {},
};
