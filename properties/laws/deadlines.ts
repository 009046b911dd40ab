/**
 * What waits too long. At the start of each round every queue and every callback is looked at once, in one order, and
 * what is late by then is told, no more and no less. Written from `docs/machine.md` section 4.1 alone.
 */
import * as fc from "fast-check";
import { bestEffortWorlds, forgetfulWorlds, lateWorlds } from "../arbitraries/focuses.ts";
import { orUsers } from "../arbitraries/users.ts";
import { alone } from "../case.ts";
import { callText, rejectOf, responseTo } from "../tracking/messages.ts";
import { peersOf } from "../tracking/queues.ts";
import { watchedLaw } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";
import { jammedWorlds } from "./deadlines-jams.ts";
import { comeBack, dropCycles, dropText, enter, leave, type Lying } from "./network-moves.ts";
import { heldTo } from "./network-rehearsal.ts";

export const lateMessagesExpire = watchedLaw({
  id: "late-messages-expire",
  statement:
    "A round begins with what is late by its time: requests that never left come back, best-effort messages that nobody waits for are dropped, calls whose deadline passed are answered with reject code 6, ingress messages that were never begun are; all of them, nothing else, in one order.",
  source: "facts/messages.md E5, E6, E8, E9, E10, RND-4, RND-5, MSG-CAP05, MSG-CAP06, MSG-CAP09, MSG-P20",
  cites: [
    "request-expire",
    "message-expire",
    "callback-expire",
    "ingress-expire",
    "ingress-answer",
    "cycles-lose",
    "cycles-return",
    "refund-stream",
  ],
  otherwise: "nothing was late",
  cases: (vocabulary) =>
    orUsers(
      fc.oneof(jammedWorlds(vocabulary), lateWorlds(vocabulary), bestEffortWorlds(vocabulary), forgetfulWorlds(vocabulary)),
      vocabulary,
    ).map(alone),
  watch: () => {
    let late = false;
    return {
      onEvent: heldTo(
        {
          name: "what is late",
          once: "a round",
          begins: (_, { previous }) => previous?.kind === "round-began",
          rehearse: lateIn,
          owns: (event) =>
            event.kind === "callback-expired" ||
            event.kind === "ingress-expired" ||
            (event.kind === "message-dropped" && event.reason === "expired") ||
            (event.kind === "request-bounced" && event.error === "CN0210"),
        },
        (lines) => (late ||= lines.length > 0),
      ),
      interested: () => late,
    };
  },
});

const lateIn = (world: World): readonly string[] => [
  ...[...world.canisters.values()].flatMap((canister) => lateOf(world, canister)),
  ...lateIngress(world),
];

const lateOf = (world: World, canister: TrackedCanister): readonly string[] => {
  const lines: string[] = [];
  for (const lying of lyingIn(canister, "output")) {
    if (!isLate(world, lying)) continue;
    leave(lying);
    if (lying.message.kind === "request") lines.push(comeBack(world, canister, lying.message, "CN0210"));
    else lines.push(dropText(lying, "expired"), ...dropCycles(world, lying.message));
  }
  for (const lying of lyingIn(canister, "input")) {
    if (lying.message.kind === "response" || !isLate(world, lying)) continue;
    leave(lying);
    lines.push(dropText(lying, "expired"), ...dropCycles(world, lying.message));
  }
  for (const call of [...canister.openCalls].sort((left, right) => left.callback - right.callback)) {
    const { callback, callee, deadline, status } = call;
    if (status !== "open" || deadline === null || deadline >= world.time) continue;
    enter(world, canister, responseTo({ caller: canister.id, callback, callee, deadline }, rejectOf("IC0601"), 0n));
    lines.push(`${callText(canister.id, callback)} expires`);
  }
  return lines;
};

/** The messages in the queues of one side, peer by peer, from first to last. */
export const lyingIn = (canister: TrackedCanister, side: Lying["side"]): readonly Lying[] => {
  const queues = canister.queues[side === "input" ? "inputs" : "outputs"];
  return peersOf(queues).flatMap((peer) => queues.get(peer)!.map((message): Lying => ({ canister, side, peer, message })));
};

/** A request with a guaranteed response waits in the queue of its sender for so long, and has no other deadline. */
const isLate = ({ time, parameters: { requestLifetime } }: World, { side, message }: Lying): boolean => {
  if (message.deadline !== null) return message.deadline < time;
  return side === "output" && message.kind === "request" && message.sentAt !== null && message.sentAt + requestLifetime < time;
};

const lateIngress = ({ ingress, pool, management, canisters, time }: World): readonly string[] =>
  [
    pool,
    management.flatMap(({ request }) => (request.kind === "ingress" ? [request.id] : [])),
    ...[...canisters.values()].map(({ queues }) => queues.ingress),
  ].flatMap((waiting) =>
    waiting.filter((id) => (ingress.get(id)?.expiry ?? time) < time).flatMap((id) => [`${id} expires`, `${id} is answered with IC0202`]),
  );
