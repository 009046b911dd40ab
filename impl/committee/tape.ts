/**
 * The committee at work: nodes finalise blocks, release and admit shares, and make the tape that a round waits for. What a
 * node holds is valid, since it was compared with what its maker signs; so of a share that is held only the maker
 * is kept, and of the shares that a node released only the last, since heights are finalised one by one.
 */
import {
  blockFinalise,
  height,
  shareAdmit,
  tapeDeliver,
  type Committee,
  type ErrorCode,
  type Height,
  type Hex,
  type Input,
  type NodeNumber,
} from "../../spec/index.ts";
import { refusalOf } from "../refusals.ts";
import type { Engine } from "../state.ts";
import { dealingOf, type Dealing } from "./dealing.ts";
import { shareOf, tapeOf } from "./signatures.ts";

export interface Node {
  readonly number: NodeNumber;
  /** The height of the last block that it saw as final, -1 at genesis. It released its shares of the heights from 1 to the one after this. */
  final: number;
  /** By height, whose shares it holds. */
  readonly held: Map<Height, Set<NodeNumber>>;
  /** The heights whose tape it has. */
  readonly made: Set<Height>;
}

export interface Seated {
  readonly threshold: number;
  readonly offset: number;
  readonly dealing: Dealing;
  /** In the order of their numbers. */
  readonly nodes: readonly Node[];
  /** The tapes that some node has. */
  readonly tapes: Map<Height, Hex>;
}

/** A committee at genesis. */
export const seat = (committee: Committee): Seated => ({
  threshold: committee.threshold,
  offset: committee.offset,
  dealing: dealingOf(committee),
  nodes: Array.from({ length: committee.nodes }, (_, at) => ({ number: at + 1, final: -1, held: new Map(), made: new Set() })),
  tapes: new Map(),
});

/** @rule block-finalise */
export const finalise = (engine: Engine, { node: number, height: block }: Extract<Input, { kind: "finalise" }>): void => {
  const { committee, events } = engine;
  const refuse = (error: ErrorCode): void => void events.push({ kind: "block-refused", node: number, height: block, error });
  const node = committee?.nodes[number - 1];
  if (committee === null || node === undefined) return refuse(notFinaliser);
  if (block !== node.final + 1) return refuse(outOfOrder);
  node.final = block;
  const next = height(block + 1);
  events.push({ kind: "block-finalised", node: number, height: block });
  events.push({ kind: "share-released", node: number, height: next, share: shareOf(committee.dealing, number, next) });
  hold(engine, committee, node, number, next);
};

/**
 * The checks of a share cost a comparison of texts: the only valid share of a node is the one that its secret makes.
 * @rule share-admit
 */
export const admitShare = (engine: Engine, input: Extract<Input, { kind: "share" }>): void => {
  const { from, to, height: of, origin } = input;
  const { committee, events } = engine;
  const refuse = (error: ErrorCode): void => void events.push({ kind: "share-refused", node: to, from, height: of, error });
  const maker = committee?.nodes[from - 1];
  const node = committee?.nodes[to - 1];
  if (committee === null || maker === undefined || node === undefined) return refuse(notSeated);
  if (origin.kind === "released" && (of < 1 || of > maker.final + 1)) return refuse(notReleased);
  if (origin.kind === "forged" && origin.share !== shareOf(committee.dealing, from, of)) return refuse(notValid);
  if (node.held.get(of)?.has(from) === true) return refuse(notFresh);
  events.push({ kind: "share-admitted", node: to, from, height: of });
  hold(engine, committee, node, from, of);
};

/** Gives a node a share, with which it perhaps makes the tape. */
const hold = ({ events }: Engine, committee: Seated, node: Node, from: NodeNumber, of: Height): void => {
  const held = node.held.get(of) ?? new Set();
  node.held.set(of, held.add(from));
  // @rule tape-make
  if (held.size < committee.threshold || node.made.has(of)) return;
  const tape = committee.tapes.get(of) ?? tapeOf(committee.dealing, of);
  committee.tapes.set(of, tape);
  node.made.add(of);
  events.push({ kind: "tape-made", node: node.number, height: of, tape });
};

/**
 * The error with which the next round is refused when this is its tape; `null` when it may begin.
 * @rule tape-deliver
 */
export const undelivered = ({ offset, tapes }: Seated, round: Height, tape: Hex): ErrorCode | null => {
  const made = tapes.get(height(round + offset));
  return made === undefined ? notMade : made === tape ? null : notOwn;
};

const notFinaliser = refusalOf(blockFinalise.when.seated);
const outOfOrder = refusalOf(blockFinalise.when.next);
const notSeated = refusalOf(shareAdmit.when.seated);
const notReleased = refusalOf(shareAdmit.when.released);
const notValid = refusalOf(shareAdmit.when.valid);
const notFresh = refusalOf(shareAdmit.when.fresh);
const notMade = refusalOf(tapeDeliver.when.made);
const notOwn = refusalOf(tapeDeliver.when.own);
