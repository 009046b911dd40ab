/**
 * What canisters pay for existing. A machine tells of it in sums: how many canisters were charged, and what all of them
 * paid. Whoever followed pages, allocations, balances and the clock knows who is due and what each of them owes.
 */
import * as fc from "fast-check";
import { chargedWorlds, placedWorlds } from "../arbitraries/charged.ts";
import { codedWorlds, orKept } from "../arbitraries/coded.ts";
import { thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { chargesNow, isDue, sumOf, type Charge, type Due } from "../tracking/charges.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";
import type { Event } from "../../spec/index.ts";

export const chargesAreDue = watchedLaw({
  id: "charges-are-due",
  statement:
    "At the end of each round that is not skipped, exactly those canisters are charged that have no execution under way and were not charged for the whole charge period, whether they have code or not; their number is told once, when there is any.",
  source: "facts/cycles.md CYC-4.1, CYC-C21, S7; facts/messages.md MSG-P14",
  cites: ["resources-charge", "restart", "canister-create", "execution-pause", "execution-finish"],
  otherwise: "nobody was charged",
  cases: (vocabulary) => chargedWorlds(vocabulary).map(alone),
  watch: () => {
    let told = false;
    let charged = false;
    return {
      onEvent: (event, world, { input }) => {
        if (event.kind === "round-began") told = false;
        if (event.kind === "round-ended" && !told) return forgotten(world);
        if (event.kind !== "resources-charged") return undefined;
        if (input.kind !== "round") return `canisters were charged, and the input was ${input.kind}`;
        if (told) return "canisters were charged twice in a round";
        told = true;
        charged = true;
        return miscounted(event, world);
      },
      interested: () => charged,
    };
  },
});

type Charged = Extract<Event, { readonly kind: "resources-charged" }>;

const forgotten = (world: World): Complaint => {
  if (world.round?.skipped === true) return undefined;
  for (const canister of world.canisters.values())
    if (isDue(world, canister))
      return `${canister.id} was last charged at ${canister.chargedAt}, and the round of ${world.time} ended without a charge`;
  return undefined;
};

const miscounted = ({ canisters: count }: Charged, world: World): Complaint => {
  if (world.round?.skipped === true) return "canisters were charged in a round that was skipped";
  const due = chargesNow(world).map(({ canister }) => canister.id);
  if (due.length === 0) return `${count} canisters were charged, and nobody was due`;
  return count === due.length ? undefined : `${count} canisters were charged, and ${due.length} were due: ${due.join(", ")}`;
};

export const chargesAreExact = watchedLaw({
  id: "charges-are-exact",
  statement:
    "What all canisters together pay for their memory, used or allocated, for that of their messages, and for their compute allocations, is to the cycle what each of them owes: of the price of a day, rounded down, the part for the whole seconds since its last charge, rounded down, frozen or not; what was set aside pays first; where both together do not cover it nothing is taken, memory comes first, and messages next.",
  source: "facts/cycles.md CYC-P13, CYC-P14, CYC-4.1, CYC-4.2, CYC-5.4, S6, S7, CYC-C09 to CYC-C11, T42, T44",
  cites: [
    "memory-charge",
    "messages-charge",
    "allocation-charge",
    "resources-charge",
    "canister-exhaust",
    "allocation-set",
    "restart",
    "snapshot-take",
  ],
  otherwise: "nobody had anything to pay",
  cases: (vocabulary) => {
    const billed = thriftyWorlds(vocabulary, { billed: true, charged: true });
    const worlds = fc.oneof(placedWorlds(vocabulary, "normal"), chargedWorlds(vocabulary), billed);
    const allotted = codedWorlds(vocabulary, { allotted: true, charged: true });
    return fc.oneof({ arbitrary: orKept(worlds, vocabulary, { charged: true }), weight: 9 }, { arbitrary: allotted, weight: 1 }).map(alone);
  },
  watch: () => {
    let paid = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "resources-charged") return undefined;
        paid ||= event.memory + event.messages + event.compute > 0n;
        return mispaid(event, chargesNow(world));
      },
      interested: () => paid,
    };
  },
});

const mispaid = ({ memory, messages, compute }: Charged, charges: readonly Charge[]): Complaint => {
  for (const [what, told] of [
    ["memory", memory],
    ["messages", messages],
    ["compute", compute],
  ] as const) {
    const owed = sumOf(charges, what);
    if (told !== owed)
      return `canisters paid ${told} for their ${what}, and owed ${owed}: ${charges.map((charge) => said(charge, what)).join(", ")}`;
  }
  return undefined;
};

const said = ({ canister: { id }, seconds, price, taken }: Charge, what: Due): string =>
  `${id} ${taken[what]} for ${seconds} s${taken[what] === price[what] ? "" : `, as it cannot pay ${price[what]}`}`;
