/**
 * Who is heard next. Among local, ingress and remote inputs a canister passes its turn on from message to message, and
 * among its peers the one that was served goes behind the others. So nobody who has much to say keeps the others out. One
 * law says which message comes next; the other counts who was passed over, and knows nothing of turns.
 */
import * as fc from "fast-check";
import type { CanisterId } from "../../spec/index.ts";
import { crampedWorlds } from "../arbitraries/focuses.ts";
import { backloggedWorlds } from "../arbitraries/backlogged.ts";
import { alone } from "../case.ts";
import { takenIn, type Taking } from "../tracking/executions.ts";
import { isStartedBy, messageOf } from "../tracking/matching.ts";
import { messageText, senderOf } from "../tracking/messages.ts";
import { nextInput, type NextInput, type Source } from "../tracking/queues.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { isLocal, type TrackedCanister, type World } from "../tracking/world.ts";

export const inputsTakeTurns = watchedLaw({
  id: "inputs-take-turns",
  statement:
    "A canister takes its next message from the first of local, ingress and remote inputs, beginning with the turn, that has one, of the peer that was served longest ago, and the first of that queue.",
  source: "facts/messages.md MSG-P25, MSG-3.5, Q7",
  cites: [
    "input-take",
    "turn-reset",
    "request-induct",
    "response-induct",
    "stream-request",
    "stream-response",
    "ingress-induct",
    "restart",
  ],
  otherwise: "no canister had inputs of two kinds, or of two peers",
  cases: (vocabulary) =>
    fc.oneof({ arbitrary: backloggedWorlds(vocabulary), weight: 3 }, { arbitrary: crampedWorlds(vocabulary), weight: 1 }).map(alone),
  watch: () => {
    let chosen = false;
    return {
      onEvent: (event, world) => {
        const taken = takenIn(event, world);
        const canister = taken === null ? undefined : world.canisters.get(taken.canister);
        if (taken === null || canister === undefined || isTask(taken)) return undefined;
        const { ingress, local, remote } = canister.queues;
        chosen ||= [ingress, local, remote].filter(({ length }) => length > 0).length > 1 || local.length > 1 || remote.length > 1;
        return mistaken(taken, canister);
      },
      interested: () => chosen,
    };
  },
});

const isTask = ({ cause }: Taking): boolean => cause.kind !== "update" && cause.kind !== "response";

const mistaken = (taken: Taking, { id, queues }: TrackedCanister): Complaint => {
  const next = nextInput(queues)?.input;
  if (next === undefined) return `${id} took a message, and there was none`;
  if (isTaken(taken, next)) return undefined;
  return `${id} took another message, and ${next.kind === "ingress" ? `ingress ${next.ingress}` : messageText(next.message)} was next`;
};

const isTaken = ({ cause }: Taking, next: NextInput): boolean => {
  if (next.kind === "message") return isStartedBy(cause)(next.message);
  return cause.kind === "update" && cause.origin.kind === "ingress" && cause.origin.ingress === next.ingress;
};

export const nobodyIsPassedOver = watchedLaw({
  id: "nobody-is-passed-over",
  statement:
    "Of three messages in a row that a canister takes, each of local, ingress and remote inputs that has one all the while gives one; and while a peer waits, no other of its kind is served twice.",
  source: "facts/messages.md MSG-P25, MSG-3.5; facts/scheduler.md SCH-P20",
  cites: ["input-take"],
  otherwise: "nobody waited while another was served",
  cases: (vocabulary) => backloggedWorlds(vocabulary).map(alone),
  watch: () => {
    const waits = new Map<CanisterId, Waiting>();
    let waited = false;
    return {
      onEvent: (event, world) => {
        // What expires between two rounds leaves its queue, and the count begins again.
        if (event.kind === "round-ended") waits.clear();
        const taken = takenIn(event, world);
        const canister = taken === null ? undefined : world.canisters.get(taken.canister);
        if (taken === null || canister === undefined || isTask(taken)) return undefined;
        const known = waits.get(canister.id) ?? { sources: new Map(), peers: new Map() };
        waits.set(canister.id, known);
        const complaint = passedOver(taken, canister, world, known);
        waited ||= [...known.sources.values()].some((passed) => passed > 0) || known.peers.size > 0;
        return complaint;
      },
      interested: () => waited,
    };
  },
});

/** Who waits for a canister: how often each source was passed over, and who was served while a peer waited. */
interface Waiting {
  readonly sources: Map<Source, number>;
  readonly peers: Map<CanisterId, Set<CanisterId>>;
}

const passedOver = ({ cause }: Taking, canister: TrackedCanister, world: World, { sources, peers }: Waiting): Complaint => {
  const { id, queues } = canister;
  const message = messageOf(canister, cause);
  const peer = message === undefined ? null : senderOf(message);
  const kindOf = (one: CanisterId): Source => (isLocal(world, one) ? "local" : "remote");
  const served: Source = peer === null ? "ingress" : kindOf(peer);
  const waiting = [...queues.inputs.keys()];
  for (const source of ["local", "ingress", "remote"] as const) {
    const waits = source === "ingress" ? queues.ingress.length > 0 : waiting.some((one) => kindOf(one) === source);
    const passed = !waits || source === served ? 0 : (sources.get(source) ?? 0) + 1;
    if (passed > 2) return `the ${source} inputs of ${id} were passed over ${passed} times`;
    sources.set(source, passed);
  }
  if (peer === null) return undefined;
  peers.delete(peer);
  for (const other of waiting) {
    if (other === peer || kindOf(other) !== served) continue;
    const before: Set<CanisterId> = peers.get(other) ?? new Set();
    if (before.has(peer)) return `${peer} was served twice by ${id}, while ${other} waited`;
    peers.set(other, before.add(peer));
  }
  return undefined;
};
