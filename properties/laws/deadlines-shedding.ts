/**
 * What there is no memory for. Best-effort messages share a memory that nobody reserved; at the end of a round the
 * largest are shed until the rest fits, and not one more. Written from `docs/machine.md` section 4.1 alone.
 */
import * as fc from "fast-check";
import { bytes, instructions } from "../../spec/index.ts";
import { networkedWorlds } from "../arbitraries/busy.ts";
import type { Focus } from "../arbitraries/focus.ts";
import { isScarce } from "../arbitraries/networks.ts";
import { sheddingWorlds } from "../arbitraries/focuses.ts";
import { alone } from "../case.ts";
import { bestEffortMemory } from "../tracking/memory.ts";
import { rejectOf, responseTo } from "../tracking/messages.ts";
import { replaceInput } from "../tracking/queues.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";
import { lyingIn } from "./deadlines.ts";
import { comeBack, dropCycles, dropText, leave, type Lying } from "./network-moves.ts";
import { heldTo } from "./network-rehearsal.ts";

export const theLargestAreShed = watchedLaw({
  id: "the-largest-are-shed",
  statement:
    "At the end of a round the best-effort messages in queues fit their memory: the largest were shed first, of equal ones the first in order, and none that could have stayed; who waits for an answer still gets one.",
  source: "facts/messages.md E11, RND-10, MSG-CAP14, RC6, MSG-P20",
  cites: ["message-shed", "cycles-lose", "cycles-return", "refund-stream"],
  otherwise: "nothing was shed",
  cases: (vocabulary) =>
    fc
      .oneof({ arbitrary: networkedWorlds(vocabulary, narrow), weight: 12 }, { arbitrary: sheddingWorlds(vocabulary), weight: 1 })
      .map(alone),
  watch: () => {
    let shed = false;
    return {
      onEvent: heldTo(
        {
          name: "shedding",
          once: "a round",
          begins: (event) => (event.kind === "message-dropped" && event.reason === "shed") || endings.has(event.kind),
          rehearse: shedIn,
          owns: (event) =>
            (event.kind === "message-dropped" && event.reason === "shed") || (event.kind === "request-bounced" && event.error === "CN0211"),
        },
        (lines) => (shed ||= lines.length > 0),
      ),
      onStep: ({ input }, world): Complaint => {
        const { bestEffortMemory: room } = world.parameters;
        const used = bestEffortMemory(world);
        return input.kind === "round" && used > room
          ? `best-effort messages have ${used} bytes at the end of the round, of ${room}`
          : undefined;
      },
      interested: () => shed,
    };
  },
});

/** Much is left over at the end of a round, and there is little room for it. */
const narrow: Focus = {
  always: ["call", "reply"],
  customs: ["best-effort"],
  limits: ["bestEffortMemory", "roundInstructionLimit", "streamCapacity"],
  ample: ["callbackLimit", "guaranteedResponseMemory", "bestEffortLifetime", "ingressLifetime", "historyLifetime", "historyCapacity"],
  plant: ["hurry"],
  programs: [["hurry"], ["hurry", "serve"], ["serve"]],
  patient: true,
  network: (network, dice) => ({
    ...network,
    cores: 1,
    queueCapacity: dice.whole(2, 5),
    ...(isScarce(network, "roundInstructionLimit") && {
      roundInstructionLimit: instructions((network.messageInstructionLimit + network.messageOverhead) * dice.whole(1, 3)),
    }),
    ...(isScarce(network, "streamCapacity") && { streamCapacity: 1 }),
    ...(isScarce(network, "bestEffortMemory") && { bestEffortMemory: bytes(dice.whole(0, 8)) }),
  }),
};

/** What comes after shedding. */
const endings: ReadonlySet<string> = new Set(["ingress-forgotten", "ingress-pruned", "round-ended"]);

const shedIn = (world: World): readonly string[] => {
  const lines: string[] = [];
  while (bestEffortMemory(world) > world.parameters.bestEffortMemory) {
    const largest = largestOf(world);
    if (largest === null) break;
    lines.push(...shedOne(world, largest));
  }
  return lines;
};

/** The largest best-effort message; of equal ones the first by canister, input before output queues, peer, and place. */
const largestOf = ({ canisters }: World): Lying | null => {
  let largest: Lying | null = null;
  for (const canister of canisters.values())
    for (const side of ["input", "output"] as const)
      for (const lying of lyingIn(canister, side))
        if (lying.message.deadline !== null && lying.message.bytes > (largest?.message.bytes ?? 0)) largest = lying;
  return largest;
};

const shedOne = (world: World, lying: Lying): readonly string[] => {
  const { canister, side, peer, message } = lying;
  const line = dropText(lying, "shed");
  if (side === "output" || message.kind === "request") leave(lying);
  else {
    const { caller, callback, respondent: callee, deadline } = message;
    const reject = responseTo({ caller, callback, callee, deadline }, rejectOf("IC0602"), 0n);
    replaceInput(canister.queues, peer, (other) => other === message, reject);
  }
  if (side === "output" && message.kind === "request") return [line, comeBack(world, canister, message, "CN0211")];
  return [line, ...dropCycles(world, message)];
};
