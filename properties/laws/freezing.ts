/**
 * Freezing: a canister keeps enough to live idle through its freezing threshold. Nothing that it starts may take from
 * that; what it was promised, its callbacks, runs all the same.
 */
import * as fc from "fast-check";
import { postponedOf, pricesOf } from "../tracking/executions.ts";
import { messageMemory, replyBytes, thresholdOf } from "../tracking/holdings.ts";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { thriftyWorlds } from "../arbitraries/thrifty.ts";
import { alone } from "../case.ts";
import { prepayment } from "../money.ts";
import { pagesGrown, pagesInUse } from "../tracking/pages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import type { Executed } from "../../spec/index.ts";

export const frozenStartsNothing = watchedLaw({
  id: "frozen-starts-nothing",
  statement:
    "An update, a heartbeat, a timer or a hook runs exactly when the balance covers the freezing threshold and the prepayment; callbacks run frozen or not; what completes leaves the freezing threshold of what it then holds, in memory, used or allocated, and in places for messages, less what is set aside.",
  source: "facts/cycles.md CYC-P10, CYC-P11, CYC-4.6; facts/messages.md MSG-P27",
  cites: ["execution-begin", "execution-commit", "callback-begin", "cycles-burn", "call-send", "memory-grow"],
  otherwise: "no canister was near its freezing threshold",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        { arbitrary: mixedWorlds(vocabulary, { scarce: true, priced: true, crowded: true, customs: ["heartbeats"] }), weight: 8 },
        { arbitrary: thriftyWorlds(vocabulary, { priced: true, billed: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { allotted: true }), weight: 1 },
      ),
      vocabulary,
      { priced: true },
    ).map(alone),
  watch: () => {
    let near = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "executed" && event.kind !== "not-executed" && event.kind !== "execution-paused") return undefined;
        const canister = world.canisters.get(event.canister);
        if (canister === undefined) return undefined;
        const prepaid = prepayment(pricesOf(world, canister));
        const threshold = thresholdOf(world, canister);
        const spare = canister.balance - threshold - prepaid;
        const words = `a balance of ${canister.balance}, a freezing threshold of ${threshold} and a prepayment of ${prepaid}`;
        if (event.cause.kind !== "response") near ||= threshold + prepaid > 0n && spare < 4n * prepaid;
        if (event.kind === "not-executed") {
          if (event.cause.kind === "response") return `a callback of ${canister.id} was not executed`;
          return event.error === "IC0207" && canister.execution === null && spare >= 0n
            ? `${canister.id} was refused a message with ${words}`
            : undefined;
        }
        if (event.cause.kind !== "response" && canister.execution === null && spare < 0n)
          return `${canister.id} started a message with ${words}`;
        return event.kind === "executed" ? leftTooLittle(event, canister, world) : undefined;
      },
      interested: () => near,
    };
  },
});

/** The balance before the rest of the prepayment came back, against the threshold of that moment. */
const leftTooLittle = (event: Executed, canister: TrackedCanister, world: World): Complaint => {
  const { cause, trap, balance, prepaid, charged, burned, calls, wrote } = event;
  const prices = pricesOf(world, canister);
  const left = balance - (prepaid - charged);
  const { reserved } = canister;
  // Of a long execution, what came while it was paused does not count.
  const messages = canister.execution?.attempt?.messages ?? messageMemory(canister, world.parameters);
  const guaranteed = calls.filter(({ deadline }) => deadline === null).length;
  // The response that a callback was given has left its queue.
  const taken = cause.kind === "response" ? replyBytes(canister.calls.get(cause.callback)?.response ?? null) : 0;
  const held = { messages: messages - taken + guaranteed * world.parameters.maxPayload, reserved: reserved + event.reserved };
  if (cause.kind !== "response" && trap === null) {
    // The size of stable memory is told right behind.
    const stablePages = world.foreseen?.stablePages ?? canister.stablePages;
    const pages = pagesInUse(world.parameters, canister) + pagesGrown(world.parameters, canister, { wrote, stablePages });
    const threshold = thresholdOf(world, canister, { ...held, memory: pages * world.parameters.pageSize }, prices);
    return left < threshold
      ? `${canister.id} completed with a balance of ${left} and a freezing threshold of ${threshold} for ${pages} pages`
      : undefined;
  }
  // A callback may be frozen, but then it spends nothing; and its memory only grows.
  const spent = calls.reduce<bigint>((sum, { attached, fee, reserve }) => sum + attached + fee + reserve, burned);
  const threshold = thresholdOf(world, canister, held, prices);
  // What a long execution left is less by postponed fees.
  return spent > 0n && left + postponedOf(canister) < threshold
    ? `${canister.id} spent ${spent} and was left with ${left}, below its freezing threshold of ${threshold}`
    : undefined;
};
