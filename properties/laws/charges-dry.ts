/** Who cannot pay: which canisters run dry, what they lose, and what they keep. */
import * as fc from "fast-check";
import { chargedWorlds, placedWorlds } from "../arbitraries/charged.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { changesOf, flowsOf } from "../flows.ts";
import { chargesNow, type Charge } from "../tracking/charges.ts";
import { refusalByStatus } from "../tracking/management.ts";
import { callText } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";
import { withdrawalsOf } from "./uninstalling.ts";
import type { CanisterId, Event, Step } from "../../spec/index.ts";

export const theDryLoseTheirCode = watchedLaw({
  id: "the-dry-lose-their-code",
  statement:
    "Right behind a charge it is told of exactly those canisters that could not pay all of it that they ran dry: the rest of the balance, and of what was set aside, is burned, each open context is rejected once with IC0406 and all its cycles, and all contexts are deleted; from then on nothing of such a canister runs and no message of a user is let in, but its callbacks are open still, and what comes back on them, or is given to it, is on its balance.",
  source: "facts/cycles.md CYC-4.4, T45, CYC-P22; facts/messages.md F16, MSG-P10",
  cites: [
    "canister-exhaust",
    "memory-charge",
    "messages-charge",
    "allocation-charge",
    "context-withdraw",
    "context-delete",
    "response-discard",
    "ingress-submit",
    "context-open",
    "top-up",
  ],
  otherwise: "nobody ran dry",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: placedWorlds(vocabulary, "normal"), weight: 5 },
        { arbitrary: chargedWorlds(vocabulary), weight: 1 },
        { arbitrary: thriftyWorlds(vocabulary, { stored: true, billed: true, priced: false, charged: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { allotted: true, charged: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    const dry = new Set<CanisterId>();
    let ran = false;
    /** The index of the last event that tells of who ran dry just now. */
    let last = -1;
    return {
      onEvent: (event, world, step, position) => {
        if (position === 0) last = -1;
        if (
          event.kind === "canister-deleted" ||
          event.kind === "snapshot-loaded" ||
          (event.kind === "installation-ran" && event.trap === null)
        )
          dry.delete(event.canister);
        if (event.kind === "resources-charged") {
          const expected = chargesNow(world).filter((charge) => charge.dry);
          for (const { canister } of expected) dry.add(canister.id);
          ran ||= expected.length > 0;
          const consequences = expected.flatMap(consequencesOf);
          last = position + consequences.length;
          return untold(step.observation.events.slice(position + 1, last + 1), consequences);
        }
        if (event.kind === "ran-dry" && position > last) return `${event.canister} ran dry, and owed nothing that it could not pay`;
        return awake(event, dry, world, step) ?? bereft(event, dry, world) ?? miscredited(event, dry, world);
      },
      interested: () => ran,
    };
  },
});

const consequencesOf = (charge: Charge): readonly object[] => [
  { kind: "ran-dry", canister: charge.canister.id, burned: charge.balance + charge.reserved },
  ...withdrawalsOf(charge.canister),
];

const untold = (events: readonly Event[], expected: readonly object[]): Complaint => {
  const difference = firstDifference(events, expected);
  return difference === null ? undefined : `who ran dry was to be told otherwise: ${difference}`;
};

/** Whatever runs needs code. */
const awake = (event: Event, dry: ReadonlySet<CanisterId>, { canisters }: World, { input }: Step): Complaint => {
  switch (event.kind) {
    case "ingress-received":
      return input.kind === "ingress" && dry.has(input.canister)
        ? `${input.canister} ran dry, and ingress ${event.ingress} was let in`
        : undefined;
    case "executed":
    case "callback-refused":
    case "execution-paused":
    case "tasks-chosen":
    case "hook-ready":
      return dry.has(event.canister) ? `${event.canister} ran dry, and then came its ${event.kind}` : undefined;
    case "not-executed":
      return dry.has(event.canister) && !["IC0537", "IC0207", refusalByStatus(canisters.get(event.canister))].includes(event.error)
        ? `${event.canister} ran dry, and a message to it was refused with ${event.error}`
        : undefined;
    default:
      return undefined;
  }
};

/** A response to a callback that nobody answered yet finds it open. */
const bereft = (event: Event, dry: ReadonlySet<CanisterId>, world: World): Complaint => {
  if (event.kind !== "response-late" || !dry.has(event.caller)) return undefined;
  const call = callOf(world, event.caller, event.callback);
  return call?.status === "open" ? `${event.caller} ran dry, and ${callText(event.caller, event.callback)} is no longer open` : undefined;
};

const miscredited = (event: Event, dry: ReadonlySet<CanisterId>, world: World): Complaint => {
  if (event.kind !== "topped-up" && event.kind !== "response-discarded" && event.kind !== "refund-inducted") return undefined;
  const canister = dry.has(event.canister) ? world.canisters.get(event.canister) : undefined;
  if (canister === undefined) return undefined;
  const expected = canister.balance + changesOf(flowsOf(event, world)).balances;
  return event.balance === expected
    ? undefined
    : `${canister.id} ran dry, its ${event.kind} leaves it ${expected}, and its balance is ${event.balance}`;
};
