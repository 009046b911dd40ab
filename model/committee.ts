/** What the nodes of a committee do with a final block and with a share. Without a committee, nobody is seated. */
import { height, type Height, type Input, type NodeNumber } from "../spec/index.ts";
import { admitShare, finaliseBlock, makeTape, nodeOf } from "./rules/committee.ts";
import { committeeOf, errorOf, tell } from "./reading.ts";
import type { State } from "./state.ts";
import { shareFor } from "./threshold/tape.ts";
import type { Fire } from "./transition.ts";

/** A node learns that a block is final. */
export const finalise = (fire: Fire, before: State, { node, height: final }: Input & { kind: "finalise" }): State => {
  const fired = fire(finaliseBlock, before, { node, final });
  if (!fired.applied) return tell(before, { kind: "block-refused", node, height: final, error: errorOf(fired.error) });
  const next = height(final + 1);
  const told = tell(fired.state, { kind: "block-finalised", node, height: final });
  const released = nodeOf(told, node).released.has(next) ? releasing(told, node, next) : told;
  return make(fire, released, node, next);
};

/** The network hands a node a share. */
export const receiveShare = (fire: Fire, before: State, { from, to, height: of, origin }: Input & { kind: "share" }): State => {
  const fired = fire(admitShare, before, { from, to, of, origin });
  if (!fired.applied) return tell(before, { kind: "share-refused", node: to, from, height: of, error: errorOf(fired.error) });
  return make(fire, tell(fired.state, { kind: "share-admitted", node: to, from, height: of }), to, of);
};

const releasing = (state: State, node: NodeNumber, of: Height): State =>
  tell(state, { kind: "share-released", node, height: of, share: shareFor(committeeOf(state), node, of) });

const make = (fire: Fire, before: State, node: NodeNumber, of: Height): State => {
  const made = fire(makeTape, before, { node, of });
  if (!made.applied) return before;
  const tape = nodeOf(made.state, node).tapes.get(of);
  return tape === undefined ? made.state : tell(made.state, { kind: "tape-made", node, height: of, tape });
};
