/** What happens to the calls of a canister whose code is taken away: what it owes is rejected at once, what it is owed comes home. */
import * as fc from "fast-check";
import type { Event, Step } from "../../spec/index.ts";
import { uninstallingWorlds } from "../arbitraries/focuses.ts";
import { memberWorlds } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { isUnexecuted } from "../tracking/executions.ts";
import { refusalByStatus } from "../tracking/management.ts";
import { callText, rejectOf } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callOf, type TrackedCanister, type World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";

export const uninstallingAnswersEverybody = watchedLaw({
  id: "uninstalling-answers-everybody",
  statement:
    "When the code of a canister is taken away, each of its open contexts is rejected once, with IC0406 and all its cycles; all of them are deleted, those that had been answered too; from then on nothing runs on the canister, calls to it are refused with IC0537, and a response for a deleted context runs no code but brings its refund and its reserve home.",
  source: "facts/messages.md MSG-P10, F16, E4, RC4, K10, K20; facts/cycles.md T24",
  cites: ["canister-uninstall", "context-withdraw", "context-delete", "response-discard", "context-open", "ingress-answer", "restart"],
  otherwise: "no code was taken away",
  cases: (vocabulary) =>
    fc.oneof({ arbitrary: uninstallingWorlds(vocabulary), weight: 12 }, { arbitrary: memberWorlds(vocabulary), weight: 1 }).map(alone),
  watch: () => {
    let uninstalled = false;
    let expected: readonly object[] = [];
    return {
      onEvent: (event, world, step, position) => {
        if (step.input.kind === "uninstall") {
          if (position === 0) {
            const canister = world.canisters.get(step.input.canister);
            uninstalled ||= canister !== undefined;
            expected = consequencesOf(step.input.canister, canister);
          }
          return undefined;
        }
        return ranWithoutCode(event, world) ?? misdiscarded(event, world);
      },
      onStep: (step) => (step.input.kind === "uninstall" ? untold(step, expected) : undefined),
      interested: () => uninstalled,
    };
  },
});

/** The events of an uninstallation, one by one. */
const consequencesOf = (id: string, canister: TrackedCanister | undefined): readonly object[] => {
  if (canister === undefined) return [{ kind: "uninstall-refused", canister: id, error: "IC0301" }];
  if (canister.execution !== null) return [{ kind: "uninstall-refused", canister: id, error: "CN0015" }];
  return [{ kind: "uninstalled", canister: id }, ...withdrawalsOf(canister)];
};

/** What becomes of the contexts of a canister that loses its code. */
export const withdrawalsOf = ({ id, contexts }: TrackedCanister): readonly object[] =>
  [...contexts.values()]
    .sort((left, right) => left.id - right.id)
    .flatMap(({ id: context, origin, status, available }): readonly object[] => {
      const result = rejectOf("IC0406");
      const answered = [
        { kind: "answered", canister: id, context, origin, result, refund: available },
        ...(origin.kind === "ingress" ? [{ kind: "ingress-answered", ingress: origin.ingress, result }] : []),
      ];
      return [...(status === "open" ? answered : []), { kind: "context-deleted", canister: id, context }];
    });

const untold = ({ observation: { events } }: Step, expected: readonly object[]): Complaint => {
  const difference = firstDifference(events, expected);
  return difference === null ? undefined : `the uninstallation was to be told otherwise: ${difference}`;
};

const ranWithoutCode = (event: Event, { canisters }: World): Complaint => {
  if (event.kind !== "executed" && event.kind !== "not-executed" && event.kind !== "tasks-chosen") return undefined;
  const canister = canisters.get(event.canister);
  if (canister === undefined || canister.installed)
    return event.kind === "not-executed" && event.error === "IC0537"
      ? `${event.canister} has code, and a call was refused with IC0537`
      : undefined;
  if (event.kind === "tasks-chosen") return `${event.canister} has no code, and began with a ${event.turn}`;
  if (event.kind === "executed") return `${event.canister} has no code, and ran a message`;
  return event.error === "IC0537" || event.error === "IC0207" || event.error === refusalByStatus(canister)
    ? undefined
    : `${event.canister} has no code, and a call to it was refused with ${event.error}`;
};

const misdiscarded = (event: Event, world: World): Complaint => {
  const callback = isUnexecuted(event) ? event.callback : callbackOf(event);
  if (callback === null || !("canister" in event) || event.canister === null) return undefined;
  const call = callOf(world, event.canister, callback);
  const context = call === undefined ? undefined : world.canisters.get(event.canister)?.contexts.get(call.context);
  if (call === undefined || context === undefined) return undefined;
  const what = callText(event.canister, callback);
  if (event.kind !== "response-discarded")
    return context.status === "deleted" ? `the response to ${what} ran in a context that is deleted` : undefined;
  if (context.status !== "deleted") return `the response to ${what} was discarded, and its context is ${context.status}`;
  const back = event.released + event.transmissionFee;
  return back === call.reserve ? undefined : `of the reserve of ${what}, ${call.reserve}, ${back} is accounted for`;
};

const callbackOf = (event: Event): number | null =>
  event.kind === "executed" && event.cause.kind === "response" ? event.cause.callback : null;
