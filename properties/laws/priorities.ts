/**
 * Priorities in the current scheduler, to the last millionth of a percent: full rounds are paid, allocations granted, what lies
 * outside the bounds decays, and the rest is shared. An onlooker who sees which canisters had a full round can do the sums.
 */
import { byId, priorityPercent, type Event } from "../../spec/index.ts";
import { scheduledWorlds } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import type { Book, Booked } from "../tracking/schedule.ts";
import { bookedLaw } from "./booked.ts";

const whole = 100n * priorityPercent;

export const prioritiesAreSettled = bookedLaw({
  id: "priorities-are-settled",
  statement:
    "At the end of a round of the current scheduler every canister has paid for its full rounds, got its allocation, lost a part of what lies outside the bounds, and got its part of what is left, to the last unit; the sum of all priorities is never below zero, and zero whenever anything was left to share.",
  source: "facts/scheduler.md SCH-2.4.2, SCH-2.4.5, SCH-2.4.9, SCH-2.4.10, SCH-P2",
  cites: [
    "priority-reset",
    "full-count",
    "start-charge",
    "rounds-charge",
    "allocation-grant",
    "priority-decay",
    "free-share",
    "suspension-charge",
    "execution-abort",
    "allocation-set",
    "canister-create",
    "canister-delete",
    "restart",
  ],
  otherwise: "no canister had a full round in the current scheduler",
  cases: (vocabulary) => scheduledWorlds(vocabulary, { scheduler: "current" }).map(alone),
  read: () => {
    let paid = false;
    const suspended = new Set<string>();
    const told = new Map<string, { readonly unpaid: number; readonly priority: bigint }>();
    return {
      interested: () => paid,
      onEvent: (event, book) => {
        if (book.parameters.scheduler !== "current") return undefined;
        if (event.kind === "round-began") {
          suspended.clear();
          told.clear();
        }
        if (event.kind === "canister-suspended" && event.iteration === 1) {
          const canister = book.canisters.get(event.canister);
          if (canister !== undefined) canister.priority -= whole;
          suspended.add(event.canister);
        }
        if (event.kind === "full-round") told.set(event.canister, event);
        if (event.kind !== "priorities-settled") return undefined;
        paid ||= told.size > 0;
        return settled(book, event, suspended, told);
      },
    };
  },
});

const settled = (
  book: Book,
  said: Event & { kind: "priorities-settled" },
  suspended: ReadonlySet<string>,
  told: ReadonlyMap<string, { readonly unpaid: number; readonly priority: bigint }>,
): string | undefined => {
  const all = [...book.canisters.values()].sort((left, right) => byId(left.id, right.id));
  const { round, parameters } = book;
  if (round === null) return "priorities were settled outside of a round";
  if (round.height % parameters.priority.resetInterval === 0) {
    // The reset comes first in the round, before suspensions.
    for (const canister of all) canister.priority = suspended.has(canister.id) ? -whole : 0n;
  }
  let charged = whole * BigInt(suspended.size);
  const charge = (canister: Booked, amount: bigint): void => {
    canister.priority -= amount;
    charged += amount;
  };
  for (const canister of all) if (told.has(canister.id)) canister.executed += 1;
  for (const canister of all)
    if (told.has(canister.id) && canister.underway !== null && canister.underway.since === round.height) charge(canister, whole);
  for (const canister of all) {
    if (canister.executed === 0 || (canister.underway !== null && !round.completed.has(canister.id))) continue;
    charge(canister, whole * BigInt(Math.max(canister.executed - 1, 1)));
    canister.executed = 0;
  }
  const allocated = sum(all.map(({ allocation }) => BigInt(allocation) * priorityPercent));
  for (const canister of all) canister.priority += BigInt(canister.allocation) * priorityPercent;
  const decayed = sum(all.map((canister) => decay(canister, parameters.priority)));
  const shared = share(all);
  const total = sum(all.map(({ priority }) => priority));
  const expected = { charged, granted: allocated, decayed, shared, total };
  for (const [field, value] of Object.entries(expected))
    if (said[field as keyof typeof expected] !== value)
      return `at the end of round ${round.height} ${field} is said to be ${said[field as keyof typeof expected]}, and is ${value}`;
  if (total < 0n) return `the sum of all priorities is ${total}`;
  if (shared > 0n && total !== 0n) return `something was left to share, and the sum of all priorities is ${total}`;
  for (const [id, { unpaid, priority }] of told) {
    const canister = book.canisters.get(id as Booked["id"]);
    if (canister === undefined) return `${id}, which does not exist, had a full round`;
    if (canister.priority !== priority) return `${id} is said to have the priority ${priority}, and has ${canister.priority}`;
    if (canister.executed !== unpaid) return `${id} is said to owe ${unpaid} full rounds, and owes ${canister.executed}`;
  }
  return undefined;
};

/** What a canister keeps of priority or debt outside the bounds; the change. */
const decay = (canister: Booked, { ceiling, floor, decay: kept }: Book["parameters"]["priority"]): bigint => {
  const before = canister.priority;
  const bound =
    before > BigInt(ceiling) * whole ? BigInt(ceiling) * whole : before < -BigInt(floor) * whole ? -BigInt(floor) * whole : before;
  canister.priority = bound + ((before - bound) * BigInt(kept)) / 100n;
  return canister.priority - before;
};

/** What is left of the charges goes round, those with the largest allocation first; what was given. */
const share = (all: readonly Booked[]): bigint => {
  const given = -sum(all.map(({ priority }) => priority));
  if (given <= 0n) return 0n;
  const allocated = sum(all.map(({ allocation }) => BigInt(allocation) * priorityPercent));
  const count = BigInt(all.length);
  const cap = given + allocated > whole * count ? (given + allocated + count - 1n) / count : whole;
  let free = given;
  const order = [...all].sort((left, right) => right.allocation - left.allocation || byId(left.id, right.id));
  order.forEach((canister, at) => {
    const even = free / BigInt(order.length - at);
    const room = cap - BigInt(canister.allocation) * priorityPercent;
    const part = even < room ? even : room;
    canister.priority += part;
    free -= part;
  });
  return given - free;
};

const sum = (numbers: readonly bigint[]): bigint => numbers.reduce((total, number) => total + number, 0n);
