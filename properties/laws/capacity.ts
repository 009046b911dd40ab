/** Capacity: no pair of canisters ever has more calls under way than a queue has slots, at either end. */
import * as fc from "fast-check";
import { busyWorlds } from "../arbitraries/busy.ts";
import { backloggedWorlds } from "../arbitraries/backlogged.ts";
import { alone } from "../case.ts";
import { slotsTaken } from "../tracking/memory.ts";
import { callText } from "../tracking/messages.ts";
import { watchedLaw } from "../tracking/watch.ts";
import { openCallsTo } from "../tracking/holdings.ts";

export const slotsAreBounded = watchedLaw({
  id: "slots-are-bounded",
  statement:
    "A canister never has more calls to one callee open than a queue has slots; and of no caller does a callee hold more requests, open calls and responses together: so every answer finds its place.",
  source: "facts/messages.md MSG-P4, MSG-CAP01, MSG-CAP02, MSG-CAP03",
  cites: ["call-send", "callback-begin", "request-induct", "stream-request", "response-discard"],
  otherwise: "no canister had as many calls to one callee open as a queue holds",
  cases: (vocabulary) =>
    fc
      .oneof(
        busyWorlds(vocabulary, {
          always: ["call"],
          plant: ["crowd"],
          programs: [["crowd"], ["serve"]],
          ample: ["guaranteedResponseMemory", "callbackLimit"],
        }),
        backloggedWorlds(vocabulary),
      )
      .map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { queueCapacity } = genesis.parameters;
    let full = false;
    return {
      onEvent: (event, world) => {
        if (event.kind === "request-inducted") {
          const callee = world.canisters.get(event.callee);
          const taken = callee === undefined ? 0 : slotsTaken(callee, event.caller);
          return taken >= queueCapacity
            ? `${callText(event.caller, event.callback)} entered the queue of ${event.callee}, where ${event.caller} had ${taken} of ${queueCapacity} slots`
            : undefined;
        }
        if (event.kind !== "executed" || event.calls.length === 0) return undefined;
        const canister = world.canisters.get(event.canister);
        if (canister === undefined) return undefined;
        for (const callee of new Set(event.calls.map((call) => call.callee))) {
          const { cause } = event;
          const freed = cause.kind === "response" && canister.calls.get(cause.callback)?.callee === callee ? 1 : 0;
          const open = openCallsTo(canister, callee) - freed + event.calls.filter((call) => call.callee === callee).length;
          if (open > queueCapacity) return `${canister.id} has ${open} calls to ${callee} open, a queue holds ${queueCapacity}`;
          full ||= open === queueCapacity;
        }
        return undefined;
      },
      interested: () => full,
    };
  },
});
