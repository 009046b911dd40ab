/** The committee: the clauses of `spec/rules/committee.ts`, one line each. */
import {
  blockFinalise,
  height,
  shareAdmit,
  tapeDeliver,
  tapeMake,
  type Height,
  type Hex,
  type NodeNumber,
  type ShareOrigin,
} from "../../spec/index.ts";
import type { Draft } from "immer";
import { committeeOf, known } from "../reading.ts";
import type { Node, State } from "../state.ts";
import { shareFor, tapeFrom } from "../threshold/tape.ts";
import { transition } from "../transition.ts";

export const finaliseBlock = transition(blockFinalise)<{ node: NodeNumber; final: Height }>({
  when: {
    seated: (before, { node }) => before.nodes.has(node),
    next: (before, { node, final }) => final === nodeOf(before, node).finalised + 1,
  },
  then: {
    finalise: (after, _before, { node, final }) => void (draftNode(after, node).finalised = final),
    release: (after, _before, { node, final }) => void draftNode(after, node).released.add(height(final + 1)),
    hold: (after, before, { node, final }) =>
      hold(after, node, height(final + 1), node, shareFor(committeeOf(before), node, height(final + 1))),
  },
});

export interface ShareUnderWay {
  readonly from: NodeNumber;
  readonly to: NodeNumber;
  readonly of: Height;
  readonly origin: ShareOrigin;
}

export const admitShare = transition(shareAdmit)<ShareUnderWay>({
  when: {
    seated: (before, { from, to }) => before.nodes.has(from) && before.nodes.has(to),
    released: (before, { from, of, origin }) => origin.kind !== "released" || nodeOf(before, from).released.has(of),
    valid: (before, share) => bytesOf(before, share) === shareFor(committeeOf(before), share.from, share.of),
    fresh: (before, { from, to, of }) => !sharesOf(before, to, of).has(from),
  },
  then: {
    hold: (after, before, share) => hold(after, share.to, share.of, share.from, bytesOf(before, share)),
  },
});

export const makeTape = transition(tapeMake)<{ node: NodeNumber; of: Height }>({
  when: {
    enough: (before, { node, of }) => sharesOf(before, node, of).size >= committeeOf(before).threshold,
    first: (before, { node, of }) => !nodeOf(before, node).tapes.has(of),
  },
  then: {
    make: (after, before, { node, of }) =>
      void draftNode(after, node).tapes.set(of, tapeFrom(committeeOf(before), [...sharesOf(before, node, of)])),
  },
});

export const deliverTape = transition(tapeDeliver)<{ of: Height; tape: Hex }>({
  when: {
    made: (before, { of }) => tapesMade(before, of).length > 0,
    own: (before, { of, tape }) => tapesMade(before, of).includes(tape),
  },
  then: {},
});

/** The shares of a height that a node holds. */
export const sharesOf = (before: State, node: NodeNumber, of: Height): ReadonlyMap<NodeNumber, Hex> =>
  nodeOf(before, node).shares.get(of) ?? new Map<NodeNumber, Hex>();

export const nodeOf = (before: State, node: NodeNumber): Node => known(before.nodes.get(node), `node ${node}`);

const draftNode = (after: Draft<State>, node: NodeNumber): Draft<Node> => known(after.nodes.get(node), `node ${node}`);

const hold = (after: Draft<State>, node: NodeNumber, of: Height, from: NodeNumber, share: Hex): void => {
  const { shares } = draftNode(after, node);
  if (!shares.has(of)) shares.set(of, new Map());
  known(shares.get(of), `shares of height ${of}`).set(from, share);
};

const bytesOf = (before: State, { from, of, origin }: ShareUnderWay): Hex =>
  origin.kind === "forged" ? origin.share : shareFor(committeeOf(before), from, of);

const tapesMade = (before: State, of: Height): readonly Hex[] => [...before.nodes.values()].flatMap(({ tapes }) => tapes.get(of) ?? []);
