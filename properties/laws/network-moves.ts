/**
 * The moves that several parts of a round have in common, each made on a copy of what an onlooker knows and told in a
 * line: a request that comes back, a message that is dropped with its cycles, a message that enters a stream. Written
 * from `docs/machine.md` section 4 alone.
 */
import { cycles, managementCanister, type ErrorCode, type StreamMessage, type SubnetId } from "../../spec/index.ts";
import { callText, cyclesOf, messageText, rejectOf, responseTo, type TrackedMessage, type TrackedRequest } from "../tracking/messages.ts";
import { enterInput, leaveInput, leaveOutput } from "../tracking/queues.ts";
import { endOf, streamTo } from "../tracking/streams.ts";
import { isLocal, subnetOf, type TrackedCanister, type World } from "../tracking/world.ts";
import { letterText } from "./network-rehearsal.ts";

/** A message and the canister in whose queue for which peer it lies. */
export interface Lying {
  readonly canister: TrackedCanister;
  readonly side: "input" | "output";
  readonly peer: TrackedCanister["id"];
  readonly message: TrackedMessage;
}

/** Takes a message out of its queue. */
export const leave = ({ canister: { queues }, side, peer, message }: Lying): void =>
  void (side === "input" ? leaveInput : leaveOutput)(queues, peer, (other) => other === message);

/** Puts a message into the input queue for its sender; from then on a call is answered that this is the response to. */
export const enter = (world: World, canister: TrackedCanister, message: TrackedMessage): void => {
  enterInput(canister.queues, message, (peer) => (isLocal(world, peer) ? "local" : "remote"));
  const call = message.kind === "response" ? canister.calls.get(message.callback) : undefined;
  if (call !== undefined) call.status = "answered";
};

/** A request that was taken out of the output queue comes back with all that was attached. */
export const comeBack = (world: World, canister: TrackedCanister, request: TrackedRequest, error: ErrorCode): string => {
  enter(world, canister, responseTo(request, rejectOf(error), request.attached));
  return `${callText(request.caller, request.callback)} comes back with ${error}`;
};

export const dropText = ({ canister, side, message }: Lying, reason: "expired" | "orphaned" | "shed"): string =>
  `${messageText(message)} in the ${side} queue of ${canister.id} is ${reason}`;

/** What becomes of the cycles on a message that was dropped. */
export const dropCycles = (world: World, message: TrackedMessage): readonly string[] => {
  const count = cyclesOf(message);
  const owner = message.caller;
  const fate = (word: string): string => `${count} cycles of ${owner} are ${word}`;
  if (count === 0n) return [];
  const home = world.routes.get(owner);
  const isHere = world.canisters.has(owner);
  if (world.parameters.droppedCycles === "lost" || (!isHere && home === undefined)) return [fate("lost")];
  if (isHere || home === undefined) return [fate("returned")];
  const index = append(world, home, null);
  return [fate("streamed"), `the stream to ${home} has at ${index} a refund of ${count} cycles to ${owner}`];
};

/** A message is appended to the stream to a subnet. */
export const streamed = (world: World, to: SubnetId, message: TrackedMessage): string =>
  `the stream to ${to} has at ${append(world, to, message)} ${letterText(message)}`;

const append = (world: World, to: SubnetId, tracked: TrackedMessage | null): number => {
  const stream = streamTo(world, to);
  const index = endOf(stream);
  stream.messages.push({ index, message: unread, tracked });
  return index;
};

/** In a rehearsal nobody reads what lies in a stream, but how much there is. */
const unread: StreamMessage = { kind: "refund", canister: managementCanister, cycles: cycles(0n) };

/** The subnet to which a message goes. */
export const destinationOf = (world: World, message: TrackedMessage): SubnetId | undefined =>
  subnetOf(world, message.kind === "request" ? message.callee : message.caller);
