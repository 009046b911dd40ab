/**
 * What an onlooker knows of the nodes of a committee: what each saw as final, which shares it made known, which it
 * admitted, and which tapes it made. Like the rest of the notebook it judges nothing.
 */
import type { Event, EventKind, Genesis, Hex } from "../../spec/index.ts";
import type { World } from "./world.ts";

export interface TrackedNode {
  readonly number: number;
  /** The height of the last block that the node said it saw as final; -1 before the first. */
  finalised: number;
  /** Its own shares that it made known, by height. */
  readonly released: Map<number, Hex>;
  /** The nodes whose shares it holds, by height, in the order in which they came. */
  readonly holds: Map<number, Set<number>>;
  /** By height. */
  readonly tapes: Map<number, Hex>;
}

/** The nodes of a committee before anything happened. */
export const seatNodes = ({ committee }: Genesis): ReadonlyMap<number, TrackedNode> =>
  new Map(
    Array.from({ length: committee?.nodes ?? 0 }, (_, k): [number, TrackedNode] => [
      k + 1,
      { number: k + 1, finalised: -1, released: new Map(), holds: new Map(), tapes: new Map() },
    ]),
  );

/** The nodes whose shares of a height a node holds. */
export const heldBy = (node: TrackedNode | undefined, height: number): ReadonlySet<number> => node?.holds.get(height) ?? nobody;

const nobody: ReadonlySet<number> = new Set();

/** Some node's tape of a height, when one was made. */
export const tapeMadeFor = ({ nodes }: World, height: number): Hex | undefined => {
  for (const { tapes } of nodes.values()) {
    const tape = tapes.get(height);
    if (tape !== undefined) return tape;
  }
  return undefined;
};

type Noted = Extract<EventKind, "round-refused" | `block-${string}` | `share-${string}` | "tape-made">;
type Notes = { readonly [Kind in Noted]: (world: World, event: Extract<Event, { kind: Kind }>) => void };

/** How the events of the committee change what is known. */
export const committeeNotes: Notes = {
  "round-refused": () => {},
  "block-finalised": ({ nodes }, { node, height }) => {
    const seat = nodes.get(node);
    if (seat !== undefined) seat.finalised = height;
  },
  "block-refused": () => {},
  "share-released": ({ nodes }, { node, height, share }) => {
    const seat = nodes.get(node);
    if (seat === undefined) return;
    seat.released.set(height, share);
    hold(seat, height, node);
  },
  "share-admitted": ({ nodes }, { node, from, height }) => {
    const seat = nodes.get(node);
    if (seat !== undefined) hold(seat, height, from);
  },
  "share-refused": () => {},
  "tape-made": ({ nodes }, { node, height, tape }) => void nodes.get(node)?.tapes.set(height, tape),
};

const hold = ({ holds }: TrackedNode, height: number, from: number): void => {
  const held = holds.get(height);
  if (held === undefined) holds.set(height, new Set([from]));
  else held.add(from);
};
