/**
 * Faults of cycles: what went wrong with them on the network, or nearly did, by the incidents and fixes of the fact sheet on
 * cycles, each as one clause that says something else.
 */
import { castDraft } from "immer";
import { cycles } from "../spec/index.ts";
import type { Fault } from "./faults.ts";
import { prepayment } from "./money.ts";
import { canisterOf, contextOf, draftOf, known, move, runningOf } from "./reading.ts";
import { reply } from "./rules/calls.ts";
import { chargeMemory, chargeResources } from "./rules/charges.ts";
import { burn } from "./rules/cycles.ts";
import { dropResponse } from "./rules/deadlines.ts";
import { beginExecution, settle } from "./rules/execution.ts";
import { growMemory } from "./rules/growth.ts";
import { beginCallback, callbackOf, respond, responseCost } from "./rules/responses.ts";
import { abortExecution, adjustPrepayment, finishExecution } from "./rules/slicing.ts";
import { replacing } from "./transition.ts";

export const cyclesFaults: readonly Fault[] = [
  {
    id: "rejects-cost-more-than-was-held",
    source: "facts/cycles.md CYC-8a.1",
    sentence:
      "A reject counts as one byte more than the largest payload, and what was held for the way back, less that, is taken modulo 2^128.",
    replacement: replacing(beginCallback, "then", "release", (after, before, { response }) => {
      const { transmission } = callbackOf(before, response);
      const cost = response.result.kind === "reply" ? responseCost(before, response) : transmission + 1n;
      move(after, response.caller, cycles(BigInt.asUintN(128, transmission - cost)));
    }),
  },
  {
    id: "contexts-keep-what-they-refunded",
    source: "facts/cycles.md CYC-8a.2",
    sentence: "A call context that has responded stays open, with the cycles that it refunded.",
    replacement: replacing(respond, "then", "close", (after, before) => {
      const { canister, context, answer } = runningOf(before);
      const { origin, caller, deadline } = contextOf(canisterOf(before, canister), context);
      draftOf(after, canister).contexts.set(context, {
        status: "open",
        origin,
        caller,
        deadline,
        available: known(answer, "an answer").refund,
      });
    }),
  },
  {
    id: "burns-are-booked-as-asked",
    source: "facts/cycles.md CYC-8b.1",
    sentence: "Of cycles that a canister burns, as many are booked as it asked for, however many there were.",
    replacement: replacing(burn, "then", "burn", (after, before, { asked }) => void (after.burned = cycles(before.burned + asked))),
  },
  {
    id: "unused-instructions-come-back-with-the-base-fee",
    source: "facts/cycles.md CYC-8b.3",
    sentence: "An execution gets its whole prepayment back.",
    replacement: replacing(settle, "then", "refund", (after, before) => move(after, runningOf(before).canister, runningOf(before).prepaid)),
  },
  {
    id: "credits-are-lost-during-a-pause",
    source: "facts/cycles.md CYC-8b.6",
    sentence: "What comes to the balance of a canister while its execution is paused is gone when that is over.",
    replacement: replacing(finishExecution, "then", "gain", () => undefined),
  },
  {
    id: "aborts-forgive-the-fees",
    source: "facts/cycles.md CYC-8b.9",
    sentence: "The fees that were postponed while an execution was paused are booked when it is aborted, but not paid.",
    replacement: replacing(abortExecution, "then", "debit", () => undefined),
  },
  {
    id: "late-refunds-belong-to-nobody",
    source: "facts/cycles.md CYC-8b.10",
    sentence: "The refund of a response for which nobody waits any more is credited to nobody.",
    replacement: replacing(dropResponse, "then", "credit", () => undefined),
  },
  {
    id: "cycles-are-accepted-after-the-reply",
    source: "facts/cycles.md CYC-8b.11",
    sentence: "What a reply refunds can still be accepted.",
    replacement: replacing(reply, "then", "empty", () => undefined),
  },
  {
    id: "the-threshold-forgets-memory",
    source: "facts/cycles.md CYC-8b.13",
    sentence: "The freezing threshold that a growing memory has to leave is that of the compute allocation alone.",
    replacement: replacing(growMemory, "when", "thawed", (before, args) => {
      const { canister } = runningOf(before);
      const bare = { ...canisterOf(before, canister), pages: new Map() };
      return growMemory.when["thawed"]!({ ...before, canisters: new Map([...before.canisters, [canister, bare]]) }, args);
    }),
  },
  {
    id: "charges-leave-the-prepayment",
    source: "facts/cycles.md CYC-2.7",
    sentence: "A canister is charged while it has an execution under way.",
    replacement: replacing(chargeResources, "when", "rested", () => true),
  },
  {
    id: "charges-stop-at-the-prepayment",
    source: "facts/cycles.md CYC-4.1, CYC-5.4",
    sentence: "Memory is paid for only from what lies above the price of an execution.",
    replacement: replacing(
      chargeMemory,
      "when",
      "covered",
      (before, { canister, price }) => canisterOf(before, canister).balance >= price + prepayment(before.parameters),
    ),
  },
  {
    id: "the-threshold-forgets-the-reserve",
    source: "facts/cycles.md CYC-8b.15",
    sentence: "An execution has to leave the whole price of idling, as if nothing were set aside for memory.",
    replacement: replacing(beginExecution, "when", "funded", (before, args) => {
      const { canister } = args.execution;
      const bare = { ...canisterOf(before, canister), reserved: cycles(0n) };
      return beginExecution.when["funded"]!({ ...before, canisters: new Map([...before.canisters, [canister, bare]]) }, args);
    }),
  },
  {
    id: "restarts-hold-the-old-prepayment",
    source: "facts/cycles.md CYC-8b.3",
    sentence: "An execution that starts again pays what prices rose by, but holds, and is paid back from, what it prepaid before.",
    replacement: replacing(adjustPrepayment, "then", "hold", () => undefined),
  },
  {
    id: "callbacks-hold-the-old-prices",
    source: "facts/cycles.md CYC-8b.4",
    sentence: "A callback is priced as when its call was sent, and paid back as prices are now.",
    replacement: replacing(
      beginCallback,
      "then",
      "hold",
      (after, before, { response, execution }) =>
        void (after.running = { ...castDraft(execution), prepaid: callbackOf(before, response).execution }),
    ),
  },
];
