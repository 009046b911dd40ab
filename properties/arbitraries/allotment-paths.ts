/** Paths of memory that is allocated: who gets some, what it sets aside for it, and who does not get any. */
import type { Event } from "../../spec/index.ts";

export const allotmentPaths = [
  "memory is allocated",
  "less memory is allocated",
  "memory that is to be allocated cannot be paid",
  "memory of a canister that is to be made cannot be paid",
] as const;

/** Those that need worlds of their own: memory that is scarce, and rents. */
export const scarceAllotmentPaths = [
  "memory that is allocated sets cycles aside",
  "memory of a canister that is made sets cycles aside",
  "memory that is to be allocated would set too much aside",
  "memory of a canister that is to be made would set too much aside",
  "a canister that has memory to itself runs dry",
] as const;

export type AllotmentPath = (typeof allotmentPaths)[number] | (typeof scarceAllotmentPaths)[number];

/** What is allocated, by canister, as settings told it last; nobody who has none. @unit bytes */
export type AllotmentWalk = Map<string, number>;

export const pathsOfAllotment = (
  { canister, memoryAllocation }: Extract<Event, { readonly kind: "settings-updated" }>,
  allotted: AllotmentWalk,
): readonly AllotmentPath[] => {
  const before = allotted.get(canister) ?? 0;
  if (memoryAllocation > 0) allotted.set(canister, memoryAllocation);
  else allotted.delete(canister);
  if (memoryAllocation === before) return [];
  return [memoryAllocation > before ? "memory is allocated" : "less memory is allocated"];
};

/** @param previous the event before that tells of the reserve */
export const pathOfReserve = (previous: Event | undefined): AllotmentPath =>
  previous?.kind === "canister-created"
    ? "memory of a canister that is made sets cycles aside"
    : "memory that is allocated sets cycles aside";
