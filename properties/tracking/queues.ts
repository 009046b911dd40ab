/**
 * The queues of a canister: one in each direction for each peer, the ingress queue, and whose turn it is. Written from
 * `docs/machine.md` sections 1 and 4.3 alone.
 */
import { byId, type CanisterId, type IngressId } from "../../spec/index.ts";
import { receiverOf, senderOf, type TrackedMessage } from "./messages.ts";

export type Source = "local" | "ingress" | "remote";

export interface TrackedQueues {
  readonly ingress: IngressId[];
  /** By peer; there is no empty queue in it. */
  readonly inputs: Map<CanisterId, TrackedMessage[]>;
  readonly outputs: Map<CanisterId, TrackedMessage[]>;
  /** The peers with messages in the input queue for them, in the order in which they are served. */
  readonly local: CanisterId[];
  readonly remote: CanisterId[];
  /** The source whose turn it is. */
  source: Source;
}

export const emptyQueues = (): TrackedQueues => ({
  ingress: [],
  inputs: new Map(),
  outputs: new Map(),
  local: [],
  remote: [],
  source: "local",
});

/** What a canister takes next. */
export type NextInput =
  | { readonly kind: "ingress"; readonly ingress: IngressId }
  | { readonly kind: "message"; readonly peer: CanisterId; readonly message: TrackedMessage };

/** What a canister takes next from its queues, and the source that gives it; `null` when they are empty. */
export const nextInput = (queues: TrackedQueues): { readonly source: Source; readonly input: NextInput } | null => {
  for (const source of from(queues.source)) {
    if (source === "ingress") {
      const ingress = queues.ingress[0];
      if (ingress !== undefined) return { source, input: { kind: "ingress", ingress } };
      continue;
    }
    const peer = queues[source][0];
    const message = peer === undefined ? undefined : queues.inputs.get(peer)?.[0];
    if (peer !== undefined && message !== undefined) return { source, input: { kind: "message", peer, message } };
  }
  return null;
};

const circle: readonly Source[] = ["local", "ingress", "remote"];

const from = (source: Source): readonly Source[] => {
  const at = circle.indexOf(source);
  return [...circle.slice(at), ...circle.slice(0, at)];
};

const behind = (source: Source): Source => circle[(circle.indexOf(source) + 1) % circle.length]!;

/** How many inputs there are, those of users included. */
export const countInputs = ({ ingress, inputs }: TrackedQueues): number => {
  let count = ingress.length;
  for (const queue of inputs.values()) count += queue.length;
  return count;
};

/** The peers of a set of queues, by id. */
export const peersOf = (queues: ReadonlyMap<CanisterId, readonly TrackedMessage[]>): readonly CanisterId[] => [...queues.keys()].sort(byId);

/** Puts a message at the end of the input queue for its sender. */
export const enterInput = (queues: TrackedQueues, message: TrackedMessage, kindOf: (peer: CanisterId) => "local" | "remote"): void => {
  const peer = senderOf(message);
  const queue = queues.inputs.get(peer);
  if (queue !== undefined) {
    queue.push(message);
    return;
  }
  queues.inputs.set(peer, [message]);
  queues[kindOf(peer)].push(peer);
};

/** Puts a message at the end of the output queue for its receiver. */
export const enterOutput = ({ outputs }: TrackedQueues, message: TrackedMessage): void => {
  const peer = receiverOf(message);
  const queue = outputs.get(peer);
  if (queue === undefined) outputs.set(peer, [message]);
  else queue.push(message);
};

/** Takes the first message like this from an output queue. */
export const leaveOutput = (
  { outputs }: TrackedQueues,
  peer: CanisterId,
  wanted: (message: TrackedMessage) => boolean,
): TrackedMessage | undefined => {
  const queue = outputs.get(peer);
  const left = queue === undefined ? undefined : withdraw(queue, wanted);
  if (queue?.length === 0) outputs.delete(peer);
  return left;
};

/** Takes the first message like this from an input queue, without anybody's turn. */
export const leaveInput = (
  queues: TrackedQueues,
  peer: CanisterId,
  wanted: (message: TrackedMessage) => boolean,
): TrackedMessage | undefined => {
  const queue = queues.inputs.get(peer);
  const left = queue === undefined ? undefined : withdraw(queue, wanted);
  if (queue?.length === 0) {
    queues.inputs.delete(peer);
    for (const list of [queues.local, queues.remote]) withdraw(list, (id) => id === peer);
  }
  return left;
};

/** Another message stands in the place of the first one like this. */
export const replaceInput = (
  { inputs }: TrackedQueues,
  peer: CanisterId,
  wanted: (message: TrackedMessage) => boolean,
  other: TrackedMessage,
): TrackedMessage | undefined => {
  const queue = inputs.get(peer);
  const at = queue?.findIndex(wanted) ?? -1;
  if (queue === undefined || at < 0) return undefined;
  return queue.splice(at, 1, other)[0];
};

/** Takes a message as the next input: its sender goes behind the others of its kind, and the next turn is that of the source behind. */
export const takeInput = (
  queues: TrackedQueues,
  peer: CanisterId,
  wanted: (message: TrackedMessage) => boolean,
): TrackedMessage | undefined => {
  const source: Source = queues.remote.includes(peer) ? "remote" : "local";
  const taken = leaveInput(queues, peer, wanted);
  if (taken === undefined) return undefined;
  if (queues.inputs.has(peer)) {
    withdraw(queues[source], (id) => id === peer);
    queues[source].push(peer);
  }
  queues.source = behind(source);
  return taken;
};

/** The same for a message of a user. */
export const takeIngress = (queues: TrackedQueues, id: IngressId): void => {
  if (withdraw(queues.ingress, (waiting) => waiting === id) !== undefined) queues.source = behind("ingress");
};

/** Takes the first of these items out of a list. */
export const withdraw = <T>(items: T[], wanted: (item: T) => boolean): T | undefined => {
  const at = items.findIndex(wanted);
  return at < 0 ? undefined : items.splice(at, 1)[0];
};
