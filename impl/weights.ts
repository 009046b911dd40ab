/**
 * Best-effort messages by their size, for when there is no room for all of them. A message that went to another queue stands
 * elsewhere in the order, so a weight is that of a message in one place.
 */
import { bytesOf, type Message, type Side } from "./messages.ts";
import type { Canister } from "./state.ts";
import { watchOf, type Watch } from "./watch.ts";

export interface Weight {
  readonly message: Message;
  readonly bytes: number;
  /** The canister in whose queue it is; that queue; its place there. */
  readonly canister: Canister;
  readonly side: Side;
  readonly peer: string;
  readonly place: number;
}

/** The largest first; of equal ones the first by canister, input before output queues, peer, place in the queue. */
export const weightsOf = (): Watch<Weight> =>
  watchOf<Weight>(isHeavier, ({ message, place }) => message.pair !== null && message.place === place);

/** The weight of a message where it stands now. */
export const weightOf = (message: Message): Weight => {
  const { owner, peer } = message.pair!;
  return { message, bytes: bytesOf(message), canister: owner, side: message.side, peer, place: message.place };
};

const isHeavier = (left: Weight, right: Weight): boolean => {
  if (left.bytes !== right.bytes) return left.bytes > right.bytes;
  if (left.canister !== right.canister) return left.canister.index < right.canister.index;
  if (left.side !== right.side) return left.side === "input";
  if (left.peer !== right.peer) return left.peer < right.peer;
  return left.place < right.place;
};
